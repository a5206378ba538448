//! A sandbox whose time stands still, a client of it, and a device.

use std::time::{Duration, SystemTime};

use idlayr::{
    Answer, Client, CompletionCode, Config, CreatedPhoneCheck, DeviceReturn, Outcome, PhoneCheck,
    PhoneNumber, Result, RetryPolicy,
};
use verikit_sandbox::{Sandbox, SandboxBuilder, SandboxClock};

pub(crate) const MATCHES: &str = "+44 7700 900042";
pub(crate) const MATCHES_NOT: &str = "+44 7700 900043";
pub(crate) const FAILS: &str = "+44 7700 900099";

pub(crate) fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

/// A sandbox whose time stands still at 2024-05-02T09:10:11Z.
pub(crate) fn builder() -> SandboxBuilder {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_714_641_011);
    Sandbox::builder().seed(7).clock(SandboxClock::manual(start))
}

pub(crate) async fn sandbox() -> Sandbox {
    builder().start().await.unwrap()
}

pub(crate) fn settings(sandbox: &Sandbox) -> Config {
    let idlayr = sandbox.idlayr();
    Client::builder(idlayr.client_id(), idlayr.client_secret())
        .base_url(idlayr.base_url().as_str())
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    settings(sandbox).build().unwrap()
}

/// Lets the device open the URL, and reads what it brings back.
pub(crate) async fn device(sandbox: &Sandbox, check: &CreatedPhoneCheck) -> DeviceReturn {
    let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
    let returned = match ended.redirected_to() {
        Some(url) => DeviceReturn::from_url(url.as_str()),
        None => DeviceReturn::from_json(ended.body()),
    };
    returned.unwrap()
}

pub(crate) async fn code(sandbox: &Sandbox, check: &CreatedPhoneCheck) -> CompletionCode {
    match device(sandbox, check).await.outcome {
        Outcome::Code(code) => code,
        outcome => panic!("{outcome:?}"),
    }
}

pub(crate) async fn verify(sandbox: &Sandbox, client: &Client, text: &str) -> Result<Answer<PhoneCheck>> {
    let check = client.phone_checks().create(number(text)).await?;
    let code = code(sandbox, &check).await;
    client.phone_checks().complete(&check.check_id, &code).await
}

/// The calls that arrived at the API, with what it thought of them.
pub(crate) fn calls(sandbox: &Sandbox) -> Vec<(String, u16)> {
    let calls = sandbox.calls();
    calls
        .iter()
        .filter(|call| !call.path().contains("/redirect") && call.host() == "eu.api.idlayr.com")
        .map(|call| {
            (
                format!("{} {}", call.method(), call.path()),
                call.status().map_or(0, |status| status.as_u16()),
            )
        })
        .collect()
}

pub(crate) fn create_calls(sandbox: &Sandbox) -> usize {
    let create = String::from("POST /phone_check/v0.2/checks");
    calls(sandbox).iter().filter(|(line, _)| *line == create).count()
}
