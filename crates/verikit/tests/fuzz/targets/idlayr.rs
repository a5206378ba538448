//! What IDlayr's client reads without a call: settings, what devices bring, stored answers.

use std::time::Duration;

use serde_json::{Map, Value};
use verikit::idlayr::{
    CheckErrorCode, CheckId, CheckStatus, Config, CreatedPhoneCheck, CreatedSubscriberCheck, Currency,
    DataResidency, DeviceReturn, Outcome, PhoneCheck, ProblemCode, RedirectErrorCode, Scope, SubscriberCheck,
    Trace,
};
use verikit::testing::{ManualClock, drive};
use verikit::{Answer, Environment, ErrorKind};

use super::answer::{Answer as HttpAnswer, Requests};
use super::text;
use crate::needles::{assert_debug_hidden, assert_error_hidden, contains_needle};

/// An identifier as a caller passes it.
pub(crate) fn identifier(input: &[u8]) {
    let text = text(input);
    let usable = !text.is_empty()
        && text.len() <= 256
        && text != "."
        && text != ".."
        && !text.contains(char::is_control);
    match CheckId::new(&text) {
        Ok(id) => {
            assert!(usable, "{text:?}");
            assert_eq!(id.as_str(), text);
            let written = serde_json::to_string(&id).unwrap();
            assert_eq!(written, Value::from(&*text).to_string());
            assert_eq!(serde_json::from_str::<CheckId>(&written).unwrap(), id);
            assert_debug_hidden(&id);
        }
        Err(error) => {
            assert!(!usable, "{text:?}");
            assert_error_hidden(&error);
            let json = Value::from(&*text).to_string();
            assert_error_hidden(&serde_json::from_str::<CheckId>(&json).unwrap_err());
        }
    }
}

/// A word where one of a list is expected, as JSON.
pub(crate) fn open_enum(input: &[u8]) {
    let text: Option<String> = serde_json::from_slice(input).ok();
    macro_rules! check {
        ($($name:ident),+) => {$(
            match (serde_json::from_slice::<$name>(input), &text) {
                (Ok(word), Some(text)) => {
                    assert_eq!(word.as_str(), text);
                    assert_eq!(word.is_unknown(), !$name::WORDS.contains(&text.as_str()));
                    assert_eq!(serde_json::to_string(&word).unwrap(), Value::from(text.as_str()).to_string());
                    assert_eq!(word, $name::from(text.as_str()));
                    assert!(!word.is_unknown() || text.len() < 6 || !format!("{word:?}").contains(text));
                }
                (Err(_), None) => {}
                (read, text) => panic!("{read:?} from {text:?}"),
            }
        )+};
    }
    check!(
        CheckStatus,
        CheckErrorCode,
        RedirectErrorCode,
        Currency,
        Scope,
        ProblemCode
    );
    if let Some(text) = text {
        let is_final = matches!(text.as_str(), "COMPLETED" | "EXPIRED" | "ERROR");
        assert_eq!(CheckStatus::from(text.as_str()).is_final(), is_final);
    }
}

/// An answer that was stored, and is read again.
pub(crate) fn stored_answer(input: &[u8]) {
    let check = stored::<PhoneCheck>(input, &[CHECK, DEVICE].concat());
    if let Some(check) = &check {
        assert_decided(check, input);
    }
    // The products differ in what decides about the SIM, and in nothing else.
    if let Some(subscriber) = stored::<SubscriberCheck>(input, &[CHECK, DEVICE, SIM].concat()) {
        assert_sim_decided(&subscriber, input);
        let check = check.as_ref().expect("it demands less");
        assert_eq!(
            (&check.check_id, &check.status, check.verdict(), &check.check_url),
            (
                &subscriber.check_id,
                &subscriber.status,
                subscriber.verdict(),
                &subscriber.check_url
            )
        );
        assert_eq!(
            (check.ttl, &check.created_at),
            (subscriber.ttl, &subscriber.created_at)
        );
    }
    let created = stored::<CreatedPhoneCheck>(input, CREATED);
    if let (Some(created), Some(check)) = (&created, check) {
        assert_eq!(
            (&check.check_id, &check.status),
            (&created.check_id, &created.status)
        );
        assert_eq!(check.check_url.as_ref(), Some(&created.check_url));
        assert_eq!((check.ttl, &check.created_at), (created.ttl, &created.created_at));
    }
    assert_eq!(
        created.is_some(),
        stored::<CreatedSubscriberCheck>(input, CREATED).is_some()
    );
    stored::<Trace>(input, &["trace_id", "logs"]);
}

