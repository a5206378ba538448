//! What goes wrong: keys, limits, lost answers.

use cm_identity::{Client, Delivery, ErrorKind, NumberVerifyId, ServiceType};
use verikit_sandbox::{CmRateLimit, ScriptedAnswer};

use crate::support::{CALLBACK_URL, client, number, sandbox, settings};

async fn swap(client: &Client) -> cm_identity::Result<()> {
    let call = client
        .sim_swap()
        .check(number("+31600000042"), ServiceType::Last24Hours);
    call.await.map(|_| ())
}

#[tokio::test]
async fn a_wrong_secret_or_key_id_is_not_authorised() {
    let sandbox = sandbox().await;
    let cm = sandbox.cm();
    for (key_id, secret) in [(cm.key_id(), "another-secret"), ("another-key", cm.secret())] {
        let client = Client::builder(key_id, secret)
            .base_url(cm.mobile_identity_url().as_str())
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        let error = swap(&client).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Auth, Delivery::Refused)
        );
        assert!(
            error.provider_message().is_some(),
            "read from {{status, message}}"
        );
        assert!(!format!("{error:#} {error:?}").contains("another"));
    }
}

#[tokio::test]
async fn operators_that_fail_leave_the_outcome_open() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let call = client
        .sim_swap()
        .check(number("+31600000099"), ServiceType::Timestamp);
    let error = call.await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!error.is_safe_to_repeat());
    assert_eq!(
        sandbox.calls().len(),
        1,
        "it may have been billed: it is sent once"
    );
}

#[tokio::test]
async fn the_vendors_limit_is_met_with_a_typed_error_where_the_clients_own_is_off() {
    let sandbox = sandbox().await;
    let client = settings(&sandbox)
        .retry(cm_identity::RetryPolicy::never())
        .build()
        .unwrap();
    sandbox
        .cm()
        .mobile_identity()
        .set_rate_limit(CmRateLimit::WithRetryAfter);
    swap(&client).await.unwrap();
    let error = swap(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::RateLimited, Delivery::Refused)
    );
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(1)));
}

#[tokio::test]
async fn a_lost_answer_to_a_create_is_no_second_check() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    sandbox
        .cm()
        .answer_next(ScriptedAnswer::drop_connection_after_processing());
    let create = client
        .number_verify()
        .create(number("+31600000042"), CALLBACK_URL);
    let error = create.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Interrupted, Delivery::Unknown)
    );
    assert!(!error.is_safe_to_repeat());
    assert_eq!(sandbox.cm().mobile_identity().number_verifies().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_to_a_read_is_read_again() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let create = client
        .number_verify()
        .create(number("+31600000042"), CALLBACK_URL);
    let check = create.await.unwrap();
    sandbox
        .cm()
        .answer_next(ScriptedAnswer::drop_connection_after_processing());
    let reply = client
        .number_verify()
        .get(&check.id)
        .send_with_metadata()
        .await
        .unwrap();
    assert_eq!(reply.attempts(), 2);
    assert_eq!(reply.value().id, check.id);
}

#[tokio::test]
async fn an_unknown_check_is_404() {
    let sandbox = sandbox().await;
    let id = NumberVerifyId::new("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee").unwrap();
    let error = client(&sandbox).number_verify().get(&id).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Provider, 404)
    );
}
