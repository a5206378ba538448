//! What the page looks like. All of it is in the one document: it loads nothing.

use std::fmt::Write;
use std::time::SystemTime;

use url::Url;

use super::Viewer;
use crate::cm::id_scan::attempt::Source;
use crate::cm::id_scan::outcome::CmIdScanOutcome;
use crate::cm::id_scan::task::{Task, TaskKind, TaskState};
use crate::cm::id_scan::transaction::{Transaction, TransactionState};
use crate::control::html::escaped;

const HEAD: &str = concat!(
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>ID Scan (sandbox)</title>\n",
    "<style>\n",
    include_str!("style.css"),
    "</style></head>\n"
);

/// Without it the page works too, but tells the parent window nothing.
const SCRIPT: &str = include_str!("script.js");

/// The type of the message to the parent window. The vendor's event carries the result id as well, but
/// neither its name nor its shape is published (contract cm-idscan, 8): this one is ours.
const MESSAGE_TYPE: &str = "verikit-sandbox.id-scan.finished";

pub(super) fn notice(text: &str) -> String {
    format!(
        "{HEAD}<body><main><h1>{}</h1></main></body></html>\n",
        escaped(text)
    )
}

/// The page in its present state. `location` is where it leads to once it has ended.
pub(super) fn page(
    transaction: &Transaction,
    viewer: Viewer,
    location: Option<&Url>,
    nonce: &str,
    now: SystemTime,
) -> String {
    let mut html = String::from(HEAD);
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<body data-message=\"{MESSAGE_TYPE}\" data-transaction=\"{}\" data-state=\"{}\" data-result=\"{}\" \
         data-location=\"{}\" data-version=\"{}\"><main>\
         <p class=\"note\">Sandbox of ID Scan: nothing is photographed. Choose what becomes of each step.</p>",
        escaped(&transaction.id),
        transaction.state.as_str(),
        escaped(transaction.result_id.as_deref().unwrap_or_default()),
        escaped(location.map_or("", Url::as_str)),
        transaction.version(now),
    );
    match transaction
        .next_task()
        .filter(|_| transaction.state == TransactionState::Pending)
    {
        None => ended(&mut html, transaction, location),
        Some(task) if viewer.may_play(transaction) => {
            let _ = write!(html, "<h1>{}</h1>", task.kind.title());
            progress(&mut html, transaction, Some(task.kind));
            form(&mut html, transaction, task);
            if !viewer.handed_over && !viewer.is_phone {
                hand_over(&mut html, "Continue on a phone instead");
            }
        }
        Some(task) => {
            html.push_str("<h1>Continue on your phone</h1>");
            progress(&mut html, transaction, Some(task.kind));
            html.push_str(
                "<p>This identification is for phones only. The real page shows a QR code here.</p>",
            );
            hand_over(&mut html, "Go on as the phone");
        }
    }
    let _ = writeln!(
        html,
        "</main><script nonce=\"{nonce}\">{SCRIPT}</script></body></html>"
    );
    html
}

fn progress(html: &mut String, transaction: &Transaction, current: Option<TaskKind>) {
    html.push_str("<ol aria-label=\"Steps\">");
    for task in &transaction.tasks {
        let current = if current == Some(task.kind) {
            " aria-current=\"step\""
        } else {
            ""
        };
        let _ = write!(
            html,
            "<li class=\"{state}\"{current}><code>{}</code><br>{state}</li>",
            task.kind.as_str(),
            state = task.state.as_str(),
        );
    }
    html.push_str("</ol>");
}

fn form(html: &mut String, transaction: &Transaction, task: &Task) {
    if let Some(code) = task.attempts.last().and_then(|attempt| attempt.outcome.code()) {
        let charged = task.attempts_invoiced();
        let _ = write!(
            html,
            "<p class=\"last\" role=\"status\">The last attempt ended with <code>{code}</code>. \
             Attempts so far: {}, charged: {charged}.</p>",
            task.attempts.len()
        );
    }
    html.push_str("<form method=\"post\">");
    if task.kind == TaskKind::DocumentScan {
        sources(html, transaction.request.scan.sources());
    }
    html.push_str("<fieldset><legend>What becomes of this attempt?</legend>");
    let choices = CmIdScanOutcome::ALL
        .iter()
        .copied()
        .filter(|outcome| outcome.kind() == task.kind);
    for (at, outcome) in choices.enumerate() {
        let checked = if at == 0 { " checked" } else { "" };
        let code = outcome
            .code()
            .map(|code| format!("<code>{code}</code>"))
            .unwrap_or_default();
        let _ = write!(
            html,
            "<label><input type=\"radio\" name=\"outcome\" value=\"{}\"{checked}><span>{}{code}</span></label>",
            outcome.name(),
            outcome.label(),
        );
    }
    html.push_str("</fieldset><button>Go on</button></form>");
}

fn sources(html: &mut String, allowed: &[Source]) {
    html.push_str("<fieldset><legend>Where does the picture come from?</legend><div class=\"pair\">");
    for (at, source) in allowed.iter().enumerate() {
        let (name, checked) = (source.as_str(), if at == 0 { " checked" } else { "" });
        let label = match source {
            Source::Camera => "Camera",
            Source::File => "A file",
        };
        let _ = write!(
            html,
            "<label><input type=\"radio\" name=\"source\" value=\"{name}\"{checked}><span>{label}</span></label>"
        );
    }
    html.push_str("</div></fieldset>");
}

fn hand_over(html: &mut String, text: &str) {
    let _ = write!(
        html,
        "<footer><a href=\"?handover=1\" target=\"_blank\" rel=\"noreferrer\">{text}</a></footer>"
    );
}

fn ended(html: &mut String, transaction: &Transaction, location: Option<&Url>) {
    let has_failure = transaction
        .tasks
        .iter()
        .any(|task| task.state == TaskState::Failed);
    let heading = match (transaction.state, has_failure) {
        (TransactionState::Aborted, _) => "This identification was aborted",
        (_, true) => "Done, but not every step succeeded",
        (_, false) => "Done. Thank you",
    };
    let _ = write!(html, "<h1>{heading}</h1>");
    progress(html, transaction, None);
    match location {
        Some(location) => {
            let _ = write!(
                html,
                "<p><a href=\"{}\">Continue</a></p>",
                escaped(location.as_str())
            );
        }
        None => html.push_str("<p>You can close this page.</p>"),
    }
}
