//! Reading transactions (contract caf, 4.4 and 4.9).

use caf::testing::Step;
use caf::transactions::{
    Confidence, DocumentLivenessIndicatorId, DocumentType, ManualReprovalCode, ReasonCategory, RuleStatus,
    StatusChangeType, Transaction, TransactionId, TransactionStatus, ValidationRule,
};
use caf::{Answer, Delivery, ErrorKind};
use serde_json::json;

use crate::core_support::{BASE, ID, TEMPLATE, id, with_status};
use crate::support::Scripted;

const JSON: &str = "application/json";

/// All members of contract caf, 4.4.
const WHOLE: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000bbbb",
 "status":"REPROVED","customStatus":"Recusado na mesa","templateId":"64b0c0ffee0000000000aaaa",
 "onboardingId":"64b0c0ffee0000000000cccc","attributes":{"cpf":"12345678909","name":"Ana Teste"},
 "createdAt":"2026-01-02T03:04:05.678Z","type":"new_cnh",
 "images":{"front":"https://img.example.com/f","back":"https://img.example.com/b","selfie":"https://img.example.com/s",
  "selectedFront":"https://img.example.com/sf","selectedBack":"https://img.example.com/sb"},
 "sections":{"documentLiveness":{"data":{"message":"Foto de tela",
   "front":{"decision":false,"confidence":"HIGH","indicators":[{"id":"screen_photo_doc","message":"Tela"}]},
   "back":{"decision":true,"confidence":"LOW","indicators":[]}}},"other":{"a":[1.50]}},
 "fraud":true,"files":[{"name":"SELFIE","src":"https://img.example.com/1"}],
 "documentscopyRequestDate":"2026-01-02T03:05:00.000Z","relatedTransactions":{"a":"b"},
 "history":[{"type":"STATUS_UPDATE","status":"PENDING","date":"2026-01-02T03:06:00.000Z"},
  {"type":"STATUS_UPDATE","status":"REPROVED","date":"2026-01-02T03:07:00.000Z"}],
 "statusReasons":[{"category":"VALIDATION","resultStatus":"REPROVED","resultCustomStatus":null,
   "code":"document_is_known","status":"INVALID","description":"Documento desconhecido"},
  {"category":"MANUAL","resultStatus":"REPROVED","code":"whatever","user":"Ana Revisora","date":"2026-01-02T03:07:00Z",
   "reviewType":"REVIEW"}],
 "manualReprovalReasons":[{"code":"91","reason":"Selfie nao similar"},{"code":"999","reason":"Outra"}],
 "variables":{"v":1},"metadata":{"orderId":"A-17"},"newMember":7}"#;

fn read(json: &str) -> Answer<Transaction> {
    let scripted = Scripted::core([Step::json(200, json.to_owned())]);
    scripted.run(scripted.transactions().get(&id())).unwrap()
}

