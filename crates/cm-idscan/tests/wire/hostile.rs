//! Answers that nobody documented: each ends as a typed error with the answer inside, or as a value that
//! keeps it.

use cm_idscan::testing::Step;
use cm_idscan::{
    Answer, CreatedTransaction, Delivery, Error, ErrorKind, Notification, Result, Tasks, Transaction,
    TransactionResult, Webhook,
};

use crate::support::{CREATED, ID, Scripted, id, result_id};

const NO_JSON: [&[u8]; 12] = [
    b"",
    b" ",
    b"null",
    b"true",
    b"17",
    b"\"completed\"",
    b"[]",
    b"<!doctype html><html></html>",
    b"{\"id\":",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0}\0",
    b"{}{}",
];

#[track_caller]
fn assert_unreadable(error: &Error, body: &[u8]) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert_eq!(error.body(), body);
    assert_eq!(error.attempts(), 1, "reading it again would not help");
}

fn create(body: &[u8]) -> Result<Answer<CreatedTransaction>> {
    let scripted = Scripted::new([Step::json(200, body.to_vec())]);
    let created = scripted.run(scripted.client.transactions().create(Tasks::DocumentScan));
    assert_eq!(scripted.transport.seen().len(), 1, "a create arrives once");
    created
}

fn get(body: &[u8]) -> Result<Answer<Transaction>> {
    let scripted = Scripted::new([Step::json(200, body.to_vec())]);
    scripted.run(scripted.client.transactions().get(&id()))
}

fn result(body: &[u8]) -> Result<Answer<TransactionResult>> {
    let scripted = Scripted::new([Step::json(200, body.to_vec())]);
    scripted.run(scripted.client.transactions().result(&id(), &result_id()))
}

#[test]
fn what_is_no_json_object_is_an_error_with_the_answer_inside() {
    for body in NO_JSON {
        let error = create(body).unwrap_err();
        assert_unreadable(&error, body);
        assert!(
            !error.is_safe_to_repeat(),
            "a repeat would be a second transaction"
        );
        let error = get(body).unwrap_err();
        assert_unreadable(&error, body);
        assert!(error.is_safe_to_repeat(), "it only reads");
        assert_unreadable(&result(body).unwrap_err(), body);
        let scripted = Scripted::new([Step::json(200, body)]);
        let create = scripted.client.webhooks().create("https://app.example.net/hook");
        assert_unreadable(&scripted.run(create).unwrap_err(), body);
    }
}

