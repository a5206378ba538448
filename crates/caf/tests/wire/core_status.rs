//! Only the documented positive is one.

use caf::core_api::{ListedTransaction, TransactionPage};
use caf::testing::Step;
use caf::transactions::{Transaction, TransactionStatus};
use caf::{Answer, Error};

use crate::core_support::{ID, id, with_status};
use crate::support::Scripted;

fn get(body: &str) -> Result<Answer<Transaction>, Error> {
    let scripted = Scripted::core([Step::json(200, body.to_owned())]);
    scripted.run(scripted.transactions().get(&id()))
}

#[test]
fn approved_to_the_letter_and_nothing_else() {
    assert!(get(&with_status("\"APPROVED\"")).unwrap().is_approved());
    // Another way to write the same text in JSON.
    assert!(get(&with_status("\"\\u0041PPROVED\"")).unwrap().is_approved());
    for (word, status) in [
        ("PROCESSING", TransactionStatus::Processing),
        ("REPROVED", TransactionStatus::Reproved),
        ("PENDING", TransactionStatus::Pending),
        ("WAITING_DOCUMENTS", TransactionStatus::WaitingDocuments),
    ] {
        let transaction = get(&with_status(&format!("\"{word}\""))).unwrap();
        assert!(!transaction.is_approved());
        assert_eq!(transaction.status, status);
    }
}

/// Each of these is close to an approved transaction, and none is one.
const MUTATED: [&str; 54] = [
    "\"approved\"",
    "\"Approved\"",
    "\"aPPROVED\"",
    "\"APPROVEd\"",
    "\"APPROVED \"",
    "\" APPROVED\"",
    "\"APPROVED\\n\"",
    "\"APPROVED\\t\"",
    "\"APPROVED\\u0000\"",
    "\"\\u0000APPROVED\"",
    "\"\\ufeffAPPROVED\"",
    "\"APPRO\\u200bVED\"",
    "\"APPROVED\\u0301\"",
    "\"\\u0410PPROVED\"",
    "\"\\uff21PPROVED\"",
    "\"A\\u03a1\\u03a1ROVED\"",
    "\"\u{1d400}PPROVED\"",
    "\"APPROVE\"",
    "\"PPROVED\"",
    "\"APROVED\"",
    "\"APPROVEDS\"",
    "\"UNAPPROVED\"",
    "\"NOT_APPROVED\"",
    "\"APPROVED_MANUALLY\"",
    "\"APPROVED,REPROVED\"",
    "\"APPROVED|PENDING\"",
    "\"APROVADO\"",
    "\"VALID\"",
    "\"OK\"",
    "\"SUCCESS\"",
    "\"true\"",
    "\"1\"",
    "\"\"",
    "\"null\"",
    "\"\\\"APPROVED\\\"\"",
    "\"APPROVED\\ud800\"",
    "true",
    "false",
    "null",
    "1",
    "0",
    "1.0",
    "[]",
    "{}",
    "[\"APPROVED\"]",
    "[[\"APPROVED\"]]",
    "{\"status\":\"APPROVED\"}",
    "{\"APPROVED\":true}",
    "{\"APPROVED\":null}",
    "\"REPROVED\",\"status\":\"APPROVED\"",
    "\"APPROVED\",\"status\":\"REPROVED\"",
    "\"APPROVED\",\"status\":\"APPROVED\"",
    "\"APPROVED\",\"st\\u0061tus\":\"REPROVED\"",
    "APPROVED",
];

