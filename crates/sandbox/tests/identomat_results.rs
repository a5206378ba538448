//! Identomat: what comes back about a session, and the calls that no document shows the answer of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use support::identomat::{api, begin, post, result};
use support::{Answer, builder, call, sandbox};
use verikit_sandbox::{IdentomatOutcome, IdentomatResultShape, Sandbox};

/// What an integrator sends for a proof of address alone (contract identomat, 3.4).
fn address_flags() -> Value {
    json!({ "flags": {
        "liveness": false, "document_types": [], "general_document_types": ["utility_bill", "bank_statement"],
        "allow_general_document_capture": true, "allow_general_document_upload": true,
        "skip_agreement": true, "skip_document": true, "skip_face": true,
    } })
}

async fn finished(sandbox: &Sandbox, body: Value, outcome: IdentomatOutcome) -> (String, Value) {
    let token = begin(sandbox, body).await;
    assert!(sandbox.identomat().finish(&token, outcome));
    let result = result(sandbox, &token).await;
    (token, result)
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn an_approved_identity_has_the_recorded_members() {
    let sandbox = sandbox().await;
    let flags = json!({ "flags": { "liveness": true } });
    let (_, body) = finished(&sandbox, flags, IdentomatOutcome::Approved).await;
    assert_eq!(
        names(&body),
        [
            "document_type",
            "face_images",
            "generalDocuments",
            "id_card_back",
            "id_card_front",
            "live",
            "name",
            "person",
            "reject_reason",
            "result",
            "result_comment",
            "similarity",
            "suggested",
            "technicalDetails",
        ]
    );
    assert_eq!(
        (&body["result"], &body["live"]),
        (&json!("approved"), &json!(true))
    );
    assert_eq!(
        (&body["similarity"], &body["document_type"]),
        (&json!(0.93), &json!("id"))
    );
    assert_eq!(body["reject_reason"], json!({ "value": "", "description": "" }));
    assert_eq!(body["generalDocuments"], json!([]));
    let person = &body["person"];
    assert_eq!(
        (
            &person["birthday"],
            &person["birthday_time"],
            &person["age"],
            &person["sex"]
        ),
        (
            &json!("8/2/1990"),
            &json!("1990-08-02T00:00:00.000Z"),
            &json!(33),
            &json!("F")
        )
    );
    assert_eq!(
        names(&body["technicalDetails"]),
        ["countryCode", "remoteAddress", "userAgent"]
    );
    // Nobody asked whether the face is alive.
    let (_, body) = finished(&sandbox, json!({}), IdentomatOutcome::Approved).await;
    assert_eq!(
        (&body["live"], &body["similarity"]),
        (&json!(false), &json!(0.93))
    );
}

#[tokio::test]
async fn every_outcome_has_its_result() {
    let sandbox = sandbox().await;
    for (outcome, expected, reason, has_person) in [
        (IdentomatOutcome::Approved, "approved", "", true),
        (IdentomatOutcome::ProofOfAddress, "approved", "", true),
        (
            IdentomatOutcome::rejected("face_mismatch"),
            "rejected",
            "face_mismatch",
            true,
        ),
        (
            IdentomatOutcome::rejected("other_reason"),
            "rejected",
            "other_reason",
            true,
        ),
        (IdentomatOutcome::rejected(""), "rejected", "", true),
        (IdentomatOutcome::ManualCheck, "manual_check", "", true),
        (
            IdentomatOutcome::DisagreedWithTerms,
            "disagreed_with_terms",
            "",
            false,
        ),
        (IdentomatOutcome::Abandoned, "in_progress", "", false),
    ] {
        let (_, body) = finished(&sandbox, json!({}), outcome.clone()).await;
        assert_eq!(body["result"], expected);
        assert_eq!(body["reject_reason"]["value"], reason);
        let is_mismatch = reason == "face_mismatch";
        let similarity = match (has_person, is_mismatch) {
            (false, _) => json!(0),
            (true, true) => json!(0.41),
            (true, false) => json!(0.93),
        };
        assert_eq!(body["similarity"], similarity, "{outcome:?}");
        assert_eq!(body["person"] != json!({}), has_person, "{outcome:?}");
        let has_matches = outcome == IdentomatOutcome::ManualCheck;
        assert_eq!(body.get("screeningMatches").is_some(), has_matches, "{outcome:?}");
        let documents = body["generalDocuments"].as_array().unwrap().len();
        assert_eq!(
            documents,
            usize::from(outcome == IdentomatOutcome::ProofOfAddress)
        );
        if outcome == IdentomatOutcome::ProofOfAddress {
            assert_eq!(body["generalDocuments"][0]["typeId"], "utility_bill");
            assert!(body["person"]["address"].is_string());
        }
    }
}

#[tokio::test]
async fn a_proof_of_address_alone_has_no_person_but_an_address() {
    let sandbox = sandbox().await;
    let (_, body) = finished(&sandbox, address_flags(), IdentomatOutcome::Approved).await;
    assert_eq!((&body["live"], &body["similarity"]), (&json!(false), &json!(0)));
    assert!(body["similarity"].is_u64());
    assert_eq!((&body["document_type"], &body["name"]), (&json!(""), &json!("")));
    assert_eq!(names(&body["person"]), ["address"]);
    let documents = body["generalDocuments"].as_array().unwrap();
    let kinds: Vec<_> = documents
        .iter()
        .map(|document| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                text(&document["documentType"]),
                text(&document["typeId"]),
                text(&document["pages"][0]["typeId"]),
            )
        })
        .collect();
    let kind = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(
        kinds,
        [
            kind("UTILITY_BILL", "utility_bill", "utility-bill"),
            kind("BANK_STATEMENT", "bank_statement", "bank-statement"),
        ]
    );
    let pages: Vec<_> = documents.iter().map(|document| &document["pages"][0]).collect();
    assert_eq!(pages[0]["statuses"], json!(["issued-date-was-not-found"]));
    assert_eq!(pages[1].get("statuses"), None);
    assert!(
        pages[0]["final"]["documentIssuedTime"].is_string() && pages[0]["final"]["houseNumber"].is_null()
    );
    assert!(pages[1]["final"]["documentIssued"].is_string());
    let mut flags = address_flags();
    flags["flags"]["general_document_types"] = json!(["bank_statement"]);
    let (_, body) = finished(&sandbox, flags, IdentomatOutcome::Approved).await;
    assert_eq!(body["person"], json!({}));
    assert_eq!(body["generalDocuments"].as_array().unwrap().len(), 1);
    // Without one of the two flags that allow them there are none.
    let mut flags = address_flags();
    flags["flags"]["allow_general_document_capture"] = json!(false);
    flags["flags"]["allow_general_document_upload"] = json!(false);
    let (_, body) = finished(&sandbox, flags, IdentomatOutcome::Approved).await;
    assert_eq!(
        (&body["generalDocuments"], &body["person"]),
        (&json!([]), &json!({}))
    );
}

