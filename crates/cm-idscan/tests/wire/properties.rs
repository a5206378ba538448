//! Texts from anywhere: each ends as a value or as an error that does not repeat it.

use std::cell::Cell;
use std::ops::RangeInclusive;

use cm_idscan::{
    Answer, BrowserReturn, CreatedTransaction, DownloadUrl, ErrorKind, Notification, Secret, Tasks,
    Transaction, TransactionResult, TransactionUrl, WebhookSecrets,
};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::Scripted;

/// JSON with the members of the answers in places where they belong and where they do not.
fn members() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(pending|completed|document_scan|face_match|valid|match|mrz|processing|[a-z]{0,6})"
            .prop_map(Value::from),
    ];
    let name = "(id|state|type|tasks|url|attempts|attemptsInvoiced|documentScans|code|files|score|result|field|validity|comparison|locale|values|source|value|transaction|resultId|task)";
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

/// A member of an object: mostly good, else another word, null, of the wrong type, or left out.
fn member(good: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
    let good = prop::sample::select(good).prop_map(|json| Some(serde_json::from_str(json).unwrap()));
    prop_oneof![
        40 => good,
        1 => Just(Some(json!("another"))),
        1 => Just(Some(Value::Null)),
        1 => prop::sample::select(vec![json!(7), json!(-1), json!("7"), json!([]), json!({})]).prop_map(Some),
        1 => Just(None),
    ]
}

fn object(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let there = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}

fn list(of: impl Strategy<Value = Value>, length: RangeInclusive<usize>) -> impl Strategy<Value = Value> {
    prop::collection::vec(of, length).prop_map(Value::from)
}

