//! IDlayr, a file for each product.

mod callbacks;
mod console;
mod coverage;
mod phone;
mod sim;
mod subscriber;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, StatusCode};
use idlayr::{
    Attempt, CheckErrorCode, CheckStatus, Client, Config, Currency, DataResidency, NetworkId, PageInfo,
    PhoneNumber, ProblemCode, RedirectErrorCode, RetryPolicy, Scope, Sort, TokenKind,
};
use verikit_sandbox::{Sandbox, ScriptedAnswer};

use crate::capture::{Captured, Met};
use crate::needles::Needle;

pub(crate) const NUMBER: &str = "447700900176";
pub(crate) const LOCAL_NUMBER: &str = "7700900176";
pub(crate) const PHONE_IP: &str = "203.0.113.79";
pub(crate) const REFERENCE: &str = "anna.jansen@example.org";
pub(crate) const SEARCHED: &str = "jansen@example.org";
pub(crate) const CALLBACK: &str = "https://hooks.example.net/idlayr?key=c4llb4ck-k3y";
pub(crate) const REDIRECT: &str = "https://app.example.net/done?state=r3d1r3ct-st4te";

pub(crate) fn number() -> PhoneNumber {
    PhoneNumber::parse("+44 7700 900176").unwrap()
}

pub(crate) fn settings(builder: Config, captured: &Captured) -> Config {
    let observed = captured.clone();
    builder
        .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}

fn problem(status: u16, body: String) -> ScriptedAnswer {
    ScriptedAnswer::new(StatusCode::from_u16(status).unwrap())
        .body(HeaderValue::from_static("application/problem+json"), body)
        .for_path_prefix("/phone_check")
}

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let (id, secret) = (sandbox.idlayr().client_id(), sandbox.idlayr().client_secret());
    vec![
        Needle::new("client id", id),
        Needle::new("client secret", secret),
        Needle::new("Basic value", &STANDARD.encode(format!("{id}:{secret}"))),
        Needle::new("phone number", NUMBER),
        Needle::new("phone number in its country", LOCAL_NUMBER),
        Needle::new("phone number as typed", "7700 900176"),
        Needle::new("address of the phone", PHONE_IP),
        Needle::new("reference", REFERENCE),
        Needle::new("search", SEARCHED),
        Needle::new("callback's query", CALLBACK.split_once("key=").unwrap().1),
        Needle::new("callback's host", "hooks.example.net"),
        Needle::new("redirect's query", REDIRECT.split_once("state=").unwrap().1),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let idlayr = sandbox.idlayr();
    let builder = || {
        let builder = Client::builder(idlayr.client_id(), idlayr.client_secret())
            .base_url(idlayr.base_url().as_str())
            .dangerously_allow_plain_http(true);
        settings(builder, captured)
    };
    captured.show(&builder());
    let client = builder().build().unwrap();
    captured.show(&(&client, client.tokens()));
    captured.show(&(DataResidency::EU, number(), Sort::descending("created_at")));
    words(captured);

    let mut met = phone::session(sandbox, &client, captured).await;
    met.extend(subscriber::session(captured).await);
    met.extend(sim::session(captured).await);
    met.extend(sim::sandboxed(sandbox, builder(), captured).await);
    met.extend(coverage::session(captured).await);
    met.extend(console::session(captured).await);
    callbacks::verified_and_refused(captured).await;

    let token = client.tokens().access_token().await.unwrap();
    met.push(("renewed token", token.expose().to_owned()));
    captured.show(&token);
    let revoke = client.tokens().revoke(&token, TokenKind::AccessToken);
    captured.show(&revoke);
    let preview = revoke.prepare().unwrap();
    captured.show(&preview);
    captured.add("Display", &preview);
    captured.show(&revoke.send_with_metadata().await.unwrap());

    let wrong = Client::builder(idlayr.client_id(), "wr0ng-s3cr3t")
        .base_url(idlayr.base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    met.push(("wrong secret", "wr0ng-s3cr3t".to_owned()));
    captured.show_failure(wrong.phone_checks().create(number()).await);
    captured.show_failure(wrong.tokens().access_token().await);
    met
}

/// Something private in place of each word and number.
fn words(captured: &Captured) {
    captured.show(&(CheckStatus::from(NUMBER), CheckErrorCode::from(NUMBER)));
    captured.show(&RedirectErrorCode::from(NUMBER));
    captured.show(&(
        Currency::from(NUMBER),
        Scope::from(REFERENCE),
        ProblemCode::from(REFERENCE),
    ));
    captured.show(&(
        TokenKind::AccessToken,
        serde_json::from_str::<NetworkId>(&format!("\"{NUMBER}\"")).unwrap(),
    ));
    let numbers =
        format!(r#"{{"size":{NUMBER},"number":{NUMBER},"total_pages":{NUMBER},"total_elements":{NUMBER}}}"#);
    captured.show(&serde_json::from_str::<PageInfo>(&numbers).unwrap());
}
