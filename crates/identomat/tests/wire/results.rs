//! What is read of a result, and that nothing is lost.

use identomat::{
    Answer, AnswerValue, DocumentType, GeneralDocumentType, Outcome, PageStatus, Person, Personal,
    RejectCode, SessionResult, Timestamp,
};

use crate::bodies::{
    APPROVED_BANK_STATEMENT, APPROVED_IDENTITY_2022, APPROVED_UTILITY_BILL, OLD_MANUAL, RECORDED,
    REJECTED_IDENTITY,
};

fn read(json: &str) -> Answer<SessionResult> {
    Answer::from_json(json.to_owned()).unwrap()
}

fn text(member: &Option<Personal<String>>) -> &str {
    member.as_ref().unwrap().expose()
}

fn time(member: &Option<Personal<Timestamp>>) -> &str {
    member.as_ref().unwrap().expose().as_str()
}

#[test]
fn each_recorded_shape_round_trips() {
    for json in RECORDED.into_iter().chain([OLD_MANUAL]) {
        let result = read(json);
        assert!(
            result.extra().is_empty(),
            "every member is known: {:?}",
            result.extra()
        );
        let stored = serde_json::to_string(&result).unwrap();
        assert_eq!(stored, json, "to the letter");
        let again: Answer<SessionResult> = serde_json::from_str(&stored).unwrap();
        assert_eq!(again, result);
    }
}

/// Inside, too: what has no member of its own is in the open maps.
#[test]
fn each_member_of_a_recorded_shape_is_read() {
    for json in RECORDED {
        let result = read(json);
        if let Some(person) = &result.person {
            assert!(person.extra.expose().is_empty());
        }
        for document in result.general_documents() {
            assert!(document.extra.expose().is_empty());
            for page in document.pages.iter().flatten() {
                assert!(page.extra.expose().is_empty());
                assert!(page.extracted.as_ref().unwrap().extra.expose().is_empty());
                assert!(
                    page.document_pages
                        .iter()
                        .flatten()
                        .all(|page| page.extra.expose().is_empty())
                );
            }
        }
        if let Some(details) = &result.technical_details {
            assert!(details.extra.expose().is_empty());
            assert_eq!(text(&details.remote_address), "192.0.2.7");
            assert_eq!(text(&details.user_agent), "Example/1.0");
            assert_eq!(text(&details.country_code), "GE");
        }
    }
}

#[test]
fn a_rejected_identity() {
    let result = read(REJECTED_IDENTITY);
    assert_eq!(result.result, Some(Outcome::Rejected));
    assert!(!result.is_approved());
    assert_eq!(
        (result.live, result.similarity),
        (Some(true), Some(Personal::new(0.41)))
    );
    assert_eq!(result.document_type, Some(DocumentType::Id));
    let reason = result.reject_reason.as_ref().unwrap();
    assert_eq!(reason.value, Some(RejectCode::FaceMismatch));
    assert_eq!(reason.description, None, "empty is none");
    assert_eq!(
        (result.face_images, text(&result.name)),
        (Some(1), "ANNA EXAMPLE")
    );
    let front = result.id_card_front.as_ref().unwrap().expose();
    assert_eq!(front["Surname_ka_GE"], "მაგალითი");
    assert_eq!(result.id_card_back.as_ref().unwrap().expose().len(), 3);

    let person = result.person.as_ref().unwrap();
    assert_eq!(text(&person.birthday), "8/2/1990", "month first, and left so");
    assert_eq!(time(&person.birthday_time), "1990-08-02T00:00:00.000Z");
    assert_eq!(time(&person.document_expires_time), "2030-01-31T00:00:00.000Z");
    assert_eq!(person.age, Some(Personal::new(35)));
    assert_eq!(person.local_middle_name, None);
    for (member, value) in [
        (&person.first_name, "ANNA"),
        (&person.last_name, "EXAMPLE"),
        (&person.local_first_name, "ანა"),
        (&person.local_last_name, "მაგალითი"),
        (&person.birth_place, "TBILISI"),
        (&person.citizenship, "GEO"),
        (&person.nationality, "GEO"),
        (&person.issuing_state, "GEO"),
        (&person.document_number, "00AA00000"),
        (&person.personal_number, "00000000000"),
        (&person.document_issued, "1/31/2020"),
        (&person.document_expires, "1/31/2030"),
        (&person.authority, "MINISTRY"),
        (&person.sex, "F"),
        (&person.status, "FIELDS_MISMATCH"),
        (&person.mrz, "IDGEO<<1\nIDGEO<<2"),
    ] {
        assert_eq!(text(member), value);
    }
}

