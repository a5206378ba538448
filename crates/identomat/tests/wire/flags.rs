//! Flags to the letter, and their contradictions (contract identomat, 3).

use std::collections::BTreeSet;

use identomat::{
    CountryCode, DocumentType, FlagConflict, Flags, GeneralDocumentType, Language, Step as SessionStep,
};
use serde_json::{Value, json};

use crate::support::{COMPANY_KEY, Scripted, TOKEN};
use identomat::testing::Step;

fn sent(flags: Flags) -> Value {
    let scripted = Scripted::new([Step::json(200, format!("\"{TOKEN}\""))]);
    scripted
        .run(scripted.client.sessions().begin().flags(flags))
        .unwrap();
    let mut body: Value = serde_json::from_str(&scripted.sent_body()).unwrap();
    assert_eq!(body["company_key"], COMPANY_KEY);
    body["flags"].take()
}

type Switch = fn(Flags, bool) -> Flags;

const SWITCHES: [(&str, Switch); 22] = [
    ("liveness", Flags::liveness),
    (
        "allow_general_document_capture",
        Flags::allow_general_document_capture,
    ),
    (
        "allow_general_document_upload",
        Flags::allow_general_document_upload,
    ),
    ("skip_agreement", Flags::skip_agreement),
    ("skip_document", Flags::skip_document),
    ("skip_face", Flags::skip_face),
    ("allow_document_upload", Flags::allow_document_upload),
    ("allow_face_upload", Flags::allow_face_upload),
    ("allow_face_doc_upload", Flags::allow_face_doc_upload),
    ("require_face_document", Flags::require_face_document),
    ("disable_document_capture", Flags::disable_document_capture),
    ("skip_desktop", Flags::skip_desktop),
    (
        "capture_double_page_passport",
        Flags::capture_double_page_passport,
    ),
    ("require_email", Flags::require_email),
    ("require_email_check", Flags::require_email_check),
    ("require_phone_number", Flags::require_phone_number),
    ("require_phone_number_check", Flags::require_phone_number_check),
    ("restrict_url_sharing", Flags::restrict_url_sharing),
    (
        "optional_continue_on_another_device",
        Flags::optional_continue_on_another_device,
    ),
    ("multiple_participants", Flags::multiple_participants),
    (
        "cascading_identity_verification",
        Flags::cascading_identity_verification,
    ),
    ("requireHdMedia", Flags::require_hd_media),
];

#[test]
fn a_switch_is_sent_as_it_is_set_and_alone() {
    for (name, set) in SWITCHES {
        for on in [true, false] {
            assert_eq!(sent(set(Flags::new(), on)), json!({ name: on }));
        }
    }
}

#[test]
fn the_other_flags() {
    let geo = CountryCode::new("GEO").unwrap();
    for (flags, expected) in [
        (
            Flags::new().return_url("https://app.example.net/done?a=1"),
            json!({"return_url": "https://app.example.net/done?a=1"}),
        ),
        (Flags::new().language(Language::Gr), json!({"language": "gr"})),
        (
            Flags::new().language(Language::from("xx")),
            json!({"language": "xx"}),
        ),
        (
            Flags::new().document_types([DocumentType::Id, DocumentType::from("visa")]),
            json!({"document_types": ["id", "visa"]}),
        ),
        (Flags::new().document_types([]), json!({"document_types": []})),
        (
            Flags::new().document_countries([geo]),
            json!({"document_countries": ["GEO"]}),
        ),
        (
            Flags::new().general_document_types([
                GeneralDocumentType::BankStatement,
                GeneralDocumentType::UtilityBill,
                GeneralDocumentType::DriversLicense,
            ]),
            json!({"general_document_types": ["bank_statement", "utility_bill", "drivers_license"]}),
        ),
        (
            Flags::new().switch_device_url(""),
            json!({"switch_device_url": ""}),
        ),
        (
            Flags::new().extra("server", "human").extra("inn", true),
            json!({"server": "human", "inn": true}),
        ),
    ] {
        assert_eq!(sent(flags), expected);
    }
    assert_eq!(sent(Flags::new()), Value::Null, "nothing set, nothing sent");
}

