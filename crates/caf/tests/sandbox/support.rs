//! A sandbox, and the settings that lead a client to it.

use std::time::Duration;

use caf::transactions::TemplateId;
use caf::{Client, Config, RetryPolicy};
use verikit_sandbox::Sandbox;

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().seed(7).start().await.unwrap()
}

/// With the address of every host, and no credential yet.
pub(crate) fn settings(sandbox: &Sandbox) -> Config {
    let caf = sandbox.caf();
    Client::builder()
        .mobile_base_url(caf.mobile_url().as_str())
        .sdk_base_url(caf.sdk_url().as_str())
        .core_base_url(caf.core_url().as_str())
        .connect_base_url(caf.connect_url().as_str())
        .global_base_url(caf.global_url().as_str())
        .cpf_sync_base_url(caf.cpf_sync_url().as_str())
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}

pub(crate) fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}
