//! Steps and questionnaires to the letter (contract identomat, 4).

use identomat::testing::Step;
use identomat::{Choice, Language, Question, QuestionType, Step as SessionStep, StepType, Title};
use serde_json::json;

use crate::support::{Scripted, TOKEN};

fn sent(steps: impl IntoIterator<Item = SessionStep>) -> String {
    let scripted = Scripted::new([Step::json(200, format!("\"{TOKEN}\""))]);
    scripted
        .run(scripted.client.sessions().begin().steps(steps))
        .unwrap();
    let body = scripted.sent_body();
    let (_, steps) = body.split_once("\"steps\":").unwrap();
    steps.strip_suffix('}').unwrap().to_owned()
}

/// The contract's own example.
#[test]
fn a_questionnaire_for_the_operator() {
    let visit = Title::by_language([
        (Language::En, "Visit"),
        (Language::Ka, "\u{10d5}\u{10d8}\u{10d6}\u{10d8}\u{10e2}\u{10d8}"),
    ]);
    let step = SessionStep::operator_questionnaire("visit")
        .title(visit)
        .question(Question::boolean("seen", "Seen in person?").mandatory(true))
        .question(Question::options(
            "mood",
            "Mood",
            [Choice::new("mood_ok", "Fine"), Choice::new("mood_bad", "Bad")],
        ));
    assert_eq!(
        sent([step]),
        concat!(
            r#"[{"type":"operator-questionnaire","key":"visit","title":{"en":"Visit","ka":"ვიზიტი"},"#,
            r#""questions":[{"type":"boolean","key":"seen","title":"Seen in person?","mandatory":true},"#,
            r#"{"type":"options","key":"mood","title":"Mood","options":"#,
            r#"[{"key":"mood_ok","title":"Fine"},{"key":"mood_bad","title":"Bad"}]}]}]"#
        )
    );
}

#[test]
fn every_kind_of_step_and_question() {
    let questions = SessionStep::user_questionnaire("u")
        .description("**Please** answer")
        .question(Question::text("t", "Text?").mandatory(false))
        .question(Question::multiple_choice("m", "Which?", [Choice::new("a", "A")]))
        .question(Question::new(QuestionType::from("date"), "d", "When?").extra("min", 3));
    let client = SessionStep::client_questionnaire("c");
    let other = SessionStep::new(StepType::from("video-call"), "v").extra("flags", json!({"a": true}));
    assert_eq!(
        sent([
            questions,
            client,
            SessionStep::identity_document("d"),
            SessionStep::liveness("f"),
            other
        ]),
        concat!(
            r#"[{"type":"user-questionnaire","key":"u","description":"**Please** answer","questions":["#,
            r#"{"type":"string","key":"t","title":"Text?","mandatory":false},"#,
            r#"{"type":"multiple-choice","key":"m","title":"Which?","options":[{"key":"a","title":"A"}]},"#,
            r#"{"type":"date","key":"d","title":"When?","min":3}]},"#,
            r#"{"type":"client-questionnaire","key":"c"},{"type":"identity-document","key":"d"},"#,
            r#"{"type":"liveness","key":"f"},{"type":"video-call","key":"v","flags":{"a":true}}]"#
        )
    );
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    let asked = |question: Question| SessionStep::user_questionnaire("q").question(question);
    let twice = || Title::by_language([(Language::En, "a"), (Language::En, "b")]);
    for step in [
        SessionStep::liveness(""),
        SessionStep::new(StepType::from(""), "k"),
        SessionStep::liveness("k").extra("type", "x"),
        SessionStep::liveness("k").extra("Questions", "x"),
        SessionStep::liveness("k").extra("", 1),
        SessionStep::liveness("k").extra("a", 1).extra("a", 2),
        SessionStep::liveness("k").title(twice()),
        asked(Question::boolean("", "?")),
        asked(Question::boolean("a", twice())),
        asked(Question::options("a", "?", [])),
        asked(Question::multiple_choice("a", "?", [])),
        asked(Question::options("a", "?", [Choice::new("", "?")])),
        asked(Question::options("a", "?", [Choice::new("a", twice())])),
        asked(Question::boolean("a", "?").extra("mandatory", true)),
        asked(Question::boolean("a", "?")).question(Question::text("a", "?")),
    ] {
        let scripted = Scripted::new([]);
        let error = scripted
            .run(scripted.client.sessions().begin().step(step))
            .unwrap_err();
        scripted.assert_refused(&error);
    }
}

#[test]
fn a_step_shows_its_type_alone() {
    let step = SessionStep::identity_document("anna-key").extra("first_name", "ANNA");
    let shown = format!("{step:?} {step:#?}");
    assert!(shown.contains("IdentityDocument"), "{shown}");
    assert!(!shown.to_lowercase().contains("anna"), "{shown}");
}