#[tokio::test]
async fn the_older_shape_can_be_chosen() {
    let sandbox = sandbox().await;
    let (token, recent) = finished(&sandbox, json!({}), IdentomatOutcome::ProofOfAddress).await;
    sandbox.identomat().set_result_shape(IdentomatResultShape::Of2022);
    let older = result(&sandbox, &token).await;
    assert_eq!(older["general_document"], recent["generalDocuments"]);
    for absent in ["generalDocuments", "technicalDetails", "name"] {
        assert!(
            older.get(absent).is_none() && recent.get(absent).is_some(),
            "{absent}"
        );
    }
    let built = builder().identomat_result_shape(IdentomatResultShape::Of2022);
    let built = built.start().await.unwrap();
    let (_, body) = finished(&built, json!({}), IdentomatOutcome::ProofOfAddress).await;
    assert_eq!(body["general_document"], older["general_document"]);
    for same in ["result", "person", "id_card_front", "similarity"] {
        assert_eq!(older[same], recent[same]);
    }
}

#[tokio::test]
async fn questionnaires_are_answered() {
    let sandbox = sandbox().await;
    let options = json!([{ "key": "fine", "title": "Fine" }, { "key": "bad", "title": "Bad" }]);
    let steps = json!([
        { "type": "liveness", "key": "face" },
        { "type": "user-questionnaire", "key": "visit", "title": { "en": "Visit", "ka": "ვიზიტი" }, "questions": [
            { "type": "boolean", "key": "seen", "title": "Seen?", "mandatory": true },
            { "type": "string", "key": "why", "title": "Why?" },
            { "type": "options", "key": "mood", "title": "Mood", "options": options },
            { "type": "multiple-choice", "key": "moods", "title": "Moods", "options": options },
        ] },
        { "type": "operator-questionnaire", "key": "empty" },
    ]);
    let flags = json!({ "skip_face": true, "skip_document": true });
    let body = json!({ "steps": steps, "flags": flags });
    let (_, body) = finished(&sandbox, body, IdentomatOutcome::Approved).await;
    assert_eq!(
        body["questionnaires"],
        json!([
            { "key": "visit", "questions": [
                { "key": "seen", "answer": true },
                { "key": "why", "answer": "An answer in the sandbox." },
                { "key": "mood", "answer": "fine" },
                { "key": "moods", "answer": ["fine"] },
            ] },
            { "key": "empty", "questions": [] },
        ])
    );
    // The step brings the face back that the flag left out, and no document.
    assert_eq!(
        (&body["live"], &body["document_type"]),
        (&json!(true), &json!(""))
    );
}

