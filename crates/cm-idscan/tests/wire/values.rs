//! Values: open words, types of files, and what they show of themselves.

use cm_idscan::{
    AllowedExpiration, CaptureSource, Comparison, DownloadUrl, EventType, Field, FileCategory, FileKind,
    FileType, Level, Locale, Secret, TaskState, TaskType, TransactionResult, TransactionState,
    TransactionUrl, Validity, ValueSource, Webhook,
};

use crate::support::read;

/// Every word of the contract, and no other.
#[test]
fn the_words() {
    assert_eq!(TransactionState::WORDS, ["pending", "completed"]);
    assert_eq!(TaskState::WORDS, ["pending", "completed"]);
    assert_eq!(TaskType::WORDS, ["document_scan", "face_liveness", "face_match"]);
    assert_eq!(Locale::WORDS, ["en-US", "nl-NL", "fr-FR", "it-IT"]);
    assert_eq!(Level::WORDS, ["advanced"]);
    assert_eq!(CaptureSource::WORDS, ["camera", "file"]);
    assert_eq!(Validity::WORDS, ["valid", "invalid", "not_checked"]);
    assert_eq!(Comparison::WORDS, ["match", "not_performed"]);
    assert_eq!(ValueSource::WORDS, ["mrz", "visual"]);
    assert_eq!(
        EventType::WORDS,
        ["transaction.state.updated", "task.state.updated"]
    );
    assert_eq!(FileCategory::WORDS, ["document", "image"]);
    assert_eq!(
        FileKind::WORDS,
        ["raw_document_image", "passport", "driving_license", "portrait"]
    );
    assert_eq!(
        Field::WORDS,
        [
            "document_number",
            "given_names",
            "surname",
            "nationality",
            "age",
            "personal_number",
            "signature",
            "document_image",
            "portrait"
        ]
    );
}

#[test]
fn the_type_of_a_file_has_no_case() {
    let read = |text: &str| serde_json::from_value::<FileType>(text.into()).unwrap();
    assert_eq!(read("DRIVING_LICENSE").kind(), FileKind::DrivingLicense);
    assert_eq!(read("Passport"), read("PASSPORT"));
    assert_ne!(read("passport"), read("portrait"));
    assert_eq!(read("PassPort").as_str(), "PassPort");
    assert_eq!(format!("{:?}", read("PassPort")), "Passport");
    let unknown = read("Visa of Jan");
    assert!(unknown.kind().is_unknown());
    assert!(!format!("{unknown:?}").contains("Jan"));
    assert_eq!(unknown.as_str(), "Visa of Jan");
}

#[test]
fn days_have_the_sign_that_the_wire_wants() {
    assert_eq!(AllowedExpiration::expired_for_at_most_days(30).days(), 30);
    assert_eq!(AllowedExpiration::valid_for_at_least_days(90).days(), -90);
    assert_eq!(
        AllowedExpiration::valid_for_at_least_days(u16::MAX).days(),
        -65_535
    );
}

#[test]
fn a_transaction_url_shows_its_origin_alone() {
    for (text, origin) in [
        (
            "https://id-scan.identity.cm.com/nl-nl/identifications/SECRET",
            "https://id-scan.identity.cm.com",
        ),
        (
            "https://ID-SCAN.example.net:8443/SECRET?x=SECRET#SECRET",
            "https://id-scan.example.net:8443",
        ),
        (
            "https://user:SECRET@example.net:443/SECRET",
            "https://example.net",
        ),
        ("http://[::1]:8080/SECRET", "http://[::1]:8080"),
        (
            "https://d\u{f6}ner.example/SECRET",
            "https://xn--dner-5qa.example",
        ),
    ] {
        let url = TransactionUrl::new(text).unwrap();
        assert_eq!(url.origin(), origin);
        assert_eq!(url.expose(), text, "to the letter");
        assert_eq!(url, TransactionUrl::new(text).unwrap());
        assert_ne!(
            url,
            TransactionUrl::new(&text.replace("SECRET", "SECREt")).unwrap()
        );
        let shown = format!("{url:?} {url:#?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}

#[test]
fn nothing_that_was_read_is_shown() {
    let result = read::<TransactionResult>(
        r#"{"id":"Needle","state":"Needle","tasks":[{"type":"Needle","state":"Needle","result":[{"field":"Needle","validity":"Needle","comparison":"Needle","locale":"Needle","values":[{"source":"Needle","value":"Needle"}]}],"files":[{"category":"Needle","type":"Needle","name":"Needle","url":"Needle"}],"x":"Needle"}]}"#,
    );
    let shown = format!(
        "{result:?} {result:#?} {:?}",
        result.concerns(cm_idscan::Tasks::DocumentScan, 0.5)
    );
    assert!(!shown.contains("Needle"), "{shown}");
    let webhook = read::<Webhook>(
        r#"{"id":"Needle","url":"https://Needle.example","events":["Needle"],"headers":{"x":"Needle"}}"#,
    );
    assert!(!format!("{webhook:?}").contains("Needle"));
    assert_eq!(webhook.headers.as_ref().unwrap()["x"].expose(), "Needle");
    let url = DownloadUrl::new("Needle");
    assert_eq!(url, DownloadUrl::new("Needle"));
    assert_ne!(url, DownloadUrl::new("needle"));
    assert!(!format!("{url:?} {:?}", Secret::new("Needle")).contains("Needle"));
}
