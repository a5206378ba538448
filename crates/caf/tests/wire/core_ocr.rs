//! Reading documents at once (contract caf, 4.7).

use caf::core_api::{ForcedDocumentType, OcrSync};
use caf::testing::Step;
use caf::transactions::{DocumentType, FileType, TransactionFile};
use caf::{Delivery, ErrorKind};

use crate::core_support::{BASE, ID};
use crate::support::Scripted;

const READ: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000bbbb","type":"new_rg",
 "data":{"name":"Ana Teste","birthDate":"01/02/1990","issueDate":"","rg":"12.345.678-9","expirationDate":"99/99/2030","n":7},
 "images":{"selectedFront":"https://img.example.com/sf"}}"#;

fn front() -> TransactionFile {
    TransactionFile::at_url(FileType::Front, "https://img.example.com/front.jpg").mime_type("image/jpeg")
}

#[test]
fn the_least_that_can_be_asked() {
    let scripted = Scripted::core([Step::json(200, READ)]);
    let document = scripted.run(scripted.transactions().ocr_sync([front()])).unwrap();
    scripted.assert_core_sent(
        &format!("POST {BASE}/transactions?origin=TRUST"),
        "application/json",
        concat!(
            r#"{"template":{"services":["ocr_sync"]},"#,
            r#""files":[{"data":"https://img.example.com/front.jpg","type":"FRONT","mimeType":"image/jpeg"}]}"#
        ),
    );
    assert_eq!(document.id.as_ref().unwrap().as_str(), ID);
    assert!(document.request_id.is_some());
    assert_eq!(document.document_type, Some(DocumentType::NewRg));
    assert_eq!(document.value("name"), Some("Ana Teste"));
    assert_eq!(document.value("rg"), Some("12.345.678-9"));
    assert_eq!(document.date("birthDate").unwrap().iso(), "1990-02-01");
    for none in ["issueDate", "missing", "n"] {
        assert_eq!(
            (document.value(none), document.date(none)),
            (None, None),
            "{none}"
        );
    }
    assert_eq!(document.date("expirationDate"), None);
    assert_eq!(document.value("expirationDate"), Some("99/99/2030"));
    let selected = document.images.as_ref().unwrap().selected_front.as_ref();
    assert_eq!(selected.unwrap().expose(), "https://img.example.com/sf");
    let shown = format!("{document:?}");
    assert!(!shown.contains("Ana") && !shown.contains("1990"), "{shown}");
}

#[test]
fn everything_that_can_be_asked() {
    let scripted = Scripted::core([Step::json(200, READ)]);
    let back = TransactionFile::at_url(FileType::Back, "https://img.example.com/back.jpg");
    let ocr = scripted
        .transactions()
        .ocr_sync([front(), back])
        .force_document_type(ForcedDocumentType::RgNew)
        .return_selected_images(true)
        .extra("metadata", serde_json::json!({"a": 1}));
    scripted.run(ocr).unwrap();
    scripted.assert_core_sent(
        &format!("POST {BASE}/transactions?origin=TRUST"),
        "application/json",
        concat!(
            r#"{"template":{"services":["ocr_sync"]},"#,
            r#""files":[{"data":"https://img.example.com/front.jpg","type":"FRONT","mimeType":"image/jpeg"},"#,
            r#"{"data":"https://img.example.com/back.jpg","type":"BACK"}],"#,
            r#""forceDocType":"rg_new","returnSelectedImages":true,"metadata":{"a":1}}"#
        ),
    );
}

/// The words of the contract: requests and answers write the newer forms in two ways.
#[test]
fn the_words_for_documents() {
    assert_eq!(
        ForcedDocumentType::WORDS,
        [
            "cnh", "cnh_new", "rg", "rg_new", "rne", "rnm", "ctps", "passport", "crlv", "crlv_new", "cin"
        ]
    );
    let answers = [
        "rg", "new_rg", "cin", "cnh", "new_cnh", "crlv", "new_crlv", "rne", "rnm", "ctps", "passport",
        "outros", "invalido",
    ];
    assert_eq!(DocumentType::WORDS, answers);
    for (word, known) in answers
        .map(|word| (word, true))
        .into_iter()
        .chain([("rg_new", false)])
    {
        let body = format!(r#"{{"type":"{word}","data":{{}}}}"#);
        let scripted = Scripted::core([Step::json(200, body)]);
        let document = scripted.run(scripted.transactions().ocr_sync([front()])).unwrap();
        let document_type = document.document_type.clone().unwrap();
        assert_eq!(
            (document_type.as_str(), document_type.is_unknown()),
            (word, !known)
        );
    }
}

type Change = fn(OcrSync) -> OcrSync;

#[test]
fn what_makes_no_sense_is_not_sent() {
    let bad: &[Change] = &[
        |ocr| ocr.force_document_type(ForcedDocumentType::from("")),
        |ocr| ocr.extra("files", "Needle"),
        |ocr| ocr.extra("forcedoctype", "Needle"),
        |ocr| ocr.extra("templateId", "Needle"),
        |ocr| ocr.extra("a", 1).extra("a", 2),
    ];
    for change in bad {
        let scripted = Scripted::core([]);
        let error = scripted
            .run(change(scripted.transactions().ocr_sync([front()])))
            .unwrap_err();
        scripted.assert_refused(&error);
        assert!(!format!("{error:?}").contains("Needle"));
    }
    let scripted = Scripted::core([]);
    scripted.assert_refused(&scripted.run(scripted.transactions().ocr_sync([])).unwrap_err());
    let files = [TransactionFile::at_url(
        FileType::Front,
        "ftp://img.example.com/a",
    )];
    scripted.assert_refused(&scripted.run(scripted.transactions().ocr_sync(files)).unwrap_err());
}

#[test]
fn it_is_sent_once_and_its_answer_kept() {
    for (status, body) in [
        (500, "{}"),
        (502, "<html>"),
        (200, "[]"),
        (200, r#"{"type":7}"#),
        (200, "null"),
    ] {
        let scripted = Scripted::core([Step::json(status, body), Step::json(200, READ)]);
        let error = scripted
            .run(scripted.transactions().ocr_sync([front()]))
            .unwrap_err();
        assert_eq!(scripted.transport.seen().len(), 1);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(error.body(), body);
        assert_eq!(error.operation(), "core_ocr.read");
        if status == 200 {
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Decode, Delivery::CarriedOut)
            );
        }
    }
    // Nothing is made up where nothing was read.
    for body in ["{}", r#"{"type":null,"data":null}"#, r#"{"data":["Ana"],"id":7}"#] {
        let scripted = Scripted::core([Step::json(200, body)]);
        let document = scripted.run(scripted.transactions().ocr_sync([front()])).unwrap();
        assert_eq!((&document.document_type, &document.id), (&None, &None));
        assert_eq!(document.value("name"), None);
    }
}