#[test]
fn what_decides_is_strict() {
    for (from, to) in [
        (r#""state":"pending""#, r#""state":null"#),
        (r#""state":"pending""#, r#""state":7"#),
        (r#""state":"pending""#, r#""state":"pending","state":"completed""#),
        (r#""state":"pending","#, ""),
        (ID, ""),
        (ID, ".."),
        (r#""0a0a0a0a-1111-4222-8333-444444444444""#, "7"),
        (
            r#""https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN""#,
            "null",
        ),
        (
            r#""https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN""#,
            "7",
        ),
        ("https://id-scan", "javascript:alert(1)//"),
        ("https://id-scan.identity.cm.com/", "/"),
        (
            "https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN",
            "https://",
        ),
    ] {
        assert!(CREATED.contains(from), "{from}");
        let body = CREATED.replacen(from, to, 1);
        assert_unreadable(&create(body.as_bytes()).unwrap_err(), body.as_bytes());
    }
    let task = |members: &str| {
        format!(
            r#"{{"id":"{ID}","state":"completed","tasks":[{{"type":"document_scan","state":"completed"{members}}}]}}"#
        )
    };
    for members in [
        r#","documentScans":{}"#,
        r#","documentScans":[7]"#,
        r#","documentScans":[{"code":7}]"#,
        r#","documentScans":[{"code":{}}]"#,
        r#","documentScans":[{"code":null,"code":"processing"}]"#,
        r#","attempts":"1""#,
        r#","attempts":-1"#,
        r#","attempts":1.5"#,
        r#","attemptsInvoiced":"1""#,
    ] {
        assert!(
            get(task(members).as_bytes()).unwrap_err().is_decode(),
            "{members}"
        );
    }
    for members in [
        r#","score":"0.9""#,
        r#","result":{}"#,
        r#","result":[{"validity":"valid"}]"#,
        r#","result":[{"field":"surname","validity":true}]"#,
        r#","result":[{"field":"surname","comparison":{}}]"#,
        r#","result":[{"field":"surname","locale":7}]"#,
        r#","result":[{"field":"age","values":[{"source":"mrz","value":45}]}]"#,
        r#","result":[{"field":"age","values":[{"value":"45"}]}]"#,
        r#","result":[{"field":"age","values":[{"source":"mrz","value":"45","value":"46"}]}]"#,
    ] {
        assert!(
            result(task(members).as_bytes()).unwrap_err().is_decode(),
            "{members}"
        );
    }
    for tasks in [
        "null",
        "{}",
        r#"["document_scan"]"#,
        r#"[{"type":"document_scan"}]"#,
        r#"[{"state":"completed"}]"#,
    ] {
        let body = format!(r#"{{"id":"{ID}","state":"completed","tasks":{tasks}}}"#);
        assert!(get(body.as_bytes()).unwrap_err().is_decode(), "{tasks}");
        assert!(result(body.as_bytes()).unwrap_err().is_decode(), "{tasks}");
    }
}

#[test]
fn what_informs_is_lenient() {
    let body = format!(
        r#"{{"id":"{ID}","state":"pending","created":7,"expires":"tomorrow","completed":true,"tasks":[
        {{"type":"document_scan","state":"pending","level":3,"attempts":null,"attemptsInvoiced":null,"documentScans":[
        {{"created":"","score":"high","source":1,"linked":"yes","files":[{{"category":1,"type":2,"name":3,"score":"4","url":5}}]}}]}}]}}"#
    );
    let transaction = get(body.as_bytes()).unwrap();
    assert_eq!((&transaction.created, &transaction.expires), (&None, &None));
    let scan = &transaction.tasks[0].document_scans.as_ref().unwrap()[0];
    assert_eq!((scan.score, &scan.source, scan.linked), (None, &None, None));
    let file = &scan.files[0];
    assert_eq!(
        (&file.category, &file.file_type, &file.name, file.score, &file.url),
        (&None, &None, &None, None, &None)
    );
    assert_eq!(
        &transaction.raw()[..],
        body.as_bytes(),
        "and nothing of it is lost"
    );

    let created = CREATED
        .replace(r#""mobileOnly":false"#, r#""mobileOnly":"no""#)
        .replace(r#""locale":"nl-NL""#, r#""locale":7"#)
        .replace("2026-01-01T01:00:00+00:00", "soon");
    let created = create(created.as_bytes()).unwrap();
    assert_eq!(
        (&created.mobile_only, &created.locale, &created.expires),
        (&None, &None, &None)
    );
}

/// That files are gone is said in words; nothing shows what is in their place.
#[test]
fn a_list_that_is_not_there_is_empty() {
    for (scan, task) in [("", ""), (r#""files":null"#, r#","result":null,"files":null"#)] {
        let body = format!(
            r#"{{"id":"{ID}","state":"pending","tasks":[{{"type":"document_scan","state":"pending","documentScans":[{{{scan}}}]}},{{"type":"face_match","state":"pending","documentScans":null}}]}}"#
        );
        let transaction = get(body.as_bytes()).unwrap();
        let scans = transaction.tasks[0].document_scans.as_ref().unwrap();
        assert!(scans[0].files.is_empty());
        assert!(transaction.tasks[1].document_scans.is_none());
        let body = format!(
            r#"{{"state":"completed","tasks":[{{"type":"document_scan","state":"completed"{task}}}]}}"#
        );
        let result = result(body.as_bytes()).unwrap();
        assert!(result.tasks[0].result.is_empty() && result.tasks[0].files.is_empty());
    }
    let values = r#"{"state":"completed","tasks":[{"type":"document_scan","state":"completed","result":[{"field":"age","values":null}]}]}"#;
    assert!(
        result(values.as_bytes()).unwrap().tasks[0].result[0]
            .values
            .is_empty()
    );
}

#[test]
fn an_answer_that_was_stored_is_read_again() {
    let created = create(CREATED.as_bytes()).unwrap();
    let stored = serde_json::to_string(&created).unwrap();
    assert_eq!(stored, CREATED);
    let again: Answer<CreatedTransaction> = serde_json::from_str(&stored).unwrap();
    assert_eq!(again, created);
}

#[test]
fn errors_quote_nothing() {
    let needle = "Jansen-Needle";
    let body = format!(
        r#"{{"state":"completed","tasks":[{{"type":"document_scan","state":"completed","result":[{{"field":"surname","values":[{{"source":"mrz","value":["{needle}"]}}]}}]}}]}}"#
    );
    let error = result(body.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(needle));
    assert!(Answer::<Notification>::from_json(format!(r#"{{"id":"{needle}"}}"#)).is_err());
    assert!(Answer::<Webhook>::from_json(format!(r#"["{needle}"]"#)).is_err());
}

#[test]
fn deep_or_many_members_do_no_harm() {
    let deep = format!(
        r#"{{"id":"{ID}","state":"pending","tasks":[],"x":{}{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    if let Err(error) = get(deep.as_bytes()) {
        assert!(error.is_decode());
    }
    let many = format!(
        r#"{{"id":"{ID}","state":"pending","tasks":[{}]}}"#,
        vec![r#"{"type":"t","state":"s"}"#; 20_000].join(",")
    );
    assert_eq!(get(many.as_bytes()).unwrap().tasks.len(), 20_000);
}
