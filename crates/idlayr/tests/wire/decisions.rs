//! Only the documented positive is positive.

use idlayr::testing::Step;
use idlayr::{Answer, CompletionCode, Delivery, ErrorKind, PhoneCheck, Result};

use crate::support::{BASE, ID, Scripted, created, id, number};

/// What each operation that reads a check makes of this answer: get, complete, list.
fn read(body: &str) -> [Result<Answer<PhoneCheck>>; 3] {
    let list = format!(r#"{{"_embedded":{{"checks":[{body}]}}}}"#);
    let scripted = Scripted::new([
        Step::json(200, body.to_owned()),
        Step::json(200, body.to_owned()),
        Step::json(200, list),
    ]);
    let checks = scripted.client.phone_checks();
    let code = CompletionCode::new("4fa09c17be").unwrap();
    [
        scripted.run(checks.get(&id())),
        scripted.run(checks.complete(&id(), &code)),
        scripted.run(checks.list()).map(|mut page| page.checks.remove(0)),
    ]
}

fn is_match(body: &str) -> bool {
    read(body).iter().any(|read| match read {
        Ok(check) => {
            assert_eq!(check.is_match(), check.verdict() == Some(true));
            check.is_match()
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
            assert_eq!(error.delivery(), Delivery::CarriedOut);
            false
        }
    })
}

#[test]
fn the_documented_positive_is_a_match() {
    assert!(is_match(&format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true}}"#
    )));
    assert!(is_match(&format!(
        "\n{{ \"match\" : true , \"status\":\"COMPLETED\",\t\"check_id\":\"{ID}\"}} "
    )));
}

