//! Reading results (contract cm-idscan, 6): the older and the newer shape.

use cm_idscan::testing::Step;
use cm_idscan::{
    Answer, Comparison, Field, FileCategory, FileKind, Locale, Result, TaskState, TaskType,
    TransactionResult, TransactionState, Validity, ValueSource,
};

use crate::support::{BASE, ID, RESULT_ID, Scripted, id, result_id};

fn result(body: &str) -> Result<Answer<TransactionResult>> {
    let scripted = Scripted::golden([Step::json(200, body.to_owned())]);
    let result = scripted.run(scripted.client.transactions().result(&id(), &result_id()));
    scripted.assert_sent(
        &format!("GET {BASE}/transactions/{ID}/results/{RESULT_ID}"),
        "application/json",
        "",
    );
    result
}

/// The made-up example of the contract.
const NEWER: &str = r#"{"id": "0a0a0a0a-1111-4222-8333-444444444444", "state": "completed", "tasks": [
  {"type": "document_scan", "state": "completed", "attempts": 1, "score": 0.91,
   "result": [
     {"field": "surname", "validity": "not_checked", "comparison": "match", "locale": null,
      "values": [{"source": "visual", "value": "Voorbeeld visual"}, {"source": "mrz", "value": "VOORBEELD"}]},
     {"field": "surname", "validity": "not_checked", "comparison": "not_performed", "locale": "nl-NL",
      "values": [{"source": "visual", "value": "Voorbeeld"}]},
     {"field": "age", "validity": "valid", "comparison": "not_performed", "locale": null,
      "values": [{"source": "visual", "value": "45"}]}],
   "files": [
     {"category": "document", "type": "passport", "name": "Exampleland - ePassport (2020)", "score": 0.91, "url": null},
     {"category": "document", "type": "passport", "name": "Exampleland - ePassport (2020) Side B", "url": "https://api.cm.com/id-scan/v1/downloads/B"},
     {"category": "image", "type": "portrait", "url": "https://api.cm.com/id-scan/v1/downloads/P"}]},
  {"type": "face_match", "state": "completed", "similarity": {"x": 0.7}}]}"#;

#[test]
fn the_newer_shape() {
    let result = result(NEWER).unwrap();
    assert_eq!(result.state, TransactionState::Completed);
    assert_eq!(result.id.as_deref(), Some(ID));
    let task = result.document_scan().unwrap();
    assert_eq!(
        (&task.state, task.attempts, task.score),
        (&TaskState::Completed, Some(1), Some(0.91))
    );

    assert_eq!(task.entries(&Field::Surname).count(), 2, "one a locale");
    let plain = task.entry(&Field::Surname, None).unwrap();
    assert_eq!(
        (&plain.validity, &plain.comparison),
        (&Some(Validity::NotChecked), &Some(Comparison::Match))
    );
    assert_eq!(
        plain.value_from(&ValueSource::Visual).unwrap().expose(),
        "Voorbeeld visual"
    );
    assert_eq!(
        plain.value().unwrap().expose(),
        "VOORBEELD",
        "the zone comes first, wherever it is listed"
    );
    let dutch = task.entry(&Field::Surname, Some(&Locale::NlNl)).unwrap();
    assert_eq!(dutch.value().unwrap().expose(), "Voorbeeld");
    assert_eq!(dutch.value_from(&ValueSource::Mrz), None);
    assert_eq!(dutch.comparison, Some(Comparison::NotPerformed));
    assert!(task.entry(&Field::Surname, Some(&Locale::FrFr)).is_none());
    assert!(task.entry(&Field::Nationality, None).is_none());

    assert_eq!(result.value(&Field::Surname).unwrap().expose(), "VOORBEELD");
    assert_eq!(result.value(&Field::Age).unwrap().expose(), "45");
    assert!(result.value(&Field::Nationality).is_none());

    let sides: Vec<_> = task.document_sides().collect();
    assert_eq!(sides.len(), 2);
    assert_eq!(sides[0].url, None, "images were not asked for");
    assert!(sides[1].name.as_ref().unwrap().expose().ends_with("Side B"));
    let portrait = result.portrait().unwrap();
    assert_eq!(portrait.category, Some(FileCategory::Image));
    assert_eq!(
        portrait.url.as_ref().unwrap().expose(),
        format!("{BASE}/downloads/P")
    );
    assert_eq!((&portrait.name, portrait.score), (&None, None));
    let face = result.task(&TaskType::FaceMatch).unwrap();
    assert_eq!(face.extra()["similarity"]["x"], 0.7);
    assert!(face.result.is_empty() && face.files.is_empty());
}

/// Without `attempts` and `comparison`, and with a type in upper case.
#[test]
fn the_older_shape() {
    let result = result(
        r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"completed","tasks":[{"type":"document_scan","state":"completed","score":0.86,"result":[{"field":"document_number","validity":"valid","locale":null,"values":[{"source":"visual","value":"EX0000001"}]}],"files":[{"category":"document","type":"DRIVING_LICENSE","name":"Exampleland - Driving License (2014)","score":0.86,"url":"https:\/\/api.cm.com\/id-scan\/v1\/downloads\/A"}]}]}"#,
    )
    .unwrap();
    let task = result.document_scan().unwrap();
    assert_eq!((task.attempts, task.score), (None, Some(0.86)));
    assert_eq!(task.result[0].comparison, None);
    assert_eq!(
        result.value(&Field::DocumentNumber).unwrap().expose(),
        "EX0000001"
    );
    let file = task.file(&FileKind::DrivingLicense).unwrap();
    assert_eq!(
        file.file_type.as_ref().unwrap().as_str(),
        "DRIVING_LICENSE",
        "as it was written"
    );
    assert!(result.portrait().is_none());
}

/// Which entry speaks for a field that has several.
#[test]
fn the_value_of_a_field_with_several_entries() {
    let value = |entries: &str| {
        let body = format!(
            r#"{{"state":"completed","tasks":[{{"type":"document_scan","state":"completed","result":[{entries}]}}]}}"#
        );
        let result = result(&body).unwrap();
        result.value(&Field::Surname).map(|value| value.expose().clone())
    };
    let dutch = r#"{"field":"surname","locale":"nl-NL","values":[{"source":"visual","value":"dutch"}]}"#;
    let plain = r#"{"field":"surname","locale":null,"values":[{"source":"visual","value":"plain"}]}"#;
    let zone = r#"{"field":"surname","locale":"el-GR","values":[{"source":"visual","value":"v"},{"source":"mrz","value":"zone"}]}"#;
    let empty = r#"{"field":"surname","locale":null,"values":[]}"#;
    assert_eq!(value(&[dutch, plain, zone].join(",")).as_deref(), Some("zone"));
    assert_eq!(value(&[dutch, plain].join(",")).as_deref(), Some("plain"));
    assert_eq!(value(dutch).as_deref(), Some("dutch"));
    assert_eq!(value(&[empty, dutch].join(",")).as_deref(), Some("dutch"));
    assert_eq!(value(empty), None);
    assert_eq!(value(""), None);
}

/// That the id is the transaction's is inferred: a result whose id is another is no error.
#[test]
fn the_results_own_id_is_not_compared() {
    for id in [
        r#""id":"5b5b5b5b-6666-4777-8888-999999999999","#,
        r#""id":7,"#,
        "",
    ] {
        assert!(result(&format!(r#"{{{id}"state":"completed","tasks":[]}}"#)).is_ok());
    }
}