#[test]
fn every_member_is_read() {
    let scripted = Scripted::core([Step::json(200, WHOLE)]);
    let transaction = scripted.run(scripted.transactions().get(&id())).unwrap();
    scripted.assert_core_sent(&format!("GET {BASE}/transactions/{ID}"), JSON, "");

    assert_eq!(transaction.id, id());
    assert_eq!(transaction.status, TransactionStatus::Reproved);
    assert!(!transaction.is_approved());
    let request_id = transaction.request_id.as_ref().unwrap();
    assert_eq!(request_id.as_str(), "7d3b1f0a-1111-4222-8333-944445555566");
    let custom_status = transaction.custom_status.as_ref().unwrap();
    assert_eq!(custom_status.expose(), "Recusado na mesa");
    assert_eq!(transaction.template_id.as_ref().unwrap().as_str(), TEMPLATE);
    let onboarding_id = transaction.onboarding_id.as_ref().unwrap();
    assert_eq!(onboarding_id.as_str(), "64b0c0ffee0000000000cccc");
    assert_eq!(
        transaction.attributes.as_ref().unwrap().expose()["cpf"],
        "12345678909"
    );
    let created_at = transaction.created_at.as_ref().unwrap();
    assert_eq!(created_at.as_str(), "2026-01-02T03:04:05.678Z");
    assert_eq!(transaction.document_type, Some(DocumentType::NewCnh));
    let images = transaction.images.as_ref().unwrap();
    for (image, url) in [
        (&images.front, "https://img.example.com/f"),
        (&images.back, "https://img.example.com/b"),
        (&images.selfie, "https://img.example.com/s"),
        (&images.selected_front, "https://img.example.com/sf"),
        (&images.selected_back, "https://img.example.com/sb"),
    ] {
        assert_eq!(image.as_ref().unwrap().expose(), url);
    }
    assert_eq!(transaction.fraud, Some(true));
    let file = &transaction.files.as_ref().unwrap()[0];
    assert_eq!(file.name.as_ref().unwrap().expose(), "SELFIE");
    assert_eq!(file.src.as_ref().unwrap().expose(), "https://img.example.com/1");
    let requested = transaction.documentscopy_request_date.as_ref().unwrap();
    assert_eq!(requested.as_str(), "2026-01-02T03:05:00.000Z");
    assert_eq!(
        transaction.related_transactions.as_ref().unwrap().expose()["a"],
        "b"
    );
    assert_eq!(transaction.variables.as_ref().unwrap().expose()["v"], 1);
    assert_eq!(transaction.metadata.as_ref().unwrap().expose()["orderId"], "A-17");
    assert_eq!(transaction.extra().keys().collect::<Vec<_>>(), ["newMember"]);
    assert_eq!(transaction.raw(), WHOLE.as_bytes());
}

#[test]
fn history_and_reasons_are_read() {
    let transaction = read(WHOLE);
    let history = transaction.history.as_ref().unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].change_type, Some(StatusChangeType::StatusUpdate));
    assert_eq!(history[1].status, Some(TransactionStatus::Reproved));
    assert_eq!(
        history[1].date.as_ref().unwrap().as_str(),
        "2026-01-02T03:07:00.000Z"
    );

    let [rule, review] = &transaction.status_reasons.as_ref().unwrap()[..] else {
        panic!("two reasons");
    };
    assert_eq!(rule.category, Some(ReasonCategory::Validation));
    assert_eq!(rule.result_status, Some(TransactionStatus::Reproved));
    assert_eq!(rule.result_custom_status, None);
    assert_eq!(rule.code, Some(ValidationRule::DocumentIsKnown));
    assert_eq!(rule.status, Some(RuleStatus::Invalid));
    assert_eq!(
        rule.description.as_ref().unwrap().expose(),
        "Documento desconhecido"
    );
    assert!(review.category.as_ref().unwrap().is_unknown());
    assert_eq!(review.code.as_ref().unwrap().as_str(), "whatever");
    assert_eq!(review.status, None);
    assert_eq!(review.user.as_ref().unwrap().expose(), "Ana Revisora");
    assert_eq!(review.review_type.as_ref().unwrap().expose(), "REVIEW");
    assert_eq!(review.date.as_ref().unwrap().unix_seconds(), 1_767_323_220);

    let [selfie, other] = &transaction.manual_reproval_reasons.as_ref().unwrap()[..] else {
        panic!("two reasons");
    };
    assert_eq!(selfie.code, Some(ManualReprovalCode::SelfieNotSimilar));
    assert_eq!(selfie.reason.as_ref().unwrap().expose(), "Selfie nao similar");
    assert_eq!(other.code.as_ref().unwrap().as_str(), "999");
}