#[tokio::test]
async fn an_operator_may_decide_again() {
    let sandbox = sandbox().await;
    let identomat = sandbox.identomat();
    let token = begin(&sandbox, json!({})).await;
    assert!(!identomat.decide(&token, IdentomatOutcome::Approved));
    assert!(identomat.finish(&token, IdentomatOutcome::ManualCheck));
    assert!(!identomat.finish(&token, IdentomatOutcome::Approved));
    for (outcome, expected) in [
        (IdentomatOutcome::Approved, "approved"),
        (IdentomatOutcome::rejected("face_mismatch"), "rejected"),
    ] {
        assert!(identomat.decide(&token, outcome));
        let body = result(&sandbox, &token).await;
        assert_eq!(body["result"], expected);
        assert_eq!(body["result_comment"], "Decided by an operator of the sandbox.");
    }
    assert!(!identomat.decide(&token, IdentomatOutcome::Abandoned));
    assert_eq!(result(&sandbox, &token).await["result"], "rejected");
    assert!(!identomat.decide("none", IdentomatOutcome::Approved));
}

async fn media(sandbox: &Sandbox, path: &str, token: &str) -> Answer {
    post(
        sandbox,
        &format!("result/{path}/"),
        json!({ "session_token": token }),
    )
    .await
}

