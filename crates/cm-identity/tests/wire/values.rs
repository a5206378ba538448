//! Identity match and number verify: only the documented positive is positive.

use cm_identity::testing::Step;
use cm_identity::{Answer, Attribute, IdentityMatch, IdentityScore, NumberVerify};

use crate::support::{Scripted, check, number};

#[test]
fn with_another_state_than_success_nothing_matches_and_nothing_scores() {
    for state in ["failed", "Success", "SUCCESS", "", "success ", "pending"] {
        let json = format!(
            r#"{{"state":"{state}","firstNameMatch":true,"lastNameMatch":true,"nameMatch":true,"addressMatch":true,"postalCodeMatch":true,"dateOfBirthMatch":true,"firstNameScore":100}}"#
        );
        let result = Answer::<IdentityMatch>::from_json(json.clone()).unwrap();
        assert_eq!((result.first_name, result.date_of_birth), (None, None), "{state}");
        assert!(!result.all_match(&[Attribute::FirstName]));
        assert!(result.state.as_ref().unwrap().is_unknown());
        assert_eq!(
            Answer::<IdentityScore>::from_json(json).unwrap().first_name,
            None,
            "{state}"
        );
    }
}

#[test]
fn a_list_of_attributes_matches_as_a_whole_or_not_at_all() {
    let result =
        Answer::<IdentityMatch>::from_json(r#"{"lastNameMatch":true,"nameMatch":false,"addressMatch":true}"#);
    let result = result.unwrap();
    assert!(result.all_match(&[Attribute::LastName, Attribute::Address]));
    assert!(!result.all_match(&[Attribute::LastName, Attribute::Name]));
    assert!(!result.all_match(&[Attribute::LastName, Attribute::PostalCode]));
    assert!(!result.all_match(&[]), "nothing was compared");
}

#[test]
fn scores_outside_of_0_to_100_or_of_another_type_are_left_to_the_raw_answer() {
    for score in ["-1", "100.5", "1e300", "\"100\"", "true", "null", "[100]", "{}"] {
        let json = format!(r#"{{"lastNameScore":{score},"nameScore":50}}"#);
        let result = Answer::<IdentityScore>::from_json(json.clone()).unwrap();
        assert_eq!((result.last_name, result.name), (None, Some(50.0)), "{score}");
        assert_eq!(&result.raw()[..], json.as_bytes());
    }
}

#[test]
fn only_a_completed_check_whose_match_is_true_is_a_match() {
    for state in ["pending", "failed", "Completed", "COMPLETED", "", "expired"] {
        let json = check(state, "true");
        let read = Answer::<NumberVerify>::from_json(json).unwrap();
        assert_eq!((read.is_match(), read.verdict()), (false, None), "{state}");
    }
    for matched in ["null", "false"] {
        let read = Answer::<NumberVerify>::from_json(check("completed", matched)).unwrap();
        assert!(!read.is_match());
    }
    for matched in ["\"true\"", "1", "[true]", "{}"] {
        assert!(Answer::<NumberVerify>::from_json(check("completed", matched)).is_err());
    }
    let read = Answer::<NumberVerify>::from_json(r#"{"id":"c-1","state":"completed"}"#).unwrap();
    assert_eq!(read.verdict(), None, "no result is no \"no\"");
}

#[test]
fn new_members_are_kept() {
    let scripted = Scripted::new([Step::json(200, r#"{"nameMatch":true,"cityMatch":true}"#)]);
    let call = scripted.client.identity_match().compare(number()).first_name("A");
    let result = scripted.run(call).unwrap();
    assert_eq!(result.extra()["cityMatch"], true);
}
