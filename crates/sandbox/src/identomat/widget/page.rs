//! The widget's HTML. It loads nothing, fits a phone, and may stand in an iframe of any site.

use std::fmt::Write;

use axum::response::{Html, IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use http::{HeaderValue, StatusCode};

use crate::calls::Verdict;
use crate::control::html::escaped;
use crate::identomat::session::Session;
use crate::identomat::state::State;

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Identity verification</title><style>
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } form { margin: 0; }
button, select, input { font: inherit; box-sizing: border-box; width: 100%; padding: .7rem; margin: .4rem 0; }
label { display: block; margin-top: 1rem; } fieldset { margin: 1.5rem 0; padding: .5rem 1rem; }
</style></head><body><main>
"#;

const CHOICE: &str = r#"<form method="post">
<fieldset><legend>The provider finds</legend>
<button name="outcome" value="approved">Approved</button>
<button name="outcome" value="proof-of-address">Approved, with a proof of address</button>
<button name="outcome" value="manual-check">A human has to look</button>
</fieldset>
<fieldset><legend>The provider rejects</legend>
<label for="reason">Reason</label>
<select id="reason" name="reason">
<option value="face_mismatch">face_mismatch (recorded)</option>
<option value="document_not_readable">document_not_readable (a guess)</option>
<option value="document_type_mismatch">document_type_mismatch (a guess)</option>
<option value="">none</option>
</select>
<button name="outcome" value="rejected">Rejected</button>
</fieldset>
<fieldset><legend>The user</legend>
"#;

const DISAGREE: &str = r#"<button name="outcome" value="disagreed-with-terms">Disagrees with the terms</button>
"#;

const LEAVE: &str = r#"<button name="outcome" value="abandoned">Leaves before the end</button>
</fieldset>
</form>
"#;

const SEND: &str = r#"<form method="post">
<fieldset><legend>The company's server is asked to send</legend>
<label for="phone">Phone number</label>
<input id="phone" name="phone" type="tel" autocomplete="tel" required>
<button name="event" value="one-time-password-request">A one-time code</button>
<button name="event" value="share-session-link-via-sms">The link to this page</button>
</fieldset>
</form>
"#;

pub(super) const SENT: &str =
    "<h1>The callback is on its way</h1><p>Codes are not asked for here. <a href=\"\">Back</a></p>";

pub(super) const LEFT: &str =
    "<h1>You left before the end</h1><p>The result is still in progress. Open this page again to go on.</p>";

pub(super) fn finished() -> &'static str {
    "<h1>Done</h1><p>This session has come to its end.</p>"
}

/// The page on which a person chooses.
pub(super) fn opening(session: &Session) -> String {
    let mut html = String::from(
        "<h1>Verify your identity</h1><p>The real widget would now ask for the following. Say how it ends.</p><ul>",
    );
    for step in asked_for(session) {
        // Writing to a String cannot fail.
        let _ = write!(html, "<li>{}</li>", escaped(&step));
    }
    html.push_str("</ul>");
    html.push_str(CHOICE);
    if !session.is_on("skip_agreement") {
        html.push_str(DISAGREE);
    }
    html.push_str(LEAVE);
    html.push_str(SEND);
    html
}

fn asked_for(session: &Session) -> Vec<String> {
    let mut steps = Vec::new();
    if let Some(config_id) = &session.config_id {
        steps.push(format!("The configuration {config_id}"));
    }
    if !session.is_on("skip_agreement") {
        steps.push("Your consent".to_owned());
    }
    if session.asks_for_document() {
        steps.push(format!("A document: {}", session.document_type()));
    }
    if session.asks_for_liveness() {
        steps.push("Your face, alive".to_owned());
    } else if session.asks_for_face() {
        steps.push("Your face".to_owned());
    }
    for type_id in session.general_document_types() {
        steps.push(format!("A general document: {type_id}"));
    }
    steps.extend(session.questionnaires().map(|_| "A questionnaire".to_owned()));
    steps
}

/// The last page in an iframe. It tells the parent of the end in both forms that were seen in the code of
/// integrators, and in this order; the vendor's documents are silent.
pub(super) fn closing(state: &State, session: &Session) -> Response {
    let nonce = state.random().hex(32);
    let script = format!(
        r#"<script nonce="{nonce}">
if (window.parent !== window) {{
  window.parent.postMessage("DONE", "*");
  window.parent.postMessage({{ type: "done", sessionId: "{}" }}, "*");
}}
</script>
"#,
        session.token
    );
    let html = format!("{}{script}", finished());
    respond(StatusCode::OK, &html, &format!("script-src 'nonce-{nonce}'"))
}

pub(super) fn page(status: StatusCode, body: &str) -> Response {
    respond(status, body, "script-src 'none'")
}

/// The address is the end user's secret: it goes into no cache and to no other site. A form may lead
/// anywhere, as its answer leads to `return_url`.
fn respond(status: StatusCode, body: &str, script: &str) -> Response {
    let mut response = (status, Html(format!("{HEAD}{body}</main></body></html>\n"))).into_response();
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; {script}; base-uri 'none'");
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
        .extensions_mut()
        .insert(Verdict("none needed (end user)".into()));
    response
}