const CHECK: &[&str] = &[
    "check_id",
    "status",
    "error_code",
    "reference_id",
    "charge_amount",
    "charge_currency",
    "network_id",
    "created_at",
    "updated_at",
];
const DEVICE: &[&str] = &["match", "ttl", "_links"];
const SIM: &[&str] = &[
    "no_sim_change",
    "no_sim_change_period",
    "sim_change_within",
    "last_sim_change_at",
];
const CREATED: &[&str] = &[
    "check_id",
    "status",
    "reference_id",
    "charge_amount",
    "charge_currency",
    "snapshot_balance",
    "created_at",
    "updated_at",
    "ttl",
    "_links",
];

/// Reads an answer; asserts that nothing of it is lost, and nothing of it is shown.
fn stored<T>(input: &[u8], members: &[&str]) -> Option<Answer<T>>
where
    T: serde::de::DeserializeOwned + std::fmt::Debug + PartialEq,
{
    let answer = match Answer::<T>::from_json(input.to_vec()) {
        Ok(answer) => answer,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert_error_hidden(&error);
            return None;
        }
    };
    assert_debug_hidden(&answer);
    assert_eq!(answer.raw(), input);
    let written = serde_json::to_string(&answer);
    assert_eq!(written.is_ok(), std::str::from_utf8(input).is_ok(), "{written:?}");
    if let Ok(replayed) = written {
        assert_eq!(replayed.as_bytes(), input.trim_ascii());
        assert!(serde_json::from_str::<Answer<T>>(&replayed).unwrap() == answer);
    }
    // What another reader gives up on (numbers beyond a double, deep nesting) is not taken apart either.
    let mut extra: Map<String, Value> = serde_json::from_slice(input).unwrap_or_default();
    extra.retain(|name, _| !members.contains(&name.as_str()));
    assert_eq!(answer.extra(), extra);
    Some(answer)
}

/// A check is decided by nothing but a JSON boolean under `match` beside the status `COMPLETED`, each there
/// once.
pub(crate) fn assert_decided(check: &PhoneCheck, json: &[u8]) {
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    let completed = value["status"] == "COMPLETED";
    let verdict = value["match"].as_bool().filter(|_| completed);
    if value.is_null() {
        return assert!(!check.is_match() || check.status == CheckStatus::Completed);
    }
    assert_eq!(check.verdict(), verdict, "{value}");
    assert_eq!(check.is_match(), completed && value["match"] == true, "{value}");
    assert_eq!(value["check_id"], check.check_id.as_str());
    if let Some(url) = &check.check_url {
        assert_eq!(value["_links"]["check_url"]["href"], url.expose());
        let address = url.expose().to_ascii_lowercase();
        let host = address
            .strip_prefix("https://")
            .or(address.strip_prefix("http://"));
        assert!(
            host.is_some_and(|host| !host.starts_with('/')),
            "{url:?} opens in no browser"
        );
    }
    if let Some(ttl) = check.ttl {
        assert!(ttl.as_secs() <= 24 * 3600 && value["ttl"] == ttl.as_secs());
    }
}

/// The SIM is decided by nothing but a JSON boolean under `no_sim_change` beside the status `COMPLETED`.
pub(crate) fn assert_sim_decided(check: &SubscriberCheck, json: &[u8]) {
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    if value.is_null() {
        return assert!(!check.is_sim_unchanged() || check.status == CheckStatus::Completed);
    }
    let completed = value["status"] == "COMPLETED";
    let unchanged = value["no_sim_change"].as_bool().filter(|_| completed);
    assert_eq!(check.no_sim_change(), unchanged, "{value}");
    assert_eq!(check.is_sim_unchanged(), unchanged == Some(true), "{value}");
    for time in [3600, 7 * 24 * 3600].map(Duration::from_secs) {
        if check.is_sim_unchanged_for(time) {
            let used = value["no_sim_change_period"].as_u64().unwrap_or_default();
            let bucket = value["sim_change_within"].as_u64().unwrap_or_default();
            let covers = |minutes: u64| Duration::from_secs(minutes.saturating_mul(60)) >= time;
            assert!(
                unchanged == Some(true) && (covers(used) || covers(bucket)),
                "{value}"
            );
        }
    }
    if let Some(bucket) = check.sim_change_within {
        assert_eq!(value["sim_change_within"], bucket.minutes());
    }
    if let Some(period) = check.no_sim_change_period {
        assert!(period.as_secs() <= 540_000 * 60);
        assert_eq!(value["no_sim_change_period"], period.as_secs() / 60);
    }
}