/// Whoever is taken for a fraud is not approved, whatever the status says.
#[test]
fn a_fraud_is_not_approved() {
    let with = |status: &str, fraud: &str| {
        let body = format!(r#"{{"id":"{ID}","status":{status}{fraud}}}"#);
        get(&body).unwrap()
    };
    for no_fraud in ["", r#","fraud":false"#, r#","fraud":null"#, r#","Fraud":true"#] {
        assert!(with("\"APPROVED\"", no_fraud).is_approved(), "{no_fraud}");
        assert!(!with("\"REPROVED\"", no_fraud).is_approved(), "{no_fraud}");
    }
    for fraud in [r#","fraud":true"#, r#","fr\u0061ud":true"#] {
        let transaction = with("\"APPROVED\"", fraud);
        assert!(!transaction.is_approved(), "{fraud}");
        assert_eq!(transaction.fraud, Some(true));
        assert!(transaction.status.is_approved(), "the word alone decides nothing");
        assert!(!with("\"REPROVED\"", fraud).is_approved(), "{fraud}");
    }
    // A waiting one ends as any other does.
    let body = format!(r#"{{"id":"{ID}","status":"APPROVED","fraud":true}}"#);
    let scripted = Scripted::core([Step::json(200, body)]);
    let transaction = scripted.run(scripted.transactions().until_final(&id()));
    assert!(!transaction.unwrap().is_approved());
}

/// The approval stands where it says nothing of this transaction now.
const ELSEWHERE: [&str; 12] = [
    r#""Status":"APPROVED""#,
    r#""STATUS":"APPROVED""#,
    r#""status ":"APPROVED""#,
    r#""customStatus":"APPROVED""#,
    r#""result":"APPROVED""#,
    r#""approved":true"#,
    r#""data":{"status":"APPROVED"}"#,
    r#""history":[{"type":"STATUS_UPDATE","status":"APPROVED"}]"#,
    r#""statusReasons":[{"resultStatus":"APPROVED","status":"VALID"}]"#,
    r#""metadata":{"status":"APPROVED"}"#,
    r#""sections":{"status":"APPROVED"}"#,
    r#""attributes":{"status":"APPROVED"}"#,
];

#[test]
fn no_mutation_is_approved() {
    let mut unreadable = 0;
    for status in MUTATED {
        for fraud in ["true", "false"] {
            let body = format!(r#"{{"id":"{ID}","fraud":{fraud},"status":{status}}}"#);
            assert!(
                !get(&body).is_ok_and(|read| read.is_approved()),
                "{status} {fraud}"
            );
        }
        let body = with_status(status);
        let item = format!(r#"{{"items":[{body}]}}"#);
        let listed = Answer::<TransactionPage>::from_json(item);
        match (get(&body), listed) {
            (Ok(transaction), Ok(page)) => {
                assert!(!transaction.is_approved(), "{status}");
                assert!(
                    !transaction.status.is_approved() && transaction.status.is_unknown(),
                    "{status}"
                );
                let listed: &ListedTransaction = &page.items[0];
                assert!(!listed.is_approved(), "{status}");
            }
            (Err(error), Err(listed)) => {
                unreadable += 1;
                assert!(
                    error.is_decode() && listed.is_decode(),
                    "{status}: {error}, {listed}"
                );
                assert!(!format!("{error} {error:?} {listed}").contains("APPROVED"));
            }
            (read, listed) => panic!("{status}: {read:?}, {listed:?}"),
        }
    }
    assert_eq!(unreadable, 19, "what is no text, or there twice, is no status");
}

#[test]
fn an_approval_elsewhere_is_none() {
    for member in ELSEWHERE {
        let body = format!(r#"{{"id":"{ID}","status":"REPROVED",{member}}}"#);
        let transaction = get(&body).unwrap();
        assert!(!transaction.is_approved(), "{member}");
        let without = format!(r#"{{"id":"{ID}",{member}}}"#);
        assert!(get(&without).unwrap_err().is_decode(), "{member} alone");
    }
}

/// A missing member decides nothing in anybody's favour.
#[test]
fn nothing_is_not_approved() {
    for body in [
        "{}",
        r#"{"id":"64b0c0ffee0000000000bbbb"}"#,
        r#"{"status":"APPROVED"}"#,
        r#"{"id":null,"status":"APPROVED"}"#,
        r#"{"id":7,"status":"APPROVED"}"#,
        r#"{"id":"","status":"APPROVED"}"#,
        r#"{"id":"64b0c0ffee0000000000bbbb","id":"64b0c0ffee0000000000bbbb","status":"APPROVED"}"#,
        r#"["64b0c0ffee0000000000bbbb","APPROVED"]"#,
        r#"[{"id":"64b0c0ffee0000000000bbbb","status":"APPROVED"}]"#,
        r#"{"data":{"id":"64b0c0ffee0000000000bbbb","status":"APPROVED"}}"#,
        "\"APPROVED\"",
        "APPROVED",
        "true",
        "",
    ] {
        assert!(get(body).unwrap_err().is_decode(), "{body}");
    }
}

/// A failure is no answer, whatever its body says.
#[test]
fn an_approval_with_another_status_code_is_none() {
    for code in [202, 206] {
        let scripted = Scripted::core([Step::json(code, with_status("\"REPROVED\""))]);
        assert!(
            !scripted
                .run(scripted.transactions().get(&id()))
                .unwrap()
                .is_approved()
        );
    }
    for code in [300, 301, 400, 401, 403, 404, 409, 429, 500, 503] {
        let body = with_status("\"APPROVED\"");
        let scripted = Scripted::core(vec![Step::json(code, body); 3]);
        scripted.run(scripted.transactions().get(&id())).unwrap_err();
    }
}

/// Three words say that something is still to come; one that nobody knows does not.
#[test]
fn what_waits() {
    let waiting = |word: &str| TransactionStatus::from(word).is_waiting();
    for word in ["PROCESSING", "PENDING", "WAITING_DOCUMENTS"] {
        assert!(waiting(word), "{word}");
    }
    for word in ["APPROVED", "REPROVED", "processing", "PENDING ", "", "WAITING"] {
        assert!(!waiting(word), "{word}");
    }
}
