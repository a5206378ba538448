//! Whatever is answered to whichever operation of whichever provider.

use std::sync::Arc;
use std::time::Duration;

use verikit::identomat::ErrorCode;
use verikit::testing::{ManualClock, drive};
use verikit::{Clock as _, Delivery, ErrorKind, RetryPolicy};

use super::answer::{Answer, Requests};
use crate::needles::assert_error_hidden;
use crate::operations::{Connection, Operation, Sent, content_type, line_of, operations};

const ORIGIN: &str = "https://api.example.com";

/// The good answer of each operation, and the same as a refusal.
pub(crate) fn good_answers() -> Vec<(String, Vec<u8>)> {
    let input = |operation: &Operation, status: u16| {
        let (name, body) = (operation.title(), operation.body);
        let content_type = content_type(body);
        let head = format!("{name} {status}\ncontent-type: {content_type}\n\n");
        (
            format!("{name} {status}"),
            [head.as_bytes(), body.as_bytes()].concat(),
        )
    };
    let operations = operations();
    let good = operations
        .iter()
        .map(|operation| input(operation, operation.status));
    good.chain(operations.iter().map(|operation| input(operation, 429)))
        .collect()
}

/// The first word names the operation.
pub(crate) fn every_operation(input: &[u8]) {
    let answer = Answer::read(input);
    let operations = operations();
    let operation = operations
        .iter()
        .find(|operation| operation.title() == answer.word)
        .unwrap_or(&operations[input.len() % operations.len()]);
    let token = operations
        .iter()
        .find(|other| other.provider == operation.provider && other.is_token())
        .filter(|_| !operation.is_token())
        .map(|token| (token.line, Answer::json(token.status, token.body)));
    let requests = Requests::default();
    let given = answer.clone();
    let transport = requests.answered(move |request| match &token {
        Some((line, token)) if line_of(request) == *line => token.clone(),
        _ => given.clone(),
    });
    let clock = ManualClock::new();
    let connection = Connection {
        clock: Arc::new(clock.clone()),
        retry: RetryPolicy::default(),
        ..Connection::new(ORIGIN, transport)
    };
    let began = clock.now();
    let result = drive(&clock, operation.open(&connection).call());
    let elapsed = clock.now() - began;
    // CAF's servers give themselves 30 s, so that its calls have 40.
    let deadline = Duration::from_secs(if operation.provider == "caf" { 40 } else { 30 });
    assert!(
        elapsed <= deadline + Duration::from_millis(100),
        "it took {elapsed:?}"
    );

    let requests = requests.all();
    let host =
        |request: &http::Request<bytes::Bytes>| request.uri().to_string().starts_with(&format!("{ORIGIN}/"));
    assert!(requests.iter().all(host), "it went elsewhere");
    let sent = requests
        .iter()
        .filter(|request| line_of(request) == operation.line)
        .count();
    let once = operation.sent == Sent::Once;
    let status = answer.status.as_u16();
    let most = match status {
        401 => 2,
        429 => 3,
        408 | 500 | 502..=504 if !once => 3,
        _ => 1,
    };
    assert!(
        (1..=most).contains(&sent),
        "{}: {sent} requests after {status}",
        operation.name
    );
    match result {
        Ok(()) => {
            // That there is no reach is an answer.
            let no_reach = operation.name.starts_with("coverage.") && matches!(status, 400 | 404 | 412);
            assert!(
                answer.status.is_success() || no_reach,
                "{} takes {status}",
                operation.name
            );
        }
        Err(error) => {
            assert_error_hidden(&error);
            assert_eq!(error.provider(), operation.provider);
            // Some providers refuse with a status of success, which only a documented code proves.
            let refused = matches!(error.kind(), ErrorKind::Provider | ErrorKind::Auth);
            let is_known = error.code().is_some_and(|code| ErrorCode::WORDS.contains(&code));
            let delivery = match status {
                200..=299 if refused && operation.provider == "identomat" && is_known => Delivery::Refused,
                200..=299 if refused && operation.provider == "identomat" => Delivery::Unknown,
                // Whoever wrote it: it is not the provider's word.
                200..=299 if error.is_signature() => Delivery::Unknown,
                200..=299 => Delivery::CarriedOut,
                408 => Delivery::Unknown,
                400..=499 => Delivery::Refused,
                _ => Delivery::Unknown,
            };
            // No call is behind a token request of its own.
            if !operation.is_token() {
                assert_eq!(error.delivery(), delivery, "{}: {error}", operation.name);
            }
        }
    }
}