#[test]
fn a_match_that_is_no_true_is_none_whatever_the_status() {
    for status in [
        "COMPLETED",
        "ACCEPTED",
        "PENDING",
        "EXPIRED",
        "ERROR",
        "VERIFIED",
        "completed",
        "",
    ] {
        for matched in [
            r#","match":"true""#,
            r#","match":1"#,
            r#","match":null"#,
            r#","match":[true]"#,
            r#","match":{"value":true}"#,
            r#","match":false"#,
            "",
        ] {
            let body = format!(r#"{{"check_id":"{ID}","status":"{status}"{matched}}}"#);
            assert!(!is_match(&body), "{body}");
        }
        let body = format!(r#"{{"check_id":"{ID}","status":"{status}","match":true}}"#);
        assert_eq!(is_match(&body), status == "COMPLETED", "{body}");
    }
}

#[test]
fn a_decision_of_another_type_is_an_error() {
    for members in [
        r#""status":"COMPLETED","match":"true""#,
        r#""status":"COMPLETED","match":1"#,
        r#""status":"COMPLETED","match":[]"#,
        r#""status":"COMPLETED","match":{}"#,
        r#""status":"PENDING","match":"false""#,
        r#""status":null,"match":true"#,
        r#""status":7,"match":true"#,
        r#""match":true"#,
    ] {
        for read in read(&format!(r#"{{"check_id":"{ID}",{members}}}"#)) {
            assert!(read.unwrap_err().is_decode(), "{members}");
        }
    }
}

#[test]
fn a_result_that_is_not_there_is_no_result() {
    for members in [
        r#""status":"COMPLETED""#,
        r#""status":"COMPLETED","match":null"#,
        r#""status":"PENDING","match":true"#,
        r#""status":"ERROR","match":false"#,
        r#""status":"FINISHED","match":true"#,
    ] {
        for read in read(&format!(r#"{{"check_id":"{ID}",{members}}}"#)) {
            assert_eq!(read.unwrap().verdict(), None, "{members}");
        }
    }
}

/// What an attacker on the way, or a careless change at the provider, could make of a check that did not
/// match.
#[test]
fn no_mutation_of_status_and_match_reads_as_a_match() {
    let mutations = [
        // The status is another one.
        r#""status":"COMPLETED ","match":true"#,
        r#""status":" COMPLETED","match":true"#,
        r#""status":"Completed","match":true"#,
        r#""status":"completed","match":true"#,
        r#""status":"COMPLETE","match":true"#,
        r#""status":"COMPLETED\u0000","match":true"#,
        r#""status":"\ufeffCOMPLETED","match":true"#,
        "\"status\":\"\u{421}OMPLETED\",\"match\":true",
        "\"status\":\"COMPLETED\u{200b}\",\"match\":true",
        r#""status":"INCOMPLETED","match":true"#,
        r#""status":"COMPLETED,ERROR","match":true"#,
        r#""status":"\"COMPLETED\"","match":true"#,
        // It is no text, or not there.
        r#""status":true,"match":true"#,
        r#""status":["COMPLETED"],"match":true"#,
        r#""status":{"COMPLETED":null},"match":true"#,
        r#""status":{"Completed":{}},"match":true"#,
        r#""status":null,"match":true"#,
        r#""status":2,"match":true"#,
        r#""Status":"COMPLETED","match":true"#,
        r#""STATUS":"COMPLETED","match":true"#,
        r#""match":true"#,
        // It comes twice.
        r#""status":"ERROR","status":"COMPLETED","match":true"#,
        r#""status":"COMPLETED","status":"COMPLETED","match":true"#,
        r#""status":"COMPLETED","st\u0061tus":"ERROR","match":true"#,
        // The match is no true.
        r#""status":"COMPLETED","match":"true""#,
        r#""status":"COMPLETED","match":"True""#,
        r#""status":"COMPLETED","match":"1""#,
        r#""status":"COMPLETED","match":1"#,
        r#""status":"COMPLETED","match":1.0"#,
        r#""status":"COMPLETED","match":-1"#,
        r#""status":"COMPLETED","match":[true]"#,
        r#""status":"COMPLETED","match":[]"#,
        r#""status":"COMPLETED","match":{"match":true}"#,
        r#""status":"COMPLETED","match":null"#,
        r#""status":"COMPLETED","match":"""#,
        r#""status":"COMPLETED","match":TRUE"#,
        r#""status":"COMPLETED","match":tru"#,
        // It stands elsewhere.
        r#""status":"COMPLETED","Match":true"#,
        r#""status":"COMPLETED","matched":true"#,
        r#""status":"COMPLETED","r#match":true"#,
        r#""status":"COMPLETED","match ":true"#,
        r#""status":"COMPLETED","result":{"match":true}"#,
        r#""status":"COMPLETED","_embedded":{"match":true}"#,
        // It comes twice.
        r#""status":"COMPLETED","match":false,"match":true"#,
        r#""status":"COMPLETED","match":true,"match":false"#,
        r#""status":"COMPLETED","match":true,"match":true"#,
        r#""status":"COMPLETED","match":null,"match":true"#,
        r#""status":"COMPLETED","m\u0061tch":true,"match":false"#,
    ];
    assert!(mutations.len() >= 40);
    for mutation in mutations {
        let body = format!(r#"{{"check_id":"{ID}",{mutation}}}"#);
        assert!(!is_match(&body), "{body}");
    }
    // Not an object at all.
    for body in [
        format!(r#"["{ID}","COMPLETED",true]"#),
        format!(r#"[["{ID}","COMPLETED",true]]"#),
        format!(r#"[{{"check_id":"{ID}","status":"COMPLETED","match":true}}]"#),
        format!(r#""{{\"check_id\":\"{ID}\",\"status\":\"COMPLETED\",\"match\":true}}""#),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":true"#),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":true}}{{}}"#),
        format!("{{'check_id':'{ID}','status':'COMPLETED','match':true}}"),
        format!("\u{feff}{{\"check_id\":\"{ID}\",\"status\":\"COMPLETED\",\"match\":true}}"),
        String::from("true"),
    ] {
        for read in read(&body) {
            assert!(read.unwrap_err().is_decode(), "{body}");
        }
    }
}

#[test]
fn an_answer_about_another_check_is_an_error() {
    let other = "1b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f81";
    let body = format!(r#"{{"check_id":"{other}","status":"COMPLETED","match":true}}"#);
    let [get, complete, list] = read(&body);
    for error in [get.unwrap_err(), complete.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.delivery(), Delivery::CarriedOut);
        assert_eq!(error.body(), body.as_bytes());
        assert!(!error.to_string().contains(other), "{error}");
    }
    assert!(list.is_ok(), "a list is about other checks");

    // A UUID is the same in capitals.
    let body = format!(
        r#"{{"check_id":"{}","status":"COMPLETED","match":true}}"#,
        ID.to_uppercase()
    );
    let [get, complete, _] = read(&body);
    assert!(get.unwrap().is_match() && complete.unwrap().is_match());
}

#[test]
fn a_created_check_has_no_result_to_be_misread() {
    let body = created(BASE).replace(r#""status":"ACCEPTED""#, r#""status":"COMPLETED","match":true"#);
    let scripted = Scripted::new([Step::json(201, body)]);
    let check = scripted
        .run(scripted.client.phone_checks().create(number()))
        .unwrap();
    assert!(check.status.is_final());
    assert!(!format!("{check:?}").contains("true"));
}
