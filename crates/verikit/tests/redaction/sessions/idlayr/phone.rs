//! PhoneCheck: successes and failures, hostile answers, bad input.

use std::time::Duration;

use http::{HeaderValue, Method};
use idlayr::testing::{ManualClock, ScriptedTransport};
use idlayr::{
    CheckId, Client, CompletionCode, DataResidency, DeviceReturn, Outcome, PhoneNumber, ProblemCode, Secret,
    Sort, TraceId,
};
use verikit_sandbox::{Sandbox, ScriptedAnswer};

use super::{CALLBACK, LOCAL_NUMBER, NUMBER, PHONE_IP, REDIRECT, REFERENCE, number, problem};
use crate::capture::{Captured, Met};

const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";

/// Plays PhoneCheck in both versions. Gives the secrets that it met.
pub(super) async fn session(sandbox: &Sandbox, client: &Client, captured: &Captured) -> Met {
    captured.show(&(client.phone_checks(), client.phone_checks_v0_1()));
    let met = flow(sandbox, client, captured).await;
    old_flow(sandbox, client, captured).await;
    refusals(sandbox, client, captured).await;
    hostile_answers(sandbox, client, captured).await;
    device_returns(captured);
    bad_input(client, captured).await;
    met
}

/// v0.2, as it should go.
async fn flow(sandbox: &Sandbox, client: &Client, captured: &Captured) -> Met {
    let token = client.tokens().access_token().await.unwrap();
    let mut met = vec![("token", token.expose().to_owned())];
    let create = || {
        client
            .phone_checks()
            .create(number())
            .phone_ip(PHONE_IP.parse().unwrap())
            .reference_id(REFERENCE)
            .callback_url(CALLBACK)
            .redirect_url(REDIRECT)
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    let reply = create().send_with_metadata().await.unwrap();
    captured.show(&reply);
    let check = reply.into_value();
    captured.show(&check);
    captured.show(&check.clone().into_inner());

    captured.show(&check.check_url);
    captured.show(&sandbox.idlayr().checks());

    let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
    captured.show(&ended);
    captured.show(&ended.hops()[0]);
    let url = ended.redirected_to().unwrap();
    let returned = DeviceReturn::from_url(url.as_str()).unwrap();
    captured.show(&returned);
    let Outcome::Code(code) = &returned.outcome else {
        panic!("{returned:?}")
    };
    met.push(("code", code.expose().to_owned()));
    captured.show(&(code, &returned.outcome));
    let complete = client.phone_checks().complete(&check.check_id, code);
    captured.show(&complete);
    captured.add("Display", complete.prepare().unwrap());
    captured.show(&complete.send_with_metadata().await.unwrap());
    captured.show_failure(client.phone_checks().complete(&check.check_id, code).await);

    sandbox.idlayr().revoke_all_tokens();
    captured.show(
        &client
            .phone_checks()
            .get(&check.check_id)
            .send_with_metadata()
            .await
            .unwrap(),
    );
    let wait = client.phone_checks().until_final(&check);
    captured.show(&wait);
    captured.show(&wait.await.unwrap());

    create().await.unwrap();
    let list = || {
        let list = client.phone_checks().list().size(1);
        list.search(format!("reference_id=={REFERENCE}"))
    };
    captured.show(&list());
    captured.add("Display", list().prepare().unwrap());
    let page = list().await.unwrap();
    captured.show(&page);
    captured.show(&page.next().unwrap());
    captured.add("Display", page.next().unwrap().prepare().unwrap());
    let mut items = list().items();
    captured.show(&items);
    while let Some(item) = items.next().await {
        captured.show(&item.unwrap());
        captured.show(&items);
    }
    let traces = client.phone_checks().traces(&check.check_id).await.unwrap();
    captured.show(&traces);
    let trace_id = &traces.traces[0].trace_id;
    captured.show(
        &client
            .phone_checks()
            .trace(&check.check_id, trace_id)
            .await
            .unwrap(),
    );
    met
}

async fn old_flow(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let checks = client.phone_checks_v0_1();
    let create = checks
        .create(number())
        .reference_id(REFERENCE)
        .callback_url(CALLBACK);
    captured.show(&create);
    let check = create.await.unwrap();
    captured.show(&check);
    sandbox.device().follow(check.check_url.expose()).await.unwrap();
    captured.show(&checks.until_final_by_id(&check.check_id).await.unwrap());
}

/// A provider repeats what it was sent in every place of a refusal.
async fn refusals(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let create = || client.phone_checks().create(number()).reference_id(REFERENCE);
    for status in [302, 400, 401, 402, 403, 404, 409, 412, 418, 500, 501, 503] {
        let body = format!(
            r#"{{"type":"https://e.example/{NUMBER}#{NUMBER}","title":"{NUMBER}","detail":"+{NUMBER} of {REFERENCE}"}}"#
        );
        let echo = problem(status, body)
            .header(
                http::header::LOCATION,
                HeaderValue::from_static("/x?number=447700900176"),
            )
            .header(
                http::HeaderName::from_static("x-request-id"),
                HeaderValue::from_static("447700900176"),
            );
        // A 401 is tried again with another token.
        for _ in 0..2 {
            sandbox.idlayr().answer_next(echo.clone());
        }
        captured.show_failure(create().await);
        if status != 401 {
            captured.show_failure(create().await);
        }
        assert_eq!(sandbox.idlayr().waiting_answers(), 0);
    }
    for body in [
        format!(r#"{{"error":"{REFERENCE}","error_description":"{NUMBER}"}}"#),
        format!(r#"{{"error":"{NUMBER}","message":"{NUMBER}"}}"#),
        format!(r#"{{"code":"n_{LOCAL_NUMBER}","message":"{NUMBER}"}}"#),
        format!("\"{NUMBER}\""),
        format!("<html>{NUMBER}</html>"),
    ] {
        sandbox.idlayr().answer_next(problem(400, body));
        let error = create().await.unwrap_err();
        captured.show_error(&error);
        captured.show(&ProblemCode::of(&error).filter(ProblemCode::is_unknown));
    }
    for lost in [
        ScriptedAnswer::drop_connection(),
        ScriptedAnswer::drop_connection_after_processing(),
    ] {
        let lost = lost.for_method(Method::POST).for_path_prefix("/phone_check");
        sandbox.idlayr().answer_next(lost);
        captured.show_failure(create().await);
    }
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::silence().for_path_prefix("/phone_check"));
    captured.show_failure(create().timeout(Duration::from_millis(50)).await);
}

/// Answers that were read, or not, with private texts where they do not belong.
async fn hostile_answers(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let id = CheckId::new(ID).unwrap();
    for body in [
        format!(
            r#"{{"check_id":"{ID}","status":"{NUMBER}","error_code":"{NUMBER}","charge_currency":"{REFERENCE}"}}"#
        ),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":"{NUMBER}"}}"#),
        format!(r#"{{"check_id":"{NUMBER}","status":"COMPLETED"}}"#),
        format!(r#"{{"check_id":{NUMBER},"status":"COMPLETED"}}"#),
        format!(
            r#"{{"check_id":"{ID}","status":"PENDING","later":"{NUMBER}","reference_id":"{REFERENCE}","created_at":"{NUMBER}"}}"#
        ),
        format!(
            r#"{{"check_id":"{ID}","status":"PENDING","_links":{{"check_url":{{"href":"https://h.example/{NUMBER}?n={NUMBER}"}}}}}}"#
        ),
        format!(
            r#"{{"check_id":"{ID}","status":"COMPLETED","network_id":"{NUMBER}","charge_amount":{NUMBER},"ttl":{NUMBER}}}"#
        ),
        format!(r#"["{NUMBER}"]"#),
        format!("{NUMBER} <html>"),
    ] {
        sandbox.idlayr().answer_next(problem(200, body));
        match client.phone_checks().get(&id).send_with_metadata().await {
            Ok(reply) => {
                captured.show(&reply);
                captured.show(reply.value());
            }
            Err(error) => captured.show_error(&error),
        }
    }
    let link = format!("https://elsewhere.example/checks?search=reference_id%3D%3D{REFERENCE}");
    sandbox.idlayr().answer_next(problem(
        200,
        format!(
            r#"{{"_embedded":{{"checks":[]}},"_links":{{"next":{{"href":"{link}"}}}},"page":{{"number":{NUMBER}}}}}"#
        ),
    ));
    let page = client.phone_checks().list().await.unwrap();
    captured.show(&page);
    captured.show_failure(page.next().unwrap().await);
    captured.show_failure(page.next().unwrap().prepare());
    sandbox.idlayr().answer_next(problem(
        200,
        format!(
            r#"{{"_embedded":{{"traces":[{{"trace_id":"{NUMBER}","logs":[{{"message":"for {NUMBER}","attributes":{{"{NUMBER}":"{REFERENCE}"}}}}]}}]}}}}"#
        ),
    ));
    let traces = client.phone_checks().traces(&id).await.unwrap();
    captured.show(&traces);
    captured.show(&traces.traces[0].logs[0]);
    // Somebody passes a number where an identifier belongs.
    let number = CheckId::new(NUMBER).unwrap();
    captured.show(&number);
    captured.show_failure(client.phone_checks().get(&number).await);
    let trace = TraceId::new(NUMBER).unwrap();
    captured.show(&trace);
    captured.show_failure(client.phone_checks().trace(&id, &trace).await);
}

/// What comes through the user's hands.
fn device_returns(captured: &Captured) {
    let id = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
    let query = format!("check_id={id}&error={NUMBER}&error_description={NUMBER}&reference_id={REFERENCE}");
    captured.show(&DeviceReturn::from_query(&query).unwrap());
    captured.show_failure(DeviceReturn::from_query(&format!("{query}&code={NUMBER}")));
    captured.show_failure(DeviceReturn::from_url(&format!(
        "https://app.example.net/{NUMBER}"
    )));
    let json = format!(r#"{{"check_id":"{id}","error":"{NUMBER}","error_description":"{REFERENCE}"}}"#);
    captured.show(&DeviceReturn::from_json(json.as_bytes()).unwrap());
    captured.show_failure(DeviceReturn::from_json(
        format!(r#"{{"check_id":{NUMBER}}}"#).as_bytes(),
    ));
    captured.show_failure(CompletionCode::new(format!("{NUMBER}\n")));
}

async fn bad_input(client: &Client, captured: &Captured) {
    let checks = client.phone_checks();
    let query = CALLBACK.split_once('?').unwrap().1;
    captured.show_failure(
        checks
            .create(number())
            .callback_url(format!("/{NUMBER}?{query}"))
            .await,
    );
    captured.show_failure(
        checks
            .create(number())
            .redirect_url(format!("/{NUMBER}?{query}"))
            .await,
    );
    captured.show_failure(checks.list().sort(Sort::ascending(format!("n,{NUMBER}"))).await);
    captured.show_failure(checks.list().search(REFERENCE).size(0).await);
    let typed = PhoneNumber::parse(&format!("0{LOCAL_NUMBER}")).unwrap_err();
    captured.show(&typed);
    captured.add("Display", &typed);
    let odd = CheckId::new(format!("{NUMBER}\n")).unwrap_err();
    captured.show(&odd);
    captured.add("Display", odd);
    captured.show_failure(
        Client::builder(NUMBER, Secret::new(REFERENCE))
            .base_url(format!("https://{NUMBER}:{LOCAL_NUMBER}@api.example.net/"))
            .build(),
    );
    captured.show_failure(DataResidency::new(&format!("{NUMBER}.example")));
    // The doubles that users test with.
    captured.show(&(ScriptedTransport::new([]), ManualClock::new()));
}
