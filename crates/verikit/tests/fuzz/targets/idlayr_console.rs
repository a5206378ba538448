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
    let kept = without_half_characters(&String::from_utf8_lossy(kept));
    assert_without(&serde_json::from_str(&kept).unwrap_or_default());
}

/// JSON's grammar has halves of characters (`\ud800`), and no text does: a `Value` cannot be made of what has
/// one, and nothing would be looked at.
fn without_half_characters(json: &str) -> String {
    let mut parts = json.split("\\u");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let half = part.get(..4).and_then(|code| u16::from_str_radix(code, 16).ok());
        if half.is_some_and(|code| (0xd800..0xe000).contains(&code)) {
            whole.push('?');
            whole.push_str(part.get(4..).unwrap_or_default());
        } else {
            whole.push_str("\\u");
            whole.push_str(part);
        }
    }
    whole
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
