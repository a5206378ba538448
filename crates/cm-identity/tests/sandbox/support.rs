//! A sandbox, and a client of it that waits for no turn.

use std::time::Duration;

use cm_identity::{CallbackKeys, Client, Config, PhoneNumber, RetryPolicy, Secret};
use verikit_sandbox::Sandbox;

pub(crate) const CALLBACK_URL: &str = "https://app.example.net/callbacks/cm";

pub(crate) fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().seed(7).start().await.unwrap()
}

pub(crate) fn settings(sandbox: &Sandbox) -> Config {
    let cm = sandbox.cm();
    Client::builder(cm.key_id(), cm.secret())
        .base_url(cm.mobile_identity_url().as_str())
        .dangerously_allow_plain_http(true)
        .without_rate_limit()
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    settings(sandbox).build().unwrap()
}

pub(crate) fn keys(sandbox: &Sandbox) -> CallbackKeys {
    CallbackKeys::new([Secret::new("the-next-secret"), Secret::new(sandbox.cm().secret())]).unwrap()
}
