//! Creating transactions (contract cm-idscan, 4).

use std::time::Duration;

use cm_idscan::testing::Step;
use cm_idscan::{
    AllowedExpiration, CaptureSource, Delivery, DocumentScanSettings, ErrorKind, Field, Level, Locale,
    TaskType, Tasks, TransactionState,
};

use crate::support::{BASE, CREATED, ID, Scripted};

const JSON: &str = "application/json";

#[test]
fn the_least_that_can_be_asked() {
    let scripted = Scripted::golden([Step::json(201, CREATED)]);
    let created = scripted
        .run(scripted.client.transactions().create(Tasks::DocumentScan))
        .unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/transactions"),
        JSON,
        r#"{"tasks":["document_scan"]}"#,
    );
    assert_eq!(created.id.as_str(), ID);
    assert_eq!(created.state, TransactionState::Pending);
    assert_eq!(created.tasks, [TaskType::DocumentScan]);
    assert_eq!(
        created.url.expose(),
        "https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN"
    );
    assert_eq!(created.url.origin(), "https://id-scan.identity.cm.com");
    assert_eq!(created.locale, Some(Locale::NlNl));
    assert_eq!(created.mobile_only, Some(false));
    assert_eq!(created.created.as_ref().unwrap().unix_seconds(), 1_767_225_600);
    assert_eq!(created.expires.as_ref().unwrap().unix_seconds(), 1_767_229_200);
    assert!(created.extra().is_empty());
}

/// The made-up example of the contract, to the letter.
#[test]
fn the_contracts_own_example() {
    let answer = r#"{"id": "0a0a0a0a-1111-4222-8333-444444444444", "state": "pending", "tasks": ["document_scan", "face_liveness"],
 "settings": {"documentScan": {"allowedExpiration": 14, "redactFields": ["personal_number"], "captureSources": ["camera"]}},
 "url": "https:\/\/id-scan.identity.cm.com\/nl-nl\/identifications\/EXAMPLETOKEN", "locale": "nl-NL", "mobileOnly": false,
 "created": "2025-06-01T10:00:00+00:00", "expires": "2025-06-01T12:00:00+00:00"}"#;
    let scripted = Scripted::golden([Step::json(200, answer)]);
    let settings = DocumentScanSettings::new()
        .allowed_expiration(AllowedExpiration::expired_for_at_most_days(14))
        .redact_fields([Field::PersonalNumber])
        .capture_sources([CaptureSource::Camera]);
    let created = scripted
        .run(
            scripted
                .client
                .transactions()
                .create(Tasks::DocumentScanAndFaceLiveness)
                .document_scan(settings)
                .locale(Locale::NlNl)
                .mobile_only(false)
                .expires_in(Duration::from_secs(7200)),
        )
        .unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/transactions"),
        JSON,
        r#"{"tasks":["document_scan","face_liveness"],"settings":{"documentScan":{"allowedExpiration":14,"redactFields":["personal_number"],"captureSources":["camera"]}},"locale":"nl-NL","mobileOnly":false,"expiresIn":7200}"#,
    );
    assert_eq!(created.tasks, Tasks::DocumentScanAndFaceLiveness.types());
    assert_eq!(
        created.settings.as_ref().unwrap().expose()["documentScan"]["allowedExpiration"],
        14
    );
    assert_eq!(
        created.url.expose(),
        "https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN"
    );
}