#[test]
fn sections_are_read() {
    let transaction = read(WHOLE);
    let sections = transaction.sections.as_ref().unwrap();
    assert_eq!(sections.get("other").unwrap(), json!({"a": [1.5]}));
    assert_eq!(sections.get("missing"), None);
    let liveness = sections.document_liveness().unwrap().unwrap();
    assert_eq!(liveness.message.as_ref().unwrap().expose(), "Foto de tela");
    let front = liveness.front.as_ref().unwrap();
    assert_eq!(
        (front.decision, &front.confidence),
        (Some(false), &Some(Confidence::High))
    );
    let indicator = &front.indicators.as_ref().unwrap()[0];
    assert_eq!(indicator.id, Some(DocumentLivenessIndicatorId::ScreenPhoto));
    assert_eq!(indicator.message.as_ref().unwrap().expose(), "Tela");
    assert_eq!(liveness.back.as_ref().unwrap().decision, Some(true));

    let section = |section: &str| {
        let body = format!(r#"{{"id":"{ID}","status":"PENDING","sections":{{{section}}}}}"#);
        read(&body).sections.clone().unwrap().document_liveness()
    };
    assert_eq!(section("").unwrap(), None);
    assert_eq!(section(r#""documentLiveness":null"#).unwrap(), None);
    let empty = section(r#""documentLiveness":{"data":{"front":null}}"#)
        .unwrap()
        .unwrap();
    assert_eq!((&empty.front, &empty.back), (&None, &None));
}

/// A decision that is not one to the letter is none.
#[test]
fn a_section_that_is_not_as_documented_is_an_error() {
    for section in [
        r#"{"data":{"front":{"decision":"true Needle"}}}"#,
        r#"{"data":{"front":{"decision":1}}}"#,
        r#"{"data":{"front":{"decision":[true]}}}"#,
        r#"{"data":{"front":{"decision":false,"decision":true}}}"#,
        r#"{"data":{"front":[true,"HIGH"]}}"#,
        r#"{"data":[null,{"decision":true}]}"#,
        r#"[{"front":{"decision":true}}]"#,
        r#"{"data":"Needle"}"#,
        r#"{"front":{"decision":true}}"#,
        r#"{},"documentLiveness":{"data":{"front":{"decision":true}}}"#,
        "true",
    ] {
        let body =
            format!(r#"{{"id":"{ID}","status":"APPROVED","sections":{{"documentLiveness":{section}}}}}"#);
        let sections = read(&body).sections.clone().unwrap();
        let error = sections.document_liveness().unwrap_err();
        assert!(error.is_decode(), "{section}: {error}");
        assert!(!format!("{error} {error:?} {sections:?}").contains("Needle"));
    }
}

/// All but the id and the status is somebody's copy of a sample: what differs must not cost the answer.
#[test]
fn what_is_not_as_expected_reads_as_missing() {
    let members = [
        "requestId",
        "customStatus",
        "templateId",
        "onboardingId",
        "attributes",
        "createdAt",
        "type",
        "images",
        "sections",
        "files",
        "documentscopyRequestDate",
        "relatedTransactions",
        "history",
        "statusReasons",
        "manualReprovalReasons",
        "variables",
        "metadata",
    ];
    for value in ["null", "7.5", "[[7]]", "[\"x\"]", "\"\\ud800\"", "1e999"] {
        let all: Vec<_> = members
            .iter()
            .map(|name| format!(r#""{name}":{value}"#))
            .collect();
        let body = format!(r#"{{"id":"{ID}","status":"APPROVED",{}}}"#, all.join(","));
        let least = read(&with_status("\"APPROVED\"").replace(r#""requestId":"r-1","#, ""));
        let transaction = read(&body);
        assert!(transaction.is_approved());
        assert_eq!(*transaction, *least, "{value}");
        assert!(
            transaction.extra().is_empty() || value == "1e999",
            "all of them are known"
        );
    }
    // No status of a reason is a list of reasons that cannot be read, not one of reasons without.
    let reasons = r#""statusReasons":[{"status":true}]"#;
    let transaction = read(&format!(r#"{{"id":"{ID}","status":"APPROVED",{reasons}}}"#));
    assert_eq!(transaction.status_reasons, None);
}

/// A warning that cannot be read is not the absence of one.
#[test]
fn a_fraud_that_is_neither_true_nor_false_is_an_error() {
    let with = |fraud: &str| {
        let body = format!(r#"{{"id":"{ID}","status":"APPROVED","fraud":{fraud}}}"#);
        let scripted = Scripted::core([Step::json(200, body)]);
        scripted.run(scripted.transactions().get(&id()))
    };
    for (value, fraud) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
        assert_eq!(with(value).unwrap().fraud, fraud);
    }
    for value in ["\"true\"", "1", "[true]", "{}", "true,\"fraud\":false"] {
        let error = with(value).unwrap_err();
        assert!(error.is_decode(), "{value}: {error}");
    }
}

#[test]
fn another_transaction_than_asked_for_does_not_count() {
    for other in ["64b0c0ffee0000000000bbbc", "64b0c0ffee0000000000bbb", "b"] {
        let body = with_status("\"APPROVED\"").replace(ID, other);
        let scripted = Scripted::core([Step::json(200, body.clone())]);
        let error = scripted.run(scripted.transactions().get(&id())).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut)
        );
        assert_eq!(error.body(), body.as_bytes());
        assert!(!format!("{error} {error:?}").contains("APPROVED"));
    }
    let upper = with_status("\"APPROVED\"").replace(ID, &ID.to_uppercase());
    assert!(read(&upper).is_approved());
}

#[test]
fn the_unconfirmed_parameters_go_as_third_parties_send_them() {
    let scripted = Scripted::core([Step::json(200, with_status("\"PENDING\""))]);
    let get = scripted
        .transactions()
        .get(&id())
        .include_cropped_images(true)
        .include_pf_relationships(false)
        .language("pt");
    scripted.run(get).unwrap();
    let query = "_includeCroppedImages=true&_includePfRelationships=false&_lang=pt";
    scripted.assert_core_sent(&format!("GET {BASE}/transactions/{ID}?{query}"), JSON, "");

    let scripted = Scripted::core([]);
    let error = scripted.run(scripted.transactions().get(&id()).language(""));
    scripted.assert_refused(&error.unwrap_err());
    let error = scripted.run(scripted.transactions().get(&id()).language("p\r\nt"));
    scripted.assert_refused(&error.unwrap_err());
}

#[test]
fn an_id_stays_one_segment() {
    let odd = TransactionId::new("a/../b?c#d e").unwrap();
    let body = r#"{"id":"a/../b?c#d e","status":"PENDING"}"#;
    let scripted = Scripted::core([Step::json(200, body)]);
    scripted.run(scripted.transactions().get(&odd)).unwrap();
    let uri = scripted.sent().uri.to_string();
    assert_eq!(uri, format!("{BASE}/transactions/a%2F..%2Fb%3Fc%23d%20e"));
    for text in ["", ".", "..", "a\nb", "a\0b"] {
        assert!(TransactionId::new(text).is_err(), "{text:?}");
    }
}

#[test]
fn nothing_personal_is_shown() {
    let transaction = read(WHOLE);
    let shown = format!("{transaction:?} {transaction:#?}");
    for hidden in [
        "12345678909",
        "Ana",
        "img.example.com",
        "Recusado",
        "Selfie nao",
        "A-17",
        "Foto",
        "desconhecido",
        "whatever",
        "SELFIE",
    ] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

#[test]
fn a_request_of_ones_own_is_authorised_and_sent_once() {
    let scripted = Scripted::core([Step::json(200, "[]")]);
    let request = scripted
        .client
        .core()
        .request(http::Method::GET, ["v1", "transactions"])
        .query("_offset", "10");
    let reply = scripted.run(request).unwrap();
    assert_eq!(reply.body(), "[]");
    scripted.assert_core_sent(&format!("GET {BASE}/transactions?_offset=10"), "*/*", "");
    let scripted = Scripted::core([Step::json(503, "{}"), Step::json(200, "{}")]);
    let request = scripted
        .client
        .core()
        .request(http::Method::GET, ["v1", "transactions"]);
    scripted.run(request).unwrap_err();
    assert_eq!(scripted.transport.seen().len(), 1);
}