#[test]
fn approved_proofs_of_address() {
    let result = read(APPROVED_BANK_STATEMENT);
    assert!(result.is_approved());
    assert_eq!(
        (result.live, result.similarity),
        (Some(false), Some(Personal::new(0.0)))
    );
    assert_eq!(result.document_type, None, "there was no document step");
    assert_eq!(result.reject_reason, None, "two empty texts are no reason");
    assert_eq!((&result.name, &result.result_comment), (&None, &None));
    let document = result.general_documents().next().unwrap();
    assert_eq!(document.document_type, Some(GeneralDocumentType::BankStatement));
    assert_eq!(document.type_id, Some(GeneralDocumentType::BankStatement));
    let page = &document.pages.as_ref().unwrap()[0];
    assert_eq!(page.type_id, Some(GeneralDocumentType::BankStatement));
    assert_eq!((page.page_number, &page.statuses), (None, &None));
    assert_eq!(page.document_pages.as_ref().unwrap()[1].page_number, Some(2));
    let data = page.extracted.as_ref().unwrap();
    for (member, value) in [
        (&data.street, "Example Street"),
        (&data.city, "Tbilisi"),
        (&data.country, "Georgia"),
        (&data.postal_code, "0100"),
        (&data.street_number, "1"),
        (&data.house_number, "2"),
        (&data.country_code, "GEO"),
        (&data.address, "1 Example Street"),
        (&data.formatted_address, "1 Example Street, Tbilisi"),
        (&data.sublocality, "Vake"),
        (&data.local_type, "ROOFTOP"),
        (&data.full_name, "Anna Example"),
        (&data.first_name, "Anna"),
        (&data.last_name, "Example"),
        (&data.authority, "Example Bank"),
        (&data.issuing_authority, "Example Bank"),
        (&data.registration_number, "R-1"),
    ] {
        assert_eq!(text(member), value);
    }
    assert_eq!(
        (&data.state, &data.county, &data.postal_town),
        (&None, &None, &None)
    );
    assert_eq!(data.latitude, Some(Personal::new(41.71)));
    assert_eq!(data.longitude, Some(Personal::new(44.0)));
    assert_eq!(data.permanent, Some(Personal::new(false)));
    assert_eq!(data.issued().unwrap().as_str(), "2024-05-01T00:00:00.000Z");
    assert_eq!(data.document_expires, None);

    let result = read(APPROVED_UTILITY_BILL);
    assert!(result.is_approved());
    assert_eq!(text(&result.result_comment), "seen by an operator");
    assert_eq!(
        text(&result.person.as_ref().unwrap().address),
        "1 Example Street, Tbilisi"
    );
    let document = result.general_documents().next().unwrap();
    assert_eq!(document.permanent, None);
    let page = &document.pages.as_ref().unwrap()[0];
    assert_eq!(page.page_number, Some(1));
    assert_eq!(
        page.statuses.as_ref().unwrap(),
        &[PageStatus::IssuedDateWasNotFound]
    );
    let issued = page.extracted.as_ref().unwrap().issued().unwrap();
    assert_eq!(issued.as_str(), "2024-06-01T00:00:00.000Z");
}

#[test]
fn the_shape_of_2022() {
    let result = read(APPROVED_IDENTITY_2022);
    assert!(result.is_approved());
    assert_eq!(result.similarity, Some(Personal::new(0.93)));
    assert_eq!(result.general_documents, None);
    assert_eq!(result.general_document, Some(vec![]));
    assert_eq!(result.general_documents().count(), 0);
    let person = result.person.as_ref().unwrap();
    assert_eq!(person.age, Some(Personal::new(32)), "with a point or without");
    assert_eq!(text(&person.status), "FIELDS_MISMATCH", "although it is approved");
}