#[test]
fn everything_that_can_be_asked() {
    let scripted = Scripted::golden([Step::json(201, CREATED)]);
    let settings = DocumentScanSettings::new()
        .allowed_expiration(AllowedExpiration::valid_for_at_least_days(90))
        .redact_fields([Field::PersonalNumber, Field::Signature])
        .capture_sources([CaptureSource::Camera, CaptureSource::File])
        .level(Level::Advanced)
        .minimum_age(16)
        .maximum_age(80)
        .validate_fields([Field::PersonalNumber])
        .extract_fields([
            Field::DocumentNumber,
            Field::GivenNames,
            Field::Surname,
            Field::Age,
            Field::from("place_of_birth"),
            Field::DocumentImage,
            Field::Portrait,
        ])
        .extra("newSetting", true);
    scripted
        .run(
            scripted
                .client
                .transactions()
                .create(Tasks::DocumentScanFaceLivenessAndFaceMatch)
                .document_scan(settings)
                .locale(Locale::from("de-DE"))
                .mobile_only(true)
                .expires_in(Duration::from_secs(86_400))
                .extra("someReturnUrl", "https://app.example.net/done")
                .extra("other", serde_json::json!({"a": [1, null]})),
        )
        .unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/transactions"),
        JSON,
        r#"{"tasks":["document_scan","face_liveness","face_match"],"settings":{"documentScan":{"allowedExpiration":-90,"redactFields":["personal_number","signature"],"captureSources":["camera","file"],"level":"advanced","minimumAge":16,"maximumAge":80,"validateFields":["personal_number"],"extractFields":["document_number","given_names","surname","age","place_of_birth","document_image","portrait"],"newSetting":true}},"locale":"de-DE","mobileOnly":true,"expiresIn":86400,"someReturnUrl":"https://app.example.net/done","other":{"a":[1,null]}}"#,
    );
}

#[test]
fn a_preview_shows_the_shape_and_no_value() {
    let scripted = Scripted::new([]);
    let create = scripted
        .client
        .transactions()
        .create(Tasks::DocumentScan)
        .extra("someReturnUrl", "https://app.example.net/?session=77");
    let preview = create.prepare().unwrap();
    let shown = format!("{preview}\n{preview:?}\n{create:?}");
    assert!(
        shown.contains("someReturnUrl") && shown.contains("[redacted]"),
        "{shown}"
    );
    assert!(
        !shown.contains("session=77") && !shown.contains("Bearer"),
        "{shown}"
    );
    assert_eq!(scripted.transport.seen().len(), 0);
}

/// The reference labels them objects, the guides have texts; other shapes are no reason to lose a
/// transaction.
#[test]
fn the_tasks_come_back_in_any_shape() {
    for (tasks, read) in [
        (r#"["document_scan","face_liveness"]"#, 2),
        (
            r#"[{"type":"document_scan","state":"pending"},{"type":"face_liveness"}]"#,
            2,
        ),
        (r#"["document_scan",{"type":"face_liveness"}]"#, 2),
        ("[]", 0),
        ("null", 0),
        ("7", 0),
        (r#"{"type":"document_scan"}"#, 0),
    ] {
        let answer = CREATED.replace(r#"["document_scan"]"#, tasks);
        let scripted = Scripted::new([Step::json(201, answer)]);
        let created = scripted
            .run(scripted.client.transactions().create(Tasks::DocumentScan))
            .unwrap();
        assert_eq!(
            created.tasks,
            Tasks::DocumentScanAndFaceLiveness.types()[..read],
            "{tasks}"
        );
    }
    let without = CREATED.replace(r#""tasks":["document_scan"],"#, "");
    let scripted = Scripted::new([Step::json(201, without)]);
    let created = scripted.run(scripted.client.transactions().create(Tasks::DocumentScan));
    assert!(created.unwrap().tasks.is_empty());
}

#[test]
fn a_create_is_sent_once() {
    let interrupted = cm_idscan::transport::TransportErrorKind::Interrupted;
    for step in [
        Step::Fail(interrupted),
        Step::json(500, "{}"),
        Step::json(503, "{}"),
        Step::Silence,
    ] {
        let scripted = Scripted::new([step, Step::json(201, CREATED)]);
        let error = scripted
            .run(scripted.client.transactions().create(Tasks::DocumentScan))
            .unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}

#[test]
fn nobody_is_sent_to_a_page_in_the_open() {
    let answer = CREATED.replace("https://id-scan", "http://id-scan");
    let scripted = Scripted::new([Step::json(201, answer.clone())]);
    let error = scripted
        .run(scripted.client.transactions().create(Tasks::DocumentScan))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert_eq!(
        error.body(),
        answer.as_bytes(),
        "the transaction's id is not lost"
    );

    // Around a sandbox everything is plain http.
    let scripted = Scripted::with([Step::json(201, answer)], |config| {
        config
            .base_url("http://127.0.0.1:9/id-scan/v1")
            .dangerously_allow_plain_http(true)
    });
    let created = scripted
        .run(scripted.client.transactions().create(Tasks::DocumentScan))
        .unwrap();
    assert_eq!(created.url.origin(), "http://id-scan.identity.cm.com");
}
