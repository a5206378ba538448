//! Texts from anywhere: each ends as a value or as an error that does not repeat it.

use cm_idscan::{
    Answer, BrowserReturn, CreatedTransaction, DownloadUrl, ErrorKind, Notification, Secret, Tasks,
    Transaction, TransactionResult, TransactionUrl, WebhookSecrets,
};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
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
    fn any_answer_is_read_or_refused_and_nothing_unknown_is_all_clear(json in members()) {
        let text = json.to_string();
        let transaction = Answer::<Transaction>::from_json(text.clone());
        if let Ok(transaction) = &transaction {
            prop_assert_eq!(&transaction.raw()[..], text.as_bytes());
            let _ = transaction.invoiced();
        }
        let _ = Answer::<CreatedTransaction>::from_json(text.clone());
        let _ = Answer::<Notification>::from_json(text.clone());
        if let Ok(result) = Answer::<TransactionResult>::from_json(text.clone()) {
            // Every word that could be good has to be in the text for that.
            let good = ["\"completed\"", "\"valid\"", "\"match\"", "\"document_scan\""];
            if result.is_all_clear(Tasks::DocumentScan, 0.5) {
                prop_assert!(good.iter().all(|word| text.contains(word)), "{}", text);
            }
        }
    }

    #[test]
    fn a_good_result_in_any_noise_is_judged_by_every_entry(noise in prop::collection::vec(members(), 0..4)) {
        let good = json!({"field": "age", "validity": "valid", "comparison": "match",
            "values": [{"source": "mrz", "value": "45"}]});
        let mut entries = vec![good.clone()];
        entries.extend(noise.iter().cloned());
        let whole = json!({"state": "completed", "tasks": [
            {"type": "document_scan", "state": "completed", "score": 0.9, "result": entries}]});
        if let Ok(result) = Answer::<TransactionResult>::from_json(whole.to_string()) {
            let all_good = result.tasks[0].result.iter().all(|entry| {
                entry.validity.as_ref().is_some_and(|word| word.as_str() == "valid")
                    && entry.comparison.as_ref().is_some_and(|word| word.as_str() == "match")
                    && entry.value().is_some_and(|value| !value.expose().is_empty())
            });
            prop_assert_eq!(result.is_all_clear(Tasks::DocumentScan, 0.5), all_good);
        }
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