/// Width and height, found in the frame header behind all other segments.
fn jpeg_size(bytes: &[u8]) -> (u16, u16) {
    assert_eq!(
        (&bytes[..2], &bytes[bytes.len() - 2..]),
        (&[0xff, 0xd8][..], &[0xff, 0xd9][..])
    );
    let mut at = 2;
    loop {
        assert_eq!(bytes[at], 0xff);
        let number = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        if bytes[at + 1] == 0xc0 {
            return (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(number(at + 2));
    }
}

#[tokio::test]
async fn files_are_there_when_the_session_has_them() {
    let sandbox = sandbox().await;
    let all = ["card-front", "card-back", "passport", "face", "face-video"];
    for (flags, there) in [
        (json!({}), vec!["card-front", "card-back", "face"]),
        (
            json!({ "liveness": true }),
            vec!["card-front", "card-back", "face", "face-video"],
        ),
        (
            json!({ "document_types": ["passport"], "skip_face": true }),
            vec!["passport"],
        ),
        (
            json!({ "document_types": ["driver_license"] }),
            vec!["card-front", "card-back", "face"],
        ),
        (
            json!({ "document_types": ["passport", "id"] }),
            vec!["card-front", "card-back", "face"],
        ),
        (address_flags()["flags"].clone(), vec![]),
    ] {
        let token = begin(&sandbox, json!({ "flags": flags })).await;
        for path in all {
            assert!(media(&sandbox, path, &token).await.json()["argumentError"].is_string());
        }
        sandbox.identomat().finish(&token, IdentomatOutcome::Approved);
        for path in all {
            let answer = media(&sandbox, path, &token).await;
            assert_eq!(answer.status, 200);
            match (there.contains(&path), path) {
                (false, _) => assert_eq!(answer.json()["argumentError"], "the session has no such file"),
                (true, "face-video") => {
                    assert_eq!(answer.header("content-type"), "video/x-msvideo");
                    let length = u32::from_le_bytes(answer.body[4..8].try_into().unwrap());
                    assert_eq!(usize::try_from(length).unwrap() + 8, answer.body.len());
                    assert_eq!(
                        (&answer.body[..4], &answer.body[8..12]),
                        (&b"RIFF"[..], &b"AVI "[..])
                    );
                }
                (true, _) => {
                    assert_eq!(answer.header("content-type"), "image/jpeg");
                    let expected = match path {
                        "passport" => (192, 112),
                        "face" => (128, 96),
                        _ => (256, 88),
                    };
                    assert_eq!(jpeg_size(&answer.body), expected, "{path}");
                }
            }
        }
    }
    let answer = media(&sandbox, "face", "none").await;
    assert_eq!(answer.json(), "SESSION_NOT_FOUND");
    let token = begin(&sandbox, json!({})).await;
    sandbox
        .identomat()
        .finish(&token, IdentomatOutcome::DisagreedWithTerms);
    assert!(media(&sandbox, "face", &token).await.json()["argumentError"].is_string());
    let query = format!(
        "?company_key={}&session_token={token}",
        sandbox.identomat().company_key()
    );
    sandbox.identomat().decide(&token, IdentomatOutcome::Approved);
    let by_get = call(
        Method::GET,
        &format!("{}{query}", api(&sandbox, "result/face/")),
        &[],
        "",
    )
    .await;
    assert_eq!(by_get.header("content-type"), "image/jpeg");
}

#[tokio::test]
async fn a_screened_person_can_be_looked_up() {
    let sandbox = sandbox().await;
    let (token, body) = finished(&sandbox, json!({}), IdentomatOutcome::ManualCheck).await;
    let found = &body["screeningMatches"][0];
    assert_eq!(names(found), ["name", "personId", "reviewStatus", "score"]);
    let path = "get-screening-person-details/";
    for asked in [
        json!({ "personId": found["personId"] }),
        json!({ "personId": found["personId"], "session_token": token }),
    ] {
        let details = post(&sandbox, path, asked).await.json();
        assert_eq!(
            (&details["personId"], &details["name"]),
            (&found["personId"], &found["name"])
        );
        assert!(
            details["sandboxNote"]
                .as_str()
                .unwrap()
                .contains("not documented")
        );
    }
    for asked in [json!({}), json!({ "personId": "none" })] {
        assert!(post(&sandbox, path, asked).await.json()["argumentError"].is_string());
    }
    let asked = json!({ "personId": found["personId"], "session_token": "none" });
    assert_eq!(post(&sandbox, path, asked).await.json(), "SESSION_NOT_FOUND");
}

#[tokio::test]
async fn two_pictures_are_compared() {
    let sandbox = sandbox().await;
    let (one, other) = (STANDARD.encode("one picture"), STANDARD.encode("another picture"));
    for (second, similarity) in [(&one, 1.0), (&other, 0.12)] {
        let answer = post(&sandbox, "compare-faces/", json!({ "a": one, "b": second }))
            .await
            .json();
        assert_eq!(answer["similarity"], similarity);
        assert!(answer["sandboxNote"].is_string());
    }
    for body in [
        json!({}),
        json!({ "a": one }),
        json!({ "a": one, "b": other, "c": one }),
        json!({ "a": one, "b": "*" }),
        json!({ "a": one, "b": "" }),
        json!({ "a": one, "b": 1 }),
    ] {
        let answer = post(&sandbox, "compare-faces/", body).await.json();
        assert!(answer["argumentError"].is_string(), "{answer}");
    }
}
