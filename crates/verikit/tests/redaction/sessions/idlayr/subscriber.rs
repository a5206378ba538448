//! SubscriberCheck, and what is asked for after a lost create: with something private in every place of the
//! answers.

use std::time::Duration;

use idlayr::testing::{ScriptedTransport, Step};
use idlayr::{CheckId, Client, CompletionCode, RateLimitReset, RateLimitStatus, SimChangeWithin, TraceId};

use super::{CALLBACK, NUMBER, PHONE_IP, REDIRECT, REFERENCE, number};
use crate::capture::{Captured, Met};

pub(super) const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
const TOKEN: &str = "scr1pted-t0ken";
const CODE: &str = "scr1pted-c0de";

/// A transport that plays these answers, behind a token.
pub(super) fn client(steps: impl IntoIterator<Item = Step>) -> Client {
    let token = format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","expires_in":3600}}"#);
    let steps = [Step::json(200, token)].into_iter().chain(steps);
    Client::builder("scr1pted-client", "scr1pted-s3cret")
        .transport(ScriptedTransport::new(steps).shared())
        .build()
        .unwrap()
}

/// Plays SubscriberCheck in both versions. Gives the secrets that it met.
pub(super) async fn session(captured: &Captured) -> Met {
    words(captured);
    creations(captured).await;
    results(captured).await;
    lists(captured).await;
    vec![
        ("scripted token", TOKEN.to_owned()),
        ("scripted code", CODE.to_owned()),
        ("scripted secret", String::from("scr1pted-s3cret")),
        ("scripted client", String::from("scr1pted-client")),
    ]
}

fn words(captured: &Captured) {
    let client = client([]);
    captured.show(&(client.subscriber_checks(), client.subscriber_checks_v0_1()));
    for bucket in ["360", NUMBER] {
        let bucket: SimChangeWithin = serde_json::from_str(bucket).unwrap();
        captured.show(&bucket);
        captured.show(&bucket.age());
    }
    let headers = |value: &str| {
        ["limit", "remaining", "reset"]
            .iter()
            .map(|name| {
                let name = http::HeaderName::try_from(format!("x-ratelimit-{name}")).unwrap();
                (name, http::HeaderValue::from_str(value).unwrap())
            })
            .collect()
    };
    captured.show(&RateLimitStatus::from_headers(&headers(NUMBER)).unwrap());
    let limit = RateLimitStatus::from_headers(&headers("60")).unwrap();
    captured.show(&limit.reset);
    captured.show(&RateLimitReset::In(Duration::from_secs(60)));
}

async fn creations(captured: &Captured) {
    let created = format!(
        r#"{{"check_id":"{ID}","status":"ACCEPTED","reference_id":"{REFERENCE}","charge_currency":"{NUMBER}","ttl":{NUMBER},"_links":{{"check_url":{{"href":"https://eu.api.idlayr.com/x?n={NUMBER}"}}}}}}"#
    );
    let refused =
        format!(r#"{{"type":"https://x.example/#{NUMBER}","title":"{NUMBER}","detail":"{REFERENCE}"}}"#);
    let client = client([
        Step::json(201, created.clone()),
        Step::json(201, created),
        Step::json(400, refused),
        Step::json(201, format!(r#"{{"check_id":{NUMBER}}}"#)),
    ]);
    let create = || {
        client
            .subscriber_checks()
            .create(number())
            .phone_ip(PHONE_IP.parse().unwrap())
            .reference_id(REFERENCE)
            .callback_url(CALLBACK)
            .redirect_url(REDIRECT)
            .period(Duration::from_secs(7200))
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    captured.show(&create().send_with_metadata().await.unwrap());
    let old = client
        .subscriber_checks_v0_1()
        .create(number())
        .reference_id(REFERENCE);
    captured.show(&old);
    let check = old.await.unwrap();
    captured.show(&check);
    captured.show(&check.into_inner());
    captured.show_failure(create().await);
    captured.show_failure(create().await);
    captured.show_failure(create().period(Duration::from_secs(1)).await);
}

async fn results(captured: &Captured) {
    let id = CheckId::new(ID).unwrap();
    let result = |members: &str| format!(r#"{{"check_id":"{ID}","status":"COMPLETED",{members}}}"#);
    let private = result(&format!(
        r#""match":true,"no_sim_change":false,"no_sim_change_period":{NUMBER},"sim_change_within":{NUMBER},"last_sim_change_at":"{NUMBER}","network_id":"{NUMBER}","reference_id":"{REFERENCE}","later":"{NUMBER}""#
    ));
    let client = client([
        Step::json(200, private.clone()),
        Step::json(200, private.clone()),
        Step::json(200, private),
        Step::json(200, result(&format!(r#""no_sim_change":"{NUMBER}""#))),
        Step::json(404, format!(r#"{{"detail":"{NUMBER}"}}"#)),
    ]);
    let checks = client.subscriber_checks();
    let get = checks.get(&id);
    captured.show(&get);
    let reply = get.send_with_metadata().await.unwrap();
    captured.show(&reply);
    captured.show(&reply.into_value().into_inner());
    let wait = checks.until_final_by_id(&id);
    captured.show(&wait);
    captured.show(&wait.await.unwrap());
    let complete = || checks.complete(&id, &CompletionCode::new(CODE).unwrap());
    captured.show(&complete());
    captured.add("Display", complete().prepare().unwrap());
    captured.show(&complete().await.unwrap());
    captured.show_failure(complete().await);
    captured.show_failure(complete().await);
}

async fn lists(captured: &Captured) {
    let id = CheckId::new(ID).unwrap();
    let trace_id = TraceId::new("5f3a9c1b7d2e4f60").unwrap();
    let trace = format!(
        r#"{{"trace_id":"{}","logs":[{{"message":"{NUMBER}"}}]}}"#,
        trace_id.as_str()
    );
    let list = format!(
        r#"{{"_embedded":{{"checks":[{{"check_id":"{ID}","status":"PENDING","reference_id":"{REFERENCE}"}}]}},"_links":{{"next":null}}}}"#
    );
    let client = client([
        Step::json(200, list.clone()),
        Step::json(200, list),
        Step::json(200, format!(r#"{{"_embedded":{{"traces":[{trace}]}}}}"#)),
        Step::json(200, trace),
    ]);
    let checks = client.subscriber_checks();
    let list = checks.list().search(format!("reference_id=={REFERENCE}"));
    captured.show(&list);
    captured.show(&list.await.unwrap());
    let find = checks.find_by_reference(REFERENCE);
    captured.show(&find);
    let found = find.await.unwrap();
    assert_eq!(found.len(), 1);
    captured.show(&found);
    captured.show(&checks.traces(&id).await.unwrap());
    captured.show(&checks.trace(&id, &trace_id).await.unwrap());
    captured.show_failure(checks.find_by_reference("").await);
}