/// What a device brings, as JSON, as the URL of a redirect, and as its query.
pub(crate) fn device_return(input: &[u8]) {
    let value: Value = serde_json::from_slice(input).unwrap_or_default();
    match DeviceReturn::from_json(input) {
        Ok(returned) => {
            if value.is_object() {
                let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
                assert_brought(&returned, member);
            }
            assert_debug_hidden(&returned);
        }
        Err(error) => refused(&error),
    }
    let text = text(input);
    match DeviceReturn::from_query(&text) {
        Ok(returned) => {
            let pairs: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
            assert_brought(&returned, |name| {
                let mut values = pairs.iter().filter(|(key, _)| key == name);
                let value = values.next().map(|(_, value)| value.clone().into_owned());
                assert!(values.next().is_none(), "{name} is there twice");
                value
            });
            assert_debug_hidden(&returned);
            let url = format!("https://app.example.net/done?{text}");
            if !text.contains('#') {
                assert_eq!(DeviceReturn::from_url(&url).unwrap().check_id, returned.check_id);
            }
        }
        Err(error) => refused(&error),
    }
    if let Err(error) = DeviceReturn::from_url(&text) {
        refused(&error);
    }
}

fn refused(error: &verikit::Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_error_hidden(error);
}

fn assert_brought(returned: &DeviceReturn, member: impl Fn(&str) -> Option<String>) {
    assert_eq!(Some(returned.check_id.as_str()), member("check_id").as_deref());
    let (code, error) = (member("code"), member("error"));
    match &returned.outcome {
        Outcome::Code(brought) => {
            assert_eq!(
                (Some(brought.expose()), None),
                (code.as_deref(), error.as_deref())
            );
            assert!((1..=512).contains(&brought.expose().len()));
        }
        Outcome::Error { error: brought, .. } => {
            assert_eq!((code, error.as_deref()), (None, Some(brought.as_str())));
        }
        other => panic!("{other:?}"),
    }
    let reference = returned
        .reference_id
        .as_ref()
        .map(|reference| reference.expose().clone());
    assert_eq!(reference, member("reference_id"));
}

/// The vendor's project file.
pub(crate) fn project_file(input: &[u8]) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("tru-{}.json", std::process::id()));
    std::fs::write(&file, input).unwrap();
    let value: Value = serde_json::from_slice(input).unwrap_or_default();
    match Config::from_project_file(&file) {
        Ok(config) => {
            let credential = &value["credentials"][0];
            if value.is_null() {
                return assert_debug_hidden(&config); // the other reader gives up on it
            }
            let residency = value["data_residency"].as_str().unwrap_or("eu");
            let host = format!("https://{}.api.idlayr.com", residency.to_ascii_lowercase());
            assert_configured(config, &host, credential["client_id"].as_str());
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_error_hidden(&error);
        }
    }
}

/// Lines of `NAME=value`.
pub(crate) fn environment(input: &[u8]) {
    let text = text(input);
    let look_up = |name: &str| {
        let mut lines = text.split('\n').filter_map(|line| line.split_once('='));
        lines
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let set = |name: &str| {
        look_up(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let environment = Environment::new(look_up);
    match Config::from_environment(&environment) {
        Ok(config) => {
            let residency = set("IDLAYR_DATA_RESIDENCY").unwrap_or_else(|| String::from("eu"));
            DataResidency::new(&residency).unwrap();
            let host = format!("https://{}.api.idlayr.com", residency.to_ascii_lowercase());
            let base = set("IDLAYR_BASE_URL").unwrap_or(host);
            assert_configured(config, &base, set("IDLAYR_CLIENT_ID").as_deref());
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_error_hidden(&error);
        }
    }
}

/// Asserts that whatever is built from a configuration asks at this address, as this client, and nowhere in
/// the clear but on this machine.
fn assert_configured(config: Config, base: &str, client_id: Option<&str>) {
    assert_debug_hidden(&config);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let transport = requests.answered(|_| HttpAnswer::json(400, "{}"));
    let client = match config.transport(transport).clock(clock.shared()).build() {
        Ok(client) => client,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            return assert_error_hidden(&error);
        }
    };
    let base = url::Url::parse(base).unwrap();
    let local = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
        || base.host_str().is_some_and(|host| host.starts_with("127."));
    assert!(
        base.scheme() == "https" || (base.scheme() == "http" && local),
        "{base}"
    );
    let error = drive(&clock, client.tokens().access_token()).unwrap_err();
    assert_eq!(requests.count(), 1);
    let sent = url::Url::parse(&requests.all()[0].uri().to_string()).unwrap();
    assert_eq!(sent.origin(), base.origin());
    if let Some(client_id) = client_id {
        use base64::Engine as _;
        let header = requests.all()[0].headers()["authorization"]
            .to_str()
            .unwrap()
            .to_owned();
        let basic = base64::engine::general_purpose::STANDARD
            .decode(&header["Basic ".len()..])
            .unwrap();
        let encoded: String = url::form_urlencoded::byte_serialize(client_id.as_bytes()).collect();
        assert!(basic.starts_with(format!("{encoded}:").as_bytes()));
    }
    // The configured address is shown, whatever it is.
    if !contains_needle(base.as_str()) {
        assert_error_hidden(&error);
        assert_debug_hidden(&client);
    }
}
