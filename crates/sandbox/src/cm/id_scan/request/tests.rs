use serde_json::json;

use super::*;

fn read(body: &Value) -> Result<CreateRequest, Mistake> {
    CreateRequest::read(body.clone())
}

fn with(name: &str, value: &Value) -> Result<CreateRequest, Mistake> {
    let mut body = json!({ "tasks": ["document_scan"] });
    body[name] = value.clone();
    read(&body)
}

fn with_scan(name: &str, value: &Value) -> Result<CreateRequest, Mistake> {
    with("settings", &json!({ "documentScan": { name: value } }))
}

#[test]
fn the_contracts_example_is_read() {
    let settings = json!({ "documentScan":
        { "allowedExpiration": 14, "redactFields": ["personal_number"], "captureSources": ["camera"] } });
    let request = read(&json!({
        "tasks": ["document_scan", "face_liveness"],
        "settings": settings, "locale": "nl-NL", "mobileOnly": false, "expiresIn": 7200,
    }))
    .unwrap();
    assert_eq!(request.tasks, [TaskKind::DocumentScan, TaskKind::FaceLiveness]);
    assert_eq!(request.settings, settings);
    assert_eq!(request.scan.sources(), [Source::Camera]);
    assert!(request.scan.redacted().personal_number && !request.scan.redacted().signature);
    assert_eq!((request.locale, request.mobile_only), ("nl-NL", false));
    assert_eq!(request.expires_in, Duration::from_secs(7200));
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let request = read(&json!({ "tasks": ["document_scan"] })).unwrap();
    assert_eq!((request.locale, request.mobile_only), ("en-US", false));
    assert_eq!(request.expires_in, Duration::from_secs(3600));
    assert_eq!(request.settings, json!({}));
    assert_eq!(request.scan.sources(), Source::ALL);
    assert!(request.return_url.is_none() && request.mobile_return_url.is_none());
    assert!(request.scan.extracts("portrait"));
}

#[test]
fn tasks_come_in_three_combinations() {
    let [scan, live, face] = ["document_scan", "face_liveness", "face_match"];
    for tasks in [json!([scan]), json!([scan, live]), json!([scan, live, face])] {
        assert!(with("tasks", &tasks).is_ok(), "{tasks}");
    }
    for tasks in [
        json!([]),
        json!([live]),
        json!([face]),
        json!([live, scan]),
        json!([scan, face]),
        json!([scan, face, live]),
        json!([scan, scan]),
        json!([scan, live, face, face]),
        json!([{ "type": scan }]),
        json!(["Document_scan"]),
        json!([null]),
        json!(scan),
        json!(null),
    ] {
        assert!(
            with("tasks", &tasks).unwrap_err().starts_with("tasks must be"),
            "{tasks}"
        );
    }
    assert_eq!(read(&json!({})).unwrap_err(), "tasks is missing.");
}

#[test]
fn limits_hold_at_both_ends() {
    for seconds in [3600, 86_400] {
        assert!(with("expiresIn", &json!(seconds)).is_ok(), "{seconds}");
    }
    for wrong in [
        json!(3599),
        json!(86_401),
        json!(-1),
        json!(3600.0),
        json!("3600"),
        json!(null),
    ] {
        assert!(with("expiresIn", &wrong).is_err(), "{wrong}");
    }
    for locale in ["en-US", "nl-NL", "fr-FR", "it-IT"] {
        assert_eq!(with("locale", &json!(locale)).unwrap().locale, locale);
    }
    for wrong in [
        json!("en-us"),
        json!("de-DE"),
        json!("en"),
        json!(""),
        json!(1),
        json!(null),
    ] {
        assert!(with("locale", &wrong).is_err(), "{wrong}");
    }
    for wrong in [json!("false"), json!(0), json!(null)] {
        assert!(with("mobileOnly", &wrong).is_err(), "{wrong}");
    }
}

#[test]
fn members_of_the_document_scan_have_their_types() {
    for (name, good) in [
        ("allowedExpiration", json!(30)),
        ("allowedExpiration", json!(-90)),
        (
            "redactFields",
            json!(["personal_number", "signature", "something_new"]),
        ),
        ("redactFields", json!([])),
        ("captureSources", json!(["file", "camera"])),
        ("level", json!("advanced")),
        ("minimumAge", json!(16)),
        ("maximumAge", json!(80)),
        ("validateFields", json!(["personal_number"])),
        ("extractFields", json!(["age", "document_image"])),
    ] {
        assert!(with_scan(name, &good).is_ok(), "{name} {good}");
    }
    for (name, wrong) in [
        ("allowedExpiration", json!(1.5)),
        ("allowedExpiration", json!("30")),
        ("allowedExpiration", json!(1_000_000)),
        ("redactFields", json!("signature")),
        ("redactFields", json!([1])),
        ("redactFields", json!([""])),
        ("captureSources", json!([])),
        ("captureSources", json!(["scanner"])),
        ("level", json!(1)),
        ("minimumAge", json!(-1)),
        ("maximumAge", json!(null)),
        ("validateFields", json!({})),
        ("extractFields", json!([null])),
        ("minimumage", json!(16)),
    ] {
        let mistake = with_scan(name, &wrong).unwrap_err();
        assert!(
            mistake.starts_with(&format!("settings.documentScan.{name} ")),
            "{mistake}"
        );
    }
    let ages = json!({ "documentScan": { "minimumAge": 30, "maximumAge": 20 } });
    assert!(with("settings", &ages).is_err());
}

#[test]
fn unknown_members_are_refused_everywhere() {
    for name in ["return_url", "callbackUrl", "webhookUrl", "reference"] {
        assert_eq!(
            with(name, &json!("x")).unwrap_err(),
            format!("{name} is no known member.")
        );
    }
    let mistake = with("settings", &json!({ "faceMatch": {} })).unwrap_err();
    assert_eq!(mistake, "settings.faceMatch is no known member.");
    assert!(with("settings", &json!(null)).is_err());
    assert!(with("settings", &json!({ "documentScan": null })).is_err());
    for body in [json!([]), json!(null), json!("tasks"), json!(1)] {
        assert!(read(&body).is_err(), "{body}");
    }
}

#[test]
fn the_sandboxs_names_for_the_return_urls_are_read() {
    let url = "https://shop.example.net/done?order=7";
    let request =
        read(&json!({ "tasks": ["document_scan"], "returnUrl": url, "mobileReturnUrl": null })).unwrap();
    assert_eq!(request.return_url.unwrap().as_str(), url);
    assert!(request.mobile_return_url.is_none());
    for wrong in [json!("/done"), json!("javascript:alert(1)"), json!(1), json!("")] {
        assert!(with("returnUrl", &wrong).is_err(), "{wrong}");
        assert!(with("mobileReturnUrl", &wrong).is_err(), "{wrong}");
    }
}
