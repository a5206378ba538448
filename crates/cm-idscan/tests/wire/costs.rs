//! Every row of the table of codes (contract cm-idscan, 10), and what a transaction comes to.

use cm_idscan::{DocumentScan, ScanCode, Task, Transaction};

use crate::support::{ID, read};

#[test]
fn every_row_of_the_table() {
    let rows = [
        ("processing", "failure", false),
        ("unknown_type_front", "front was not recognised", false),
        ("unknown_type_back", "back was not recognised", false),
        ("expiration_criteria_not_met", "expired", true),
        (
            "unable_to_determine_date_of_expiry",
            "date of expiry cannot be read",
            true,
        ),
        ("text_fields_analysis_failed", "no text", true),
        ("age_criteria_not_met", "aborted", true),
        ("unable_to_determine_age", "age cannot be read", true),
        ("field_validation_failed", "forgery", true),
        (
            "front_side_provided_back_side_required",
            "back is still needed",
            true,
        ),
        (
            "back_side_provided_front_side_required",
            "front is still needed",
            true,
        ),
    ];
    assert_eq!(
        ScanCode::WORDS,
        rows.map(|(code, ..)| code),
        "the whole table and no more"
    );
    for (code, meaning, invoiced) in rows {
        let code = ScanCode::from(code);
        assert!(!code.is_unknown());
        assert!(code.meaning().unwrap().contains(meaning), "{code:?}");
        assert_eq!(code.is_invoiced(), Some(invoiced), "{code:?}");
    }
}

