//! Only the documented positive is one.

use identomat::{Answer, Outcome, SessionResult};

fn read(json: &str) -> Result<Answer<SessionResult>, identomat::Error> {
    Answer::from_json(json.to_owned())
}

fn body(result: &str, live: &str, similarity: &str) -> String {
    format!(r#"{{"result":{result},"live":{live},"similarity":{similarity},"person":{{}}}}"#)
}

#[test]
fn approved_in_any_case_and_nothing_else() {
    for word in ["approved", "APPROVED", "Approved", "aPPROVED"] {
        let result = read(&body(&format!("\"{word}\""), "true", "0.9")).unwrap();
        assert!(result.is_approved(), "{word}");
    }
    for (word, outcome) in [
        ("rejected", Outcome::Rejected),
        ("REJECTED", Outcome::Rejected),
        ("manual_check", Outcome::ManualCheck),
        ("MANUAL_CHECK", Outcome::ManualCheck),
        ("disagreed_with_terms", Outcome::DisagreedWithTerms),
        ("DISAGREED_WITH_TERMS", Outcome::DisagreedWithTerms),
        ("in_progress", Outcome::InProgress),
        ("IN_PROGRESS", Outcome::InProgress),
    ] {
        let result = read(&body(&format!("\"{word}\""), "true", "1")).unwrap();
        assert!(!result.is_approved());
        assert_eq!(result.result, Some(outcome));
    }
}

/// Each of these is close to an approved session, and none is one.
const MUTATED: [(&str, &str, &str); 48] = [
    // result
    ("\"approved \"", "true", "0.9"),
    ("\" approved\"", "true", "0.9"),
    ("\"approved\\n\"", "true", "0.9"),
    ("\"approved\\u0000\"", "true", "0.9"),
    ("\"approve\"", "true", "0.9"),
    ("\"approveds\"", "true", "0.9"),
    ("\"not_approved\"", "true", "0.9"),
    ("\"un-approved\"", "true", "0.9"),
    ("\"\\u0430pproved\"", "true", "0.9"),
    ("\"appro\\u200bved\"", "true", "0.9"),
    ("\"\\uff21PPROVED\"", "true", "0.9"),
    ("\"ok\"", "true", "0.9"),
    ("\"true\"", "true", "0.9"),
    ("\"\"", "true", "0.9"),
    ("\"null\"", "true", "0.9"),
    ("null", "true", "0.9"),
    ("true", "true", "0.9"),
    ("1", "true", "0.9"),
    ("0.9", "true", "0.9"),
    ("[\"approved\"]", "true", "0.9"),
    ("{\"value\":\"approved\"}", "true", "0.9"),
    ("{\"approved\":true}", "true", "0.9"),
    ("\"rejected\",\"result\":\"approved\"", "true", "0.9"),
    ("\"approved\",\"result\":\"rejected\"", "true", "0.9"),
    ("\"approved\",\"result\":\"approved\"", "true", "0.9"),
    ("\"rejected\",\"Result\":\"approved\"", "true", "0.9"),
    ("\"rejected\",\"status\":\"approved\"", "true", "0.9"),
    ("\"approved\\ud800\"", "true", "0.9"),
    // live
    ("\"approved\"", "\"true\"", "0.9"),
    ("\"approved\"", "\"false\"", "0.9"),
    ("\"approved\"", "1", "0.9"),
    ("\"approved\"", "0", "0.9"),
    ("\"approved\"", "\"\"", "0.9"),
    ("\"approved\"", "[true]", "0.9"),
    ("\"approved\"", "{}", "0.9"),
    ("\"approved\"", "TRUE", "0.9"),
    ("\"approved\"", "true,\"live\":true", "0.9"),
    ("\"approved\"", "false,\"live\":true", "0.9"),
    // similarity
    ("\"approved\"", "true", "\"0.9\""),
    ("\"approved\"", "true", "\"\""),
    ("\"approved\"", "true", "true"),
    ("\"approved\"", "true", "[0.9]"),
    ("\"approved\"", "true", "{}"),
    ("\"approved\"", "true", "1e999"),
    ("\"approved\"", "true", "NaN"),
    ("\"approved\"", "true", "0.9,\"similarity\":0.9"),
    ("\"approved\"", "true", "0.1,\"similarity\":0.9"),
    ("\"approved\"", "true", "0,9"),
];

#[test]
fn no_mutation_is_approved() {
    let (good, _) = (read(&body("\"approved\"", "true", "0.9")).unwrap(), ());
    assert!(good.is_approved(), "what the mutations are close to");
    let mut unreadable = 0;
    for (result, live, similarity) in MUTATED {
        let json = body(result, live, similarity);
        match read(&json) {
            Ok(read) => assert!(!read.is_approved(), "{json}"),
            Err(error) => {
                unreadable += 1;
                assert!(error.is_decode(), "{json}: {error}");
                assert!(!error.to_string().contains("0.9"), "{error}");
            }
        }
    }
    assert!(
        unreadable >= 20,
        "live and similarity of a wrong type are no result: {unreadable}"
    );
}

/// A missing member decides nothing in anybody's favour.
#[test]
fn nothing_is_not_approved() {
    for json in ["{}", r#"{"live":true,"similarity":1}"#, r#"{"result":null}"#] {
        let result = read(json).unwrap();
        assert!(!result.is_approved(), "{json}");
    }
    let result = read(r#"{"result":"approved","live":null,"similarity":null}"#).unwrap();
    assert_eq!((result.live, result.similarity), (None, None), "not true, not 1");
    for json in [
        r#"["approved",true,0.9]"#,
        "\"approved\"",
        "true",
        "",
        "[{\"result\":\"approved\"}]",
    ] {
        assert!(read(json).unwrap_err().is_decode(), "{json}");
    }
}

/// A hit of a screening that cannot be read must not look like none.
#[test]
fn screening_matches_do_not_vanish() {
    for matches in ["{}", "\"x\"", "[\"p-1\"]", "[[\"p-1\"]]", "[null]", "1", "true"] {
        let json = format!(r#"{{"result":"approved","screeningMatches":{matches}}}"#);
        assert!(read(&json).unwrap_err().is_decode(), "{json}");
    }
    for (matches, count) in [
        ("null", None),
        ("[]", Some(0)),
        ("[{}]", Some(1)),
        (r#"[{"personId":7}]"#, Some(1)),
    ] {
        let json = format!(r#"{{"result":"approved","screeningMatches":{matches}}}"#);
        let result = read(&json).unwrap();
        assert!(result.is_approved(), "{json}");
        assert_eq!(result.screening_matches.as_ref().map(Vec::len), count, "{json}");
        assert_eq!(result.has_screening_matches(), count > Some(0), "{json}");
    }
    assert!(!read(r#"{"result":"approved"}"#).unwrap().has_screening_matches());
}

/// What is kept of an unknown word is the word, and it is not shown.
#[test]
fn unknown_outcomes_are_kept() {
    let result = read(r#"{"result":"Approved_By_ANNA"}"#).unwrap();
    let outcome = result.result.clone().unwrap();
    assert_eq!(outcome.as_str(), "Approved_By_ANNA");
    assert!(!format!("{result:?}").contains("ANNA"));
}