#[test]
fn documents_are_read_under_either_name_and_both() {
    let both =
        read(r#"{"general_document":[{"documentType":"OLD"}],"generalDocuments":[{"documentType":"NEW"}]}"#);
    let kinds: Vec<_> = both
        .general_documents()
        .map(|document| document.document_type.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(kinds, ["NEW", "OLD"]);
}

#[test]
fn the_old_manual() {
    let result = read(OLD_MANUAL);
    assert_eq!(result.result, Some(Outcome::ManualCheck));
    assert_eq!(result.document_type, Some(DocumentType::Passport));
    assert_eq!(result.reject_reason, None);
    assert_eq!(
        result.config_id.as_ref().unwrap().as_str(),
        "65a0b1c2d3e4f5a6b7c8d9e0"
    );
    assert_eq!(
        result.trusted_database_record.as_ref().unwrap().expose()["found"],
        true
    );
    let funds = result.questionnaire("funds").unwrap();
    assert_eq!(
        funds.answer("source"),
        Some(&AnswerValue::Text(Personal::new(String::from("salary"))))
    );
    assert_eq!(
        funds.answer("pep"),
        Some(&AnswerValue::Boolean(Personal::new(false)))
    );
    assert_eq!(
        funds.answer("goods"),
        Some(&AnswerValue::Choices(Personal::new(vec![
            String::from("a"),
            String::from("b")
        ])))
    );
    assert_eq!(funds.answer("none"), None);
    assert!(matches!(funds.answer("odd"), Some(AnswerValue::Other(_))));
    assert_eq!(funds.answer("absent"), None);
    assert!(result.questionnaire("absent").is_none());
    let found = &result.screening_matches.as_ref().unwrap()[0];
    assert_eq!(
        (text(&found.person_id), text(&found.name)),
        ("p-1", "ANNA EXAMPLE")
    );
    assert_eq!(
        (found.score, text(&found.review_status)),
        (Some(Personal::new(87.0)), "open")
    );
    assert_eq!(found.extra.expose()["later"], 1);
}

#[test]
fn two_questionnaires_or_questions_of_one_key_are_none() {
    let doubled = read(
        r#"{"questionnaires":[{"key":"a","questions":[{"key":"x","answer":true},{"key":"x","answer":false}]},
        {"key":"b"},{"key":"b"}]}"#,
    );
    assert_eq!(doubled.questionnaire("a").unwrap().answer("x"), None);
    assert!(doubled.questionnaire("b").is_none());
}

/// A member of a wrong type spoils itself alone, and stays in the raw answer.
#[test]
fn what_decides_nothing_may_be_of_a_wrong_type() {
    let json = r#"{"result":"approved","document_type":7,"generalDocuments":{},"reject_reason":"x","person":[],
        "configId":"..","trustedDatabaseRecord":1,"result_comment":{},"questionnaires":"x","technicalDetails":[1],
        "name":1,"face_images":1.5,"id_card_front":"x","id_card_back":[],"suggested":null,"later":{"a":[1]}}"#;
    let result = read(json);
    assert!(result.is_approved());
    assert_eq!(result.person, None);
    assert_eq!((result.face_images, &result.name), (None, &None));
    assert_eq!(result.extra().keys().collect::<Vec<_>>(), ["later"]);
    assert_eq!(&result.raw()[..], json.as_bytes());

    for number in ["65536", "447700900178", "1e300", "-1", "0.5"] {
        let result = read(&format!(r#"{{"face_images":{number},"similarity":{number}}}"#));
        assert_eq!(result.face_images, None, "no count");
        let shown = format!("{result:?}");
        assert!(!shown.contains(number), "{shown}");
    }

    let json = r#"{"birthday_time":"8/2/1990","age":-1,"first_name":["A"],"later":1}"#;
    let person: Person = serde_json::from_str(json).unwrap();
    assert_eq!(
        (&person.birthday_time, &person.age, &person.first_name),
        (&None, &None, &None)
    );
    assert_eq!(person.extra.expose()["later"], 1);
}

#[test]
fn nothing_personal_is_shown() {
    for json in RECORDED.into_iter().chain([OLD_MANUAL]) {
        let result = read(json);
        let shown = format!("{result:?} {result:#?}").to_lowercase();
        for private in [
            "anna",
            "example",
            "1990",
            "2030",
            "00aa",
            "00000000000",
            "192.0.2",
            "tbilisi",
            "r-1",
            "+995",
            "salary",
            "p-1",
            "look twice",
            "seen by",
            "41.7",
            "idgeo",
        ] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
        assert!(shown.contains("sessionresult"), "{shown}");
    }
}