#[test]
fn no_code_is_charged_and_an_unknown_one_is_unknown() {
    for (json, invoiced) in [
        (r#"{"code":null}"#, Some(true)),
        ("{}", Some(true)),
        (r#"{"code":"processing"}"#, Some(false)),
        (r#"{"code":"made_up_tomorrow"}"#, None),
        (r#"{"code":"Processing"}"#, None),
        (r#"{"code":""}"#, None),
    ] {
        assert_eq!(read::<DocumentScan>(json).is_invoiced(), invoiced, "{json}");
    }
    let code = ScanCode::from("made_up_tomorrow");
    assert_eq!((code.is_invoiced(), code.meaning()), (None, None));
    assert_eq!(code.as_str(), "made_up_tomorrow");
}

fn task(members: &str) -> String {
    format!(r#"{{"type":"document_scan","state":"pending"{members}}}"#)
}

#[test]
fn a_document_scan() {
    for (members, invoiced) in [
        // The provider's own count comes first.
        (r#","attempts":3,"attemptsInvoiced":2"#, Some(2)),
        (r#","attempts":3,"attemptsInvoiced":0"#, Some(0)),
        (r#","attemptsInvoiced":2"#, Some(2)),
        (
            r#","attempts":2,"attemptsInvoiced":2,"documentScans":[{"code":"made_up"},{"code":"processing"}]"#,
            Some(2),
        ),
        // Fewer charges than the codes prove cannot be.
        (
            r#","attempts":2,"attemptsInvoiced":0,"documentScans":[{"code":"expiration_criteria_not_met"},{"code":null}]"#,
            None,
        ),
        (
            r#","attempts":2,"attemptsInvoiced":1,"documentScans":[{"code":"expiration_criteria_not_met"},{"code":null}]"#,
            None,
        ),
        (
            r#","attempts":2,"attemptsInvoiced":2,"documentScans":[{"code":"expiration_criteria_not_met"},{"code":null}]"#,
            Some(2),
        ),
        (r#","attemptsInvoiced":0,"documentScans":[{}]"#, None),
        (
            r#","attempts":2,"attemptsInvoiced":0,"documentScans":[{"code":"processing"},{"code":"made_up"}]"#,
            Some(0),
        ),
        (
            r#","attempts":3,"attemptsInvoiced":2,"documentScans":[{"code":null}]"#,
            Some(2),
        ),
        // More charges than attempts cannot be.
        (r#","attempts":1,"attemptsInvoiced":2"#, None),
        // Without it, the codes, if all are there.
        (r#","attempts":0"#, Some(0)),
        (r#","attempts":0,"documentScans":[]"#, Some(0)),
        (
            r#","attempts":2,"documentScans":[{"code":"unknown_type_front"},{"code":null}]"#,
            Some(1),
        ),
        (
            r#","attempts":2,"documentScans":[{"code":"age_criteria_not_met"},{}]"#,
            Some(2),
        ),
        (
            r#","attempts":2,"documentScans":[{"code":"processing"},{"code":"unknown_type_back"}]"#,
            Some(0),
        ),
        (r#","attempts":2,"documentScans":[{"code":"processing"}]"#, None),
        (
            r#","attempts":1,"documentScans":[{"code":"processing"},{"code":"processing"}]"#,
            None,
        ),
        (r#","attempts":0,"documentScans":[{"code":null}]"#, None),
        (
            r#","attempts":2,"documentScans":[{"code":"made_up"},{"code":null}]"#,
            None,
        ),
        (r#","attempts":1"#, None),
        (r#","documentScans":[{"code":null}]"#, None),
        (r#","documentScans":[]"#, None),
        ("", None),
    ] {
        assert_eq!(read::<Task>(&task(members)).invoiced(), invoiced, "{members}");
    }
    for (members, invoiced) in [
        // Done without an attempt or a charge: nobody knows.
        (r#","attempts":0"#, None),
        (r#","attempts":0,"attemptsInvoiced":0"#, None),
        (r#","attempts":2,"attemptsInvoiced":0"#, None),
        (r#","attemptsInvoiced":0"#, None),
        (r#","attempts":0,"documentScans":[]"#, None),
        (r#","attempts":1,"documentScans":[{"code":"processing"}]"#, None),
        (
            r#","attempts":2,"documentScans":[{"code":"processing"},{"code":null}]"#,
            Some(1),
        ),
        (r#","attempts":0,"attemptsInvoiced":1"#, None),
        (r#","attempts":2,"attemptsInvoiced":1"#, Some(1)),
        (r#","attemptsInvoiced":1"#, Some(1)),
    ] {
        let done = task(members).replace("pending", "completed");
        assert_eq!(read::<Task>(&done).invoiced(), invoiced, "{members}");
    }
}

#[test]
fn an_executed_face_task_is_charged_whatever_came_of_it() {
    for (members, invoiced) in [
        (r#""state":"completed""#, Some(1)),
        (r#""state":"completed","attempts":1"#, Some(1)),
        (r#""state":"failed","attempts":1"#, Some(1)),
        (r#""state":"pending","attempts":1"#, Some(1)),
        (r#""state":"pending","attempts":0"#, Some(0)),
        (
            r#""state":"completed","attempts":3,"attemptsInvoiced":3"#,
            Some(3),
        ),
        (r#""state":"pending","attempts":0,"attemptsInvoiced":0"#, Some(0)),
        (r#""state":"pending","attemptsInvoiced":0"#, Some(0)),
        // It was executed, so it is charged: a count of none is something else.
        (r#""state":"completed","attemptsInvoiced":0"#, None),
        (r#""state":"failed","attempts":1,"attemptsInvoiced":0"#, None),
        (r#""state":"completed","attempts":3"#, None),
        (r#""state":"completed","attempts":0"#, None),
        (r#""state":"failed""#, None),
        (r#""state":"pending""#, None),
    ] {
        for face in ["face_liveness", "face_match"] {
            let task = read::<Task>(&format!(r#"{{"type":"{face}",{members}}}"#));
            assert_eq!(task.invoiced(), invoiced, "{face} {members}");
        }
        let task = read::<Task>(&format!(r#"{{"type":"voice",{members}}}"#));
        assert_eq!(
            task.invoiced(),
            task.attempts_invoiced,
            "of an unknown task, the provider's count alone"
        );
    }
}

#[test]
fn a_transaction_is_the_sum_or_nothing() {
    let transaction = |tasks: &[&str]| {
        let json = format!(
            r#"{{"id":"{ID}","state":"completed","tasks":[{}]}}"#,
            tasks.join(",")
        );
        read::<Transaction>(&json).invoiced()
    };
    let scan = r#"{"type":"document_scan","state":"completed","attempts":3,"attemptsInvoiced":2}"#;
    let face = r#"{"type":"face_liveness","state":"completed"}"#;
    let open = r#"{"type":"face_match","state":"pending"}"#;
    let huge = r#"{"type":"voice","state":"completed","attemptsInvoiced":18446744073709551615}"#;
    assert_eq!(transaction(&[scan]), Some(2));
    assert_eq!(transaction(&[scan, face]), Some(3));
    assert_eq!(transaction(&[scan, face, open]), None);
    assert_eq!(transaction(&[huge, face]), None, "no wrapping around to nothing");
    assert_eq!(transaction(&[]), None, "every transaction has a task");
}
