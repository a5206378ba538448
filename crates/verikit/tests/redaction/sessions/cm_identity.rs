//! CM.com Mobile Identity: successes and failures, hostile answers, bad input, callbacks.

use std::sync::Arc;
use std::time::Duration;

use cm_identity::{
    AgeRange, Answer, Attempt, Attribute, Callback, CallbackKeys, Client, Config, CreatedNumberVerify,
    DateOfBirth, IdentityMatch, IdentityScore, NumberVerify, NumberVerifyId, PhoneNumber, RetryPolicy,
    Secret, ServiceType, SimChange, SimSwap, State,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use verikit_sandbox::{CmNumberVerifyOutcome, CmRateLimit, DeliveryAttempt, Sandbox, ScriptedAnswer};

use crate::capture::{Captured, Met};
use crate::needles::Needle;

const NUMBER: &str = "31600000176";
const FIRST_NAME: &str = "Zephyrine";
const LAST_NAME: &str = "Quackenbosch";
const ADDRESS: &str = "Nonsuchkade 17-III";
const ADDRESS2: &str = "Achterhuis links";
const ADDRESS3: &str = "t.a.v. de conciërge";
const POSTAL_CODE: &str = "9753 QX";
const BORN: &str = "1987-06-05";
const CALLBACK: &str = "https://hooks.example.com/cm?key=c4llb4ck-cm";
const WRONG_SECRET: &str = "wr0ng-cm-s3cr3t";
const HOSTILE: &str = "h0stile-answer-text";

fn number() -> PhoneNumber {
    PhoneNumber::parse("+31 6 0000 0176").unwrap()
}

fn born() -> DateOfBirth {
    DateOfBirth::parse(BORN).unwrap()
}

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let cm = sandbox.cm();
    vec![
        Needle::new("CM key id", cm.key_id()),
        Needle::new("CM secret", cm.secret()),
        Needle::new("CM wrong secret", WRONG_SECRET),
        Needle::new("Dutch number", NUMBER),
        Needle::new("Dutch number as typed", "6 0000 0176"),
        Needle::new("Dutch number in its country", "600000176"),
        Needle::new("first name", FIRST_NAME),
        Needle::new("last name", LAST_NAME),
        Needle::new("address", ADDRESS),
        Needle::new("address 2", ADDRESS2),
        Needle::new("address 3", ADDRESS3),
        Needle::new("postal code", POSTAL_CODE),
        Needle::new("date of birth", BORN),
        Needle::new("CM callback's query", CALLBACK.split_once("key=").unwrap().1),
        Needle::new("CM callback's host", "hooks.example.com"),
        Needle::new("what a hostile answer says", HOSTILE),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let cm = sandbox.cm();
    let config = |secret: &str| -> Config {
        let observed = captured.clone();
        Client::builder(cm.key_id(), secret)
            .base_url(cm.mobile_identity_url().as_str())
            .dangerously_allow_plain_http(true)
            .without_rate_limit()
            .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
    };
    captured.show(&config(cm.secret()));
    let client = config(cm.secret()).build().unwrap();
    captured.show(&(
        &client,
        client.sim_swap(),
        client.identity_match(),
        client.number_verify(),
    ));
    captured.show(&(number(), born()));

    sim_swaps(&client, captured).await;
    identity_matches(&client, captured).await;
    let met = number_verifies(sandbox, &client, captured).await;
    failures(sandbox, &client, captured).await;
    bad_input(&client, captured).await;
    let wrong = config(WRONG_SECRET).build().unwrap();
    captured.show_failure(wrong.sim_swap().check(number(), ServiceType::Timestamp).await);
    met
}

async fn sim_swaps(client: &Client, captured: &Captured) {
    for asked in [
        ServiceType::Timestamp,
        ServiceType::Last24Hours,
        ServiceType::Range,
    ] {
        let call = client.sim_swap().check(number(), asked);
        captured.show(&call);
        captured.add("Display", call.prepare().unwrap());
        let reply = call.send_with_metadata().await.unwrap();
        captured.show(&reply);
        captured.show(&reply.value().change);
    }
    let answer = r#"{"range":{"gt":1209600,"lt":604800}}"#;
    let swap = Answer::<SimSwap>::from_json(answer).unwrap();
    let SimChange::Range(range) = &swap.change else {
        panic!("{swap:?}")
    };
    let range: &AgeRange = range;
    captured.show(range);
    captured.show(&(ServiceType::Range, State::from(HOSTILE), Attribute::PostalCode));
}

async fn identity_matches(client: &Client, captured: &Captured) {
    let compare = || {
        client
            .identity_match()
            .compare(number())
            .first_name(FIRST_NAME)
            .last_name(LAST_NAME)
            .address(ADDRESS)
            .address2(ADDRESS2)
            .address3(ADDRESS3)
            .postal_code(POSTAL_CODE)
            .date_of_birth(born())
    };
    captured.show(&compare());
    captured.show(&compare().prepare().unwrap());
    captured.add("Display", compare().prepare().unwrap());
    captured.show(&compare().send_with_metadata().await.unwrap());
    let score = || {
        client
            .identity_match()
            .score(number())
            .last_name(LAST_NAME)
            .date_of_birth(born())
    };
    captured.show(&score());
    captured.add("Display", score().prepare().unwrap());
    captured.show(&score().send_with_metadata().await.unwrap());
}

async fn number_verifies(sandbox: &Sandbox, client: &Client, captured: &Captured) -> Met {
    let create = client.number_verify().create(number(), CALLBACK);
    captured.show(&create);
    captured.add("Display", create.prepare().unwrap());
    let reply = create.send_with_metadata().await.unwrap();
    captured.show(&reply);
    let check = reply.into_value();
    captured.show(&(&check, check.session_url.clone(), &check.state));
    let created: CreatedNumberVerify = check.clone().into_inner();
    captured.show(&created);
    let session = check.session_url.expose().rsplit('/').next().unwrap().to_owned();
    let mut met = vec![("session", session)];

    let mobile_identity = sandbox.cm().mobile_identity();
    assert!(mobile_identity.finish_number_verify(check.id.as_str(), CmNumberVerifyOutcome::Match));
    let wait = client
        .number_verify()
        .until_final(&check.id, Duration::from_secs(20));
    captured.show(&wait);
    captured.show(&wait.await.unwrap());
    let unknown = NumberVerifyId::new(NUMBER).unwrap();
    captured.show(&unknown);
    captured.show_failure(client.number_verify().get(&unknown).await);

    let sent = mobile_identity.callbacks().remove(0);
    let keys = CallbackKeys::new([Secret::new(sandbox.cm().secret())]).unwrap();
    captured.show(&keys);
    captured.show(&keys.verify(sent.headers(), sent.body().clone()).unwrap());
    let signature = sent.headers()["authorization"].to_str().unwrap().to_owned();
    captured.show(&keys.sign_for_test(sent.body()));
    met.push(("signature", signature.rsplit(' ').next().unwrap().to_owned()));
    // Signed, and with something in every place that an unknown text can stand in.
    let odd = format!(r#"{{"id":"{HOSTILE}","type":"{HOSTILE}","created":"{HOSTILE}","x":"{HOSTILE}"}}"#);
    let callback: Answer<Callback> = keys
        .verify_value(&keys.sign_for_test(odd.as_bytes()), odd)
        .unwrap();
    captured.show(&callback);
    captured.show(&(&callback.id, &callback.callback_type));
    captured.show(&(CmRateLimit::WithRetryAfter, CmNumberVerifyOutcome::NoMatch));
    captured.show(&(mobile_identity, mobile_identity.number_verifies()));
    captured.show(&(&sent, sent.state(), sent.attempts()));
    let attempt: Option<DeliveryAttempt> = sent.attempts().first().cloned();
    captured.show(&attempt);
    let broken = format!(r#"{{"id":"{HOSTILE}","type":7}}"#);
    captured.show_failure(keys.verify_value(&keys.sign_for_test(broken.as_bytes()), broken));
    captured.show_failure(keys.verify(&HeaderMap::new(), sent.body().clone()));
    captured.show_failure(keys.verify(sent.headers(), "changed"));
    met
}

async fn failures(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let json = HeaderValue::from_static("application/json");
    for (status, body) in [
        (
            400,
            format!(r#"{{"status":400,"message":"{LAST_NAME} {HOSTILE} +{NUMBER}"}}"#),
        ),
        (
            500,
            format!(r#"{{"status":500,"message":"{HOSTILE}","code":"{HOSTILE}"}}"#),
        ),
        (200, format!(r#"{{"state":"{HOSTILE}","24h":"{NUMBER}"}}"#)),
        (200, format!("<html>{HOSTILE}</html>")),
    ] {
        let answer = ScriptedAnswer::new(StatusCode::from_u16(status).unwrap()).body(json.clone(), body);
        sandbox.cm().answer_next(answer);
        captured.show_failure(client.sim_swap().check(number(), ServiceType::Last24Hours).await);
    }
    let body = format!(r#"{{"state":"{HOSTILE}","{HOSTILE}":"{HOSTILE}"}}"#);
    for _ in 0..2 {
        let answer = ScriptedAnswer::new(StatusCode::OK).body(json.clone(), body.clone());
        sandbox.cm().answer_next(answer);
    }
    captured.show(
        &client
            .sim_swap()
            .check(number(), ServiceType::Range)
            .await
            .unwrap(),
    );
    let raw = client
        .request(Method::POST, ["identity-match", NUMBER])
        .query("name", LAST_NAME)
        .json(&serde_json::json!({ "lastName": LAST_NAME }));
    captured.show(&raw);
    captured.add("Display", raw.prepare().unwrap());
    captured.show(&raw.send_with_metadata().await.unwrap());
    sandbox.cm().answer_next(ScriptedAnswer::drop_connection());
    captured.show_failure(client.number_verify().create(number(), CALLBACK).await);
    for json in [
        format!(r#"{{"state":"{HOSTILE}"}}"#),
        format!(r#"{{"id":"{HOSTILE}","state":"{HOSTILE}","sessionUrl":"http://s.example/{HOSTILE}"}}"#),
    ] {
        captured.show(&Answer::<SimSwap>::from_json(json.clone()));
        captured.show(&Answer::<IdentityMatch>::from_json(json.clone()));
        captured.show(&Answer::<IdentityScore>::from_json(json.clone()));
        captured.show(&Answer::<NumberVerify>::from_json(json));
    }
}

async fn bad_input(client: &Client, captured: &Captured) {
    captured.show_failure(
        client
            .number_verify()
            .create(number(), "http://hooks.example.com/c4llb4ck-cm")
            .await,
    );
    let compare = client.identity_match().compare(number()).last_name(LAST_NAME);
    captured.show_failure(compare.postal_code("9753 QX\n").await);
    captured.show_failure(client.identity_match().score(number()).await);
    captured.show(&DateOfBirth::parse("05-06-1987").unwrap_err());
}