/// A result with the members that it cannot be without; the others are good or not.
fn results() -> impl Strategy<Value = Value> {
    let value = (
        prop::sample::select(vec!["mrz", "visual"]),
        prop::sample::select(vec!["45", "45", "45", "45", "45", "45", "46", ""]),
    )
        .prop_map(|(source, value)| json!({"source": source, "value": value}));
    let entry = (
        prop::sample::select(vec!["age", "surname", "made_up"]),
        member(&[r#""valid""#]),
        member(&[r#""match""#]),
        member(&["null", r#""nl-NL""#]),
        prop_oneof![9 => list(value, 1..=2), 1 => Just(json!([]))],
    )
        .prop_map(|(field, validity, comparison, locale, values)| {
            object([
                ("field", Some(field.into())),
                ("validity", validity),
                ("comparison", comparison),
                ("locale", locale),
                ("values", Some(values)),
            ])
        });
    let score = member(&["0.9", "0.5", "1", "0.4"]);
    let task = (
        word("document_scan"),
        word("completed"),
        score,
        list(entry, 0..=2),
    )
        .prop_map(|(task_type, state, score, result)| {
            object([
                ("type", Some(task_type)),
                ("state", Some(state)),
                ("score", score),
                ("result", Some(result)),
            ])
        })
        .boxed();
    let tasks = prop_oneof![
        4 => task.clone().prop_map(|task| json!([task])),
        1 => list(task, 0..=2),
    ];
    (word("completed"), tasks).prop_map(|(state, tasks)| json!({"state": state, "tasks": tasks}))
}

/// Mostly this word, else another text.
fn word(good: &'static str) -> impl Strategy<Value = Value> {
    prop_oneof![20 => Just(good), 1 => Just("face_match"), 1 => Just("pending"), 1 => Just("")]
        .prop_map(Value::from)
}

/// A transaction with the members that it cannot be without; the others are there or not, and contradict
/// each other.
fn transactions() -> impl Strategy<Value = Value> {
    let code = member(&["null", r#""processing""#, r#""age_criteria_not_met""#]);
    let scan = code.prop_map(|code| object([("code", code)]));
    let scans = prop_oneof![3 => list(scan, 0..=3).prop_map(Some), 1 => Just(None)];
    let task = (
        word("document_scan"),
        word("completed"),
        member(&["0", "1", "2", "3"]),
        member(&["0", "1", "2", "3"]),
        scans,
    )
        .prop_map(|(task_type, state, attempts, invoiced, scans)| {
            object([
                ("type", Some(task_type)),
                ("state", Some(state)),
                ("attempts", attempts),
                ("attemptsInvoiced", invoiced),
                ("documentScans", scans),
            ])
        });
    list(task, 0..=2).prop_map(|tasks| json!({"id": "x", "state": "completed", "tasks": tasks}))
}

/// The rule of [`TransactionResult::is_all_clear`] once more, on the JSON itself.
fn is_good(result: &Value) -> bool {
    let [task] = &result["tasks"].as_array().unwrap()[..] else {
        return false;
    };
    let entries = task["result"].as_array().unwrap();
    let values = || {
        entries.iter().flat_map(|entry| {
            let values = entry["values"].as_array().unwrap();
            values.iter().map(|value| {
                let place = (&entry["field"], &entry["locale"], &value["source"]);
                (place, &value["value"])
            })
        })
    };
    result["state"] == "completed"
        && task["type"] == "document_scan"
        && task["state"] == "completed"
        && task["score"]
            .as_f64()
            .is_some_and(|score| (0.5..=1.0).contains(&score))
        && !entries.is_empty()
        && entries.iter().all(|entry| {
            let values = entry["values"].as_array().unwrap();
            let in_zone = values.iter().find(|value| value["source"] == "mrz");
            entry["validity"] == "valid"
                && entry["comparison"] == "match"
                && in_zone
                    .or(values.first())
                    .is_some_and(|value| value["value"] != "")
        })
        && values().all(|(place, value)| values().all(|(other, another)| other != place || another == value))
}

/// Runs an assertion over generated answers, and asserts that enough of them could be read for it to mean
/// something: `judge` gives whether one was, and which way it went.
fn over(
    answers: &impl Strategy<Value = Value>,
    judge: impl Fn(&Value) -> Result<Option<bool>, TestCaseError>,
) {
    let [positive, negative] = [const { Cell::new(0) }; 2];
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(1024)
    });
    let outcome = runner.run(answers, |answer| {
        match judge(&answer)? {
            Some(true) => positive.set(positive.get() + 1),
            Some(false) => negative.set(negative.get() + 1),
            None => {}
        }
        Ok(())
    });
    outcome.unwrap();
    let (positive, negative) = (positive.get(), negative.get());
    assert!(
        positive >= 32 && negative >= 128,
        "{positive} and {negative} of 1024"
    );
}

#[test]
fn all_clear_is_what_is_good_in_every_member() {
    over(&results(), |json| {
        let Ok(result) = Answer::<TransactionResult>::from_json(json.to_string()) else {
            return Ok(None);
        };
        let all_clear = result.is_all_clear(Tasks::DocumentScan, 0.5);
        prop_assert_eq!(all_clear, is_good(json), "{}", json);
        Ok(Some(all_clear))
    });
}

#[test]
fn no_count_is_below_what_the_codes_prove_or_above_the_attempts() {
    over(&transactions(), |json| {
        let Ok(transaction) = Answer::<Transaction>::from_json(json.to_string()) else {
            return Ok(None);
        };
        let invoiced = transaction.invoiced();
        if let Some(invoiced) = invoiced {
            let (mut proven, mut at_most) = (0, Some(0));
            for task in json["tasks"].as_array().unwrap() {
                let scans = task["documentScans"].as_array().map_or(&[][..], Vec::as_slice);
                let charged =
                    |scan: &&Value| scan["code"].is_null() || scan["code"] == "age_criteria_not_met";
                proven += scans.iter().filter(charged).count() as u64;
                at_most = at_most.and_then(|sum| Some(sum + task["attempts"].as_u64()?));
            }
            prop_assert!(invoiced >= proven, "{}", json);
            prop_assert!(at_most.is_none_or(|at_most| invoiced <= at_most), "{}", json);
        }
        Ok(Some(invoiced.is_some()))
    });
}

proptest! {
    #[test]
    fn any_return_url_is_read_or_refused(url in "\\PC{0,80}") {
        if let Err(error) = BrowserReturn::from_url(&url) {
            prop_assert!(error.is_invalid_input());
            let shown = format!("{error} {error:?}");
            prop_assert!(url.len() < 8 || !shown.contains(&url));
        }
    }

    #[test]
    fn a_return_url_comes_back_as_it_was_written(
        transaction in "[^\\p{C}]{1,40}",
        state in "\\PC{0,20}",
        result in "[^\\p{C}]{1,40}",
    ) {
        prop_assume!(![".", ".."].contains(&transaction.as_str()) && ![".", ".."].contains(&result.as_str()));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("resultid", &result)
            .append_pair("x", "1")
            .append_pair("state", &state)
            .append_pair("trxid", &transaction)
            .finish();
        let read = BrowserReturn::from_url(&format!("https://app.example.net/done?{query}#x")).unwrap();
        prop_assert_eq!(read.transaction_id.as_str(), transaction);
        prop_assert_eq!(read.state.as_ref().unwrap().as_str(), state);
        prop_assert_eq!(read.result_id.as_ref().unwrap().as_str(), result);
    }

    #[test]
    fn any_json_is_read_or_refused(json in members()) {
        let text = json.to_string();
        if let Ok(transaction) = Answer::<Transaction>::from_json(text.clone()) {
            prop_assert_eq!(&transaction.raw()[..], text.as_bytes());
            let _ = transaction.invoiced();
        }
        if let Ok(result) = Answer::<TransactionResult>::from_json(text.clone()) {
            let _ = result.concerns(Tasks::DocumentScan, 0.5);
        }
        let _ = Answer::<CreatedTransaction>::from_json(text.clone());
        let _ = Answer::<Notification>::from_json(text);
    }

    #[test]
    fn no_other_header_value_is_a_secret(value in prop::collection::vec(any::<u8>(), 0..24)) {
        let Ok(value) = HeaderValue::from_bytes(&value) else { return Ok(()) };
        let secrets = WebhookSecrets::new("x-s", [Secret::new("0123456789ab")]).unwrap();
        let mut headers = HeaderMap::new();
        prop_assume!(value.as_bytes() != b"0123456789ab");
        headers.insert("x-s", value);
        prop_assert_eq!(secrets.read(&headers, "{}").unwrap_err().kind(), ErrorKind::Auth);
    }

    #[test]
    fn any_page_url_is_taken_whole_or_refused(url in "(https?://)?\\PC{0,40}") {
        if let Ok(read) = TransactionUrl::new(&url) {
            prop_assert_eq!(read.expose(), &url);
            prop_assert!(read.origin().starts_with("http"));
        }
    }

    #[test]
    fn whatever_a_download_url_is_the_token_stays_at_its_origin(url in "(https?:|//|/)?\\PC{0,60}") {
        let scripted = Scripted::new([cm_idscan::testing::Step::answer(200, "i")]);
        let _ = scripted.run(scripted.client.downloads().bytes(&DownloadUrl::new(url)));
        for seen in scripted.transport.seen() {
            let (scheme, host) = (seen.uri.scheme_str(), seen.uri.authority().unwrap().as_str());
            prop_assert_eq!((scheme, host), (Some("https"), "api.cm.com"));
        }
    }
}
