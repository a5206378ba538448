//! "All clear" is true for what is known to be good, and for nothing else.

use cm_idscan::{
    Comparison, Concern, Field, TaskState, TaskType, Tasks, TransactionResult, TransactionState, Validity,
};

use crate::support::read;

/// A result of one document scan in which everything is good.
const GOOD: &str = r#"{"state":"completed","tasks":[{"type":"document_scan","state":"completed","score":0.9,"result":[{"field":"surname","validity":"valid","comparison":"match","locale":null,"values":[{"source":"mrz","value":"VOORBEELD"}]}]}]}"#;

fn concerns(json: &str) -> Vec<Concern> {
    let result = read::<TransactionResult>(json);
    let concerns = result.concerns(Tasks::DocumentScan, 0.8);
    assert_eq!(result.is_all_clear(Tasks::DocumentScan, 0.8), concerns.is_empty());
    concerns
}

#[test]
fn all_clear_when_everything_is_known_to_be_good() {
    assert_eq!(concerns(GOOD), []);
    assert_eq!(concerns(&GOOD.replace("0.9,", "0.8,")), []);
    assert_eq!(concerns(&GOOD.replace("0.9,", "1,")), []);
}

#[test]
fn everything_else_is_a_concern() {
    let surname = || Field::Surname;
    let validity = |validity| vec![Concern::Validity(surname(), validity)];
    let comparison = |comparison| vec![Concern::Comparison(surname(), comparison)];
    let score = |score| vec![Concern::Score(score)];
    let task_state = |state: &str| vec![Concern::TaskState(TaskType::DocumentScan, TaskState::from(state))];
    for (from, to, expected) in [
        (
            r#"{"state":"completed","#,
            r#"{"state":"pending","#,
            vec![Concern::TransactionState(TransactionState::Pending)],
        ),
        (
            r#"{"state":"completed","#,
            r#"{"state":"Completed","#,
            vec![Concern::TransactionState(TransactionState::from("Completed"))],
        ),
        (
            r#","state":"completed""#,
            r#","state":"failed""#,
            task_state("failed"),
        ),
        (
            r#","state":"completed""#,
            r#","state":"pending""#,
            task_state("pending"),
        ),
        ("0.9", "0.79", score(Some(0.79))),
        ("0.9", "null", score(None)),
        (r#""score":0.9,"#, "", score(None)),
        ("0.9", "1.01", score(Some(1.01))),
        ("0.9", "-1", score(Some(-1.0))),
        (r#""valid""#, r#""invalid""#, validity(Some(Validity::Invalid))),
        (
            r#""valid""#,
            r#""not_checked""#,
            validity(Some(Validity::NotChecked)),
        ),
        (
            r#""valid""#,
            r#""VALID""#,
            validity(Some(Validity::from("VALID"))),
        ),
        (r#""valid""#, "null", validity(None)),
        (r#""validity":"valid","#, "", validity(None)),
        (
            r#""match""#,
            r#""no_match""#,
            comparison(Some(Comparison::from("no_match"))),
        ),
        (
            r#""match""#,
            r#""not_performed""#,
            comparison(Some(Comparison::NotPerformed)),
        ),
        (r#""match""#, "null", comparison(None)),
        (r#""comparison":"match","#, "", comparison(None)),
        (r#""VOORBEELD""#, r#""""#, vec![Concern::NoValue(surname())]),
        (
            r#"{"source":"mrz","value":"VOORBEELD"}"#,
            "",
            vec![Concern::NoValue(surname())],
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        assert_eq!(concerns(&GOOD.replacen(from, to, 1)), expected, "{from} -> {to}");
    }
    let nothing = r#"{"state":"completed","tasks":[{"type":"document_scan","state":"completed","score":0.9,"result":[]}]}"#;
    assert_eq!(concerns(nothing), [Concern::NothingRead]);
    let none = r#"{"state":"completed","tasks":[]}"#;
    assert_eq!(concerns(none), [Concern::TaskMissing(TaskType::DocumentScan)]);
}

#[test]
fn a_least_score_that_is_no_number_is_never_reached() {
    let result = read::<TransactionResult>(GOOD);
    assert!(!result.is_all_clear(Tasks::DocumentScan, f64::NAN));
    assert!(!result.is_all_clear(Tasks::DocumentScan, f64::INFINITY));
    assert!(result.is_all_clear(Tasks::DocumentScan, 0.0));
}

#[test]
fn a_score_below_0_is_none_whatever_will_do() {
    for least_score in [-5.0, -0.0, 0.0, f64::NEG_INFINITY] {
        let result = read::<TransactionResult>(&GOOD.replace("0.9", "-3"));
        assert_eq!(
            result.concerns(Tasks::DocumentScan, least_score),
            [Concern::Score(Some(-3.0))]
        );
        let result = read::<TransactionResult>(&GOOD.replace("0.9", "0"));
        assert!(result.is_all_clear(Tasks::DocumentScan, least_score));
    }
}

/// `value` gives the first of them: nobody must take it for the only one.
#[test]
fn several_values_of_one_place_are_a_concern_if_they_differ() {
    let entry = GOOD.split_once(r#""result":["#).unwrap().1;
    let entry = entry.strip_suffix("]}]}").unwrap();
    let and = |more: &str| concerns(&GOOD.replace(entry, &format!("{entry},{more}")));
    let ambiguous = [Concern::Ambiguous(Field::Surname)];
    let other = entry.replace("VOORBEELD", "ANDER");
    let value = r#"{"source":"mrz","value":"VOORBEELD"}"#;
    let within = |more: &str| concerns(&GOOD.replace(value, &format!("{value},{more}")));

    assert_eq!(within(r#"{"source":"mrz","value":"ANDER"}"#), ambiguous);
    assert_eq!(within(r#"{"source":"mrz","value":"voorbeeld"}"#), ambiguous);
    assert_eq!(within(r#"{"source":"mrz","value":""}"#), ambiguous);
    let twice =
        r#"{"source":"visual","value":"A"},{"source":"mrz","value":"B"},{"source":"visual","value":"C"}"#;
    assert_eq!(within(twice), ambiguous, "once a field");
    assert_eq!(and(&other), ambiguous);
    assert!(!ambiguous[0].is_unchecked());

    // What agrees, or stands somewhere else, does not contradict: whether places agree is `comparison`'s.
    assert_eq!(within(value), []);
    assert_eq!(within(r#"{"source":"visual","value":"Voorbeeld"}"#), []);
    assert_eq!(and(entry), []);
    assert_eq!(and(&other.replace("null", r#""nl-NL""#)), []);
    assert_eq!(and(&other.replace("surname", "given_names")), []);
}

/// A result that lacks a task that was asked for must not pass, and what came of a face task cannot be read.
#[test]
fn tasks_that_are_missing_doubled_or_of_faces() {
    let result = read::<TransactionResult>(GOOD);
    assert_eq!(
        result.concerns(Tasks::DocumentScanAndFaceLiveness, 0.8),
        [Concern::TaskMissing(TaskType::FaceLiveness)]
    );
    let with = |task: &str| format!("{},{task}]}}", GOOD.strip_suffix("]}").unwrap());
    let liveness = with(r#"{"type":"face_liveness","state":"completed","score":0.99,"passed":true}"#);
    let liveness = read::<TransactionResult>(&liveness);
    assert_eq!(
        liveness.concerns(Tasks::DocumentScanAndFaceLiveness, 0.8),
        [Concern::FaceOutcome(TaskType::FaceLiveness)]
    );
    assert!(!liveness.is_all_clear(Tasks::DocumentScanAndFaceLiveness, 0.0));
    assert!(!liveness.concerns(Tasks::DocumentScanAndFaceLiveness, 0.0)[0].is_unchecked());
    assert!(
        liveness
            .concerns(Tasks::DocumentScan, 0.8)
            .contains(&Concern::TaskUnexpected(TaskType::FaceLiveness))
    );

    // The second of two scans may be the bad one.
    let doubled = with(r#"{"type":"document_scan","state":"completed","score":0.1,"result":[]}"#);
    assert_eq!(
        concerns(&doubled),
        [
            Concern::TaskUnexpected(TaskType::DocumentScan),
            Concern::Score(Some(0.1)),
            Concern::NothingRead
        ]
    );
    assert_eq!(
        concerns(&with(r#"{"type":"voice","state":"completed"}"#))[0],
        Concern::TaskUnexpected(TaskType::from("voice"))
    );
}

#[test]
fn what_nobody_looked_at_is_told_from_what_is_bad() {
    let unchecked = GOOD
        .replace(r#""valid""#, r#""not_checked""#)
        .replace(r#""match""#, r#""not_performed""#);
    let found = concerns(&unchecked);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(Concern::is_unchecked));
    for bad in [
        GOOD.replace(r#""valid""#, r#""invalid""#),
        GOOD.replace(r#""validity":"valid","#, ""),
        GOOD.replace(r#""match""#, r#""mismatch""#),
        GOOD.replace(r#""comparison":"match","#, ""),
        GOOD.replace("0.9", "0.1"),
    ] {
        assert!(!concerns(&bad).iter().any(Concern::is_unchecked), "{bad}");
    }
}
