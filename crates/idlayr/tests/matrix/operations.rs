//! Every operation of the crate, and the proof that none is missing.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use idlayr::{CheckId, Client, CompletionCode, Error, PhoneNumber, Secret, TokenKind, TraceId};

pub(crate) const TOKEN_LINE: &str = "POST /oauth2/v1/token";

/// Whether an operation may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It reads, or does the same when it is done twice.
    Safe,
    /// It starts, bills or completes something.
    Once,
}

/// What an operation is authorised with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// An access token, which is renewed after a 401.
    Token,
    /// The client's id and secret, which stay what they are.
    Secret,
}

pub(crate) type Called = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// One operation.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) sent: Sent,
    pub(crate) credential: Credential,
    /// Method and path.
    pub(crate) line: &'static str,
    /// A good answer.
    pub(crate) status: u16,
    pub(crate) body: &'static str,
    pub(crate) call: fn(Client) -> Called,
}

impl Operation {
    pub(crate) fn is_token(&self) -> bool {
        self.line == TOKEN_LINE
    }
}

const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
const CREATED: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"ACCEPTED","ttl":120,"_links":{"check_url":{"href":"https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}}}"#;
const CHECK: &str =
    r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true}"#;
const CHECKS: &str = r#"{"_embedded":{"checks":[]},"_links":{}}"#;
const TRACES: &str = r#"{"_embedded":{"traces":[{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}]}}"#;
const TRACE: &str = r#"{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}"#;
const TOKEN: &str = r#"{"access_token":"t-0","token_type":"bearer","expires_in":3600}"#;

fn id() -> CheckId {
    CheckId::new(ID).unwrap()
}

fn trace_id() -> TraceId {
    TraceId::new("5f3a9c1b7d2e4f60").unwrap()
}

pub(crate) fn number() -> PhoneNumber {
    PhoneNumber::parse("+44 7700 900042").unwrap()
}

/// A call whose value is of no interest here.
macro_rules! call {
    (|$client:ident| $call:expr) => {
        |$client| Box::pin(async move { $call.await.map(|_| ()) })
    };
}

macro_rules! operation {
    ($sent:ident $name:literal, $line:literal, $status:literal $body:expr, |$client:ident| $call:expr) => {
        operation!($sent Token $name, $line, $status $body, |$client| $call)
    };
    ($sent:ident $credential:ident $name:literal, $line:expr, $status:literal $body:expr, |$client:ident| $call:expr) => {
        Operation {
            name: $name,
            sent: Sent::$sent,
            credential: Credential::$credential,
            line: $line,
            status: $status,
            body: $body,
            call: call!(|$client| $call),
        }
    };
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once "phone_check.create", "POST /phone_check/v0.2/checks", 201 CREATED,
            |client| client.phone_checks().create(number())),
        operation!(Safe "phone_check.get", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client| client.phone_checks().get(&id())),
        operation!(Safe "phone_check.list", "GET /phone_check/v0.2/checks", 200 CHECKS,
            |client| client.phone_checks().list()),
        operation!(Once "phone_check.complete", "PATCH /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client| client.phone_checks().complete(&id(), &CompletionCode::new("4fa09c17be").unwrap())),
        operation!(Safe "phone_check.traces", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client| client.phone_checks().traces(&id())),
        operation!(Safe "phone_check.trace", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client| client.phone_checks().trace(&id(), &trace_id())),
        operation!(Once "phone_check_v0_1.create", "POST /phone_check/v0.1/checks", 201 CREATED,
            |client| client.phone_checks_v0_1().create(number())),
        operation!(Safe "phone_check_v0_1.get", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client| client.phone_checks_v0_1().get(&id())),
        operation!(Safe "phone_check_v0_1.list", "GET /phone_check/v0.1/checks", 200 CHECKS,
            |client| client.phone_checks_v0_1().list()),
        operation!(Safe "phone_check_v0_1.traces", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client| client.phone_checks_v0_1().traces(&id())),
        operation!(Safe "phone_check_v0_1.trace", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client| client.phone_checks_v0_1().trace(&id(), &trace_id())),
        operation!(Safe Secret "oauth2.revoke", "POST /oauth2/v1/revoke", 200 "",
            |client| client.tokens().revoke(&Secret::new("t-1"), TokenKind::AccessToken)),
        operation!(Safe Secret "oauth2.token", TOKEN_LINE, 200 TOKEN,
            |client| client.tokens().access_token()),
    ]
}

/// All operations but the token request, which has tables of its own.
pub(crate) fn calls() -> Vec<Operation> {
    let mut operations = operations();
    operations.retain(|operation| !operation.is_token());
    operations
}

fn read_sources(folder: &Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            sources.push(code.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// What follows each `mark` up to the first character that is no part of a word.
fn words_after<'a>(source: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    source.match_indices(mark).filter_map(move |(at, _)| {
        let rest = source.get(at + mark.len()..)?;
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
        rest.get(..end).filter(|word| !word.is_empty())
    })
}

/// The names that the source gives to its operations. Each is made in one of two ways: from a table of routes
/// that is made from a name (`static V0_2: Routes = routes!("phone_check", ...)`), or with the name as it is.
fn names_in_source() -> BTreeSet<String> {
    let mut sources = Vec::new();
    read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let mut names = BTreeSet::new();
    for source in &sources {
        for (at, _) in source.match_indices(": Routes = routes!(\"") {
            let (before, after) = source.split_at(at);
            let table = before.rsplit(' ').next().unwrap();
            let name = words_after(after, "routes!(\"").next().unwrap();
            let own = format!("{table}.");
            for mark in [own.as_str(), "$routes.", "&routes.", " routes."] {
                names.extend(words_after(source, mark).map(|route| format!("{name}.{route}")));
            }
        }
        for quoted in source.split('"').skip(1).step_by(2) {
            let parts: Vec<&str> = quoted.split('.').collect();
            let word = |part: &&str| {
                part.starts_with(|letter: char| letter.is_ascii_lowercase())
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            if parts.len() == 2 && parts.iter().all(word) {
                names.insert(quoted.to_owned());
            }
        }
        if source.contains("ClientCredentials::new(") {
            names.insert(String::from("oauth2.token"));
        }
        // Wherever an operation is made, the name must be one that was understood above.
        for mark in [
            "Operation::get(",
            "Operation::post(",
            "Operation::new(",
            "oauth2().post(",
        ] {
            for (at, _) in source.match_indices(mark) {
                let (_, after) = source.split_at(at + mark.len());
                let arguments = after.split(';').next().unwrap();
                let known = ["route.name", "routes.get.name"];
                let literal = names
                    .iter()
                    .any(|name| arguments.contains(&format!("\"{name}\"")));
                assert!(
                    literal || known.iter().any(|name| arguments.contains(name)),
                    "an operation whose name is given in a third way: {mark}{arguments}"
                );
            }
        }
    }
    names
}

#[test]
fn the_list_is_complete() {
    let listed: Vec<String> = operations()
        .iter()
        .map(|operation| operation.name.to_owned())
        .collect();
    let distinct: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(distinct.len(), listed.len(), "each operation once: {listed:?}");
    assert_eq!(distinct, names_in_source());
}