/// All 28, and each name has a setter that an extra flag must not get around.
#[test]
fn every_documented_flag_is_there() {
    let names: BTreeSet<&str> = SWITCHES
        .iter()
        .map(|(name, _)| *name)
        .chain([
            "return_url",
            "language",
            "document_types",
            "document_countries",
            "general_document_types",
            "switch_device_url",
        ])
        .collect();
    assert_eq!(names.len(), 28);
    for name in names {
        let scripted = Scripted::new([]);
        let flags = Flags::new().extra(name.to_uppercase(), true);
        let error = scripted
            .run(scripted.client.sessions().begin().flags(flags))
            .unwrap_err();
        scripted.assert_refused(&error);
        assert!(error.to_string().contains(name), "{error}");
    }
    for flags in [
        Flags::new().extra("", true),
        Flags::new().extra("inn", true).extra("inn", false),
    ] {
        let scripted = Scripted::new([]);
        let error = scripted
            .run(scripted.client.sessions().begin().flags(flags))
            .unwrap_err();
        scripted.assert_refused(&error);
    }
}

#[test]
fn countries_are_checked_for_their_shape() {
    for good in ["GEO", "DEU", "ZZZ"] {
        assert_eq!(CountryCode::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "GE", "geo", "GEOR", "G1O", "G O", "ÄBC", "\u{00c4}B", "GE\n"] {
        assert!(CountryCode::new(bad).unwrap_err().is_invalid_input(), "{bad}");
    }
}

#[test]
fn contradictions_are_told_and_nothing_is_changed() {
    use FlagConflict::{
        GeneralDocumentsNotAllowed, IdentityDocumentWithoutSkipDocument, LivenessWithoutSkipFace,
        RestrictedSharingWithoutSwitchDeviceUrl,
    };
    let documents = || Flags::new().general_document_types([GeneralDocumentType::UtilityBill]);
    let face = || vec![SessionStep::liveness("f")];
    let document = || vec![SessionStep::identity_document("d")];
    let restricted = || Flags::new().restrict_url_sharing(true);
    let table: Vec<(Flags, Vec<SessionStep>, Vec<FlagConflict>)> = vec![
        (Flags::new(), vec![], vec![]),
        (documents(), vec![], vec![GeneralDocumentsNotAllowed]),
        (
            documents().allow_general_document_upload(false),
            vec![],
            vec![GeneralDocumentsNotAllowed],
        ),
        (documents().allow_general_document_upload(true), vec![], vec![]),
        (documents().allow_general_document_capture(true), vec![], vec![]),
        (Flags::new().general_document_types([]), vec![], vec![]),
        (Flags::new(), face(), vec![LivenessWithoutSkipFace]),
        (
            Flags::new().skip_face(false),
            face(),
            vec![LivenessWithoutSkipFace],
        ),
        (Flags::new().skip_face(true), face(), vec![]),
        (
            Flags::new(),
            document(),
            vec![IdentityDocumentWithoutSkipDocument],
        ),
        (Flags::new().skip_document(true), document(), vec![]),
        (restricted(), vec![], vec![]),
        (
            restricted().skip_desktop(true),
            vec![],
            vec![RestrictedSharingWithoutSwitchDeviceUrl],
        ),
        (
            restricted()
                .optional_continue_on_another_device(true)
                .switch_device_url(""),
            vec![],
            vec![RestrictedSharingWithoutSwitchDeviceUrl],
        ),
        (
            restricted().require_hd_media(true),
            vec![],
            vec![RestrictedSharingWithoutSwitchDeviceUrl],
        ),
        (
            restricted()
                .skip_desktop(true)
                .switch_device_url("https://app.example.net/m"),
            vec![],
            vec![],
        ),
        (
            documents().restrict_url_sharing(true).skip_desktop(true),
            [face(), document()].concat(),
            vec![
                GeneralDocumentsNotAllowed,
                LivenessWithoutSkipFace,
                IdentityDocumentWithoutSkipDocument,
                RestrictedSharingWithoutSwitchDeviceUrl,
            ],
        ),
    ];
    for (flags, steps, expected) in table {
        assert_eq!(flags.check(&steps), expected, "{flags:?} {steps:?}");
        assert!(expected.iter().all(|conflict| !conflict.to_string().is_empty()));
    }
    assert_eq!(
        sent(documents()),
        json!({"general_document_types": ["utility_bill"]}),
        "sent as it was set"
    );
}

#[test]
fn debug_shows_no_address() {
    let flags = Flags::new()
        .return_url("https://app.example.net/?person=anna")
        .switch_device_url("https://app.example.net/anna")
        .extra("note", "anna");
    assert!(!format!("{flags:?} {flags:#?}").contains("anna"));
}
