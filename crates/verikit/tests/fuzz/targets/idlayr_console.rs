//! What IDlayr's console answers, with secrets in it.

use std::future::IntoFuture as _;

use serde_json::Value;
use verikit::idlayr::console::{Console, WorkspaceId};
use verikit::testing::{ManualClock, drive};

use super::answer::{Answer, Requests};
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

const TOKEN: &str = r#"{"access_token":"t-1","token_type":"bearer","expires_in":3600}"#;

/// Asserts that nothing under the name of a secret is in bytes that are kept, whatever they are.
fn assert_kept_without_secret(kept: &[u8]) {
    fn assert_without(value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    assert!(name != "client_secret" || member.is_null(), "a secret is kept");
                    assert_without(member);
                }
            }
            Value::Array(items) => items.iter().for_each(assert_without),
            _ => {}
        }
    }
    assert_without(&serde_json::from_slice(kept).unwrap_or_default());
}

/// The answer to a new project, and to a list of credentials.
pub(crate) fn console_credential(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let given = answer.clone();
    let transport = requests.answered(move |request| {
        if request.uri().path() == "/oauth2/v1/token" {
            Answer::json(200, TOKEN)
        } else {
            given.clone()
        }
    });
    let console = Console::builder("client-1", SECRET)
        .transport(transport)
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap();
    let projects = console.projects(&WorkspaceId::new("w-1").unwrap());
    match drive(&clock, projects.create("n").send_with_metadata()) {
        Ok(reply) => {
            assert!(answer.status.is_success());
            assert_debug_hidden(&reply);
            assert_kept_without_secret(reply.raw());
            assert_kept_without_secret(reply.value().raw());
            for credential in &reply.value().credentials {
                assert!(!credential.client_id.as_str().is_empty());
            }
        }
        Err(error) => {
            assert_error_hidden(&error);
            if answer.status.is_success() {
                assert_kept_without_secret(error.body());
            }
        }
    }
    match drive(&clock, projects.list().into_future()) {
        Ok(page) => {
            assert_debug_hidden(&page);
            for project in &page.items {
                assert_kept_without_secret(project.raw());
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
}
