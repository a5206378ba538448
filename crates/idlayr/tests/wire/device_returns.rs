//! How the last hop ends: JSON or a redirect, with a code or an error (contract idlayr, 3.7 and 15.2).

use idlayr::{CheckErrorCode, DeviceReturn, Outcome, RedirectErrorCode};

use crate::support::ID;

const CODE: &str = "4fa09c17be";

/// The same end in both forms: `{"name":"value",...}`, and the query of the `redirect_url`.
fn in_both_forms(members: &[(&str, &str)]) -> [DeviceReturn; 2] {
    let members = [("check_id", ID)].iter().chain(members);
    let json: serde_json::Map<_, _> = members
        .clone()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect();
    let json = serde_json::Value::from(json).to_string();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(members);
    let url = format!("https://app.example.net/done?{}", query.finish());
    [
        DeviceReturn::from_json(json.as_bytes()).unwrap(),
        DeviceReturn::from_url(&url).unwrap(),
    ]
}

#[test]
fn a_journey_to_the_end_brings_a_code() {
    for returned in in_both_forms(&[("code", CODE), ("reference_id", "order-77 \u{e9}")]) {
        assert_eq!(returned.check_id.as_str(), ID);
        let reference_id = returned.reference_id.as_ref().unwrap();
        assert_eq!(reference_id.expose(), "order-77 \u{e9}");
        let Outcome::Code(code) = &returned.outcome else {
            panic!("{returned:?}")
        };
        assert_eq!(code.expose(), CODE);
    }
    for returned in in_both_forms(&[("code", CODE)]) {
        assert!(returned.reference_id.is_none());
    }
}

/// The one value that is documented, those of checks, one of the vendor's SDKs, and one that nobody knows.
#[test]
fn a_journey_that_failed_brings_an_error() {
    let others = CheckErrorCode::KNOWN.iter().map(CheckErrorCode::as_str);
    let others = others.chain(["sdk_redirect_error", "moon_phase"]);
    for word in RedirectErrorCode::WORDS.iter().copied().chain(others) {
        let members = [
            ("error", word),
            ("error_description", "Operator & redirect"),
            ("reference_id", "order-77"),
        ];
        for returned in in_both_forms(&members) {
            assert_eq!(returned.check_id.as_str(), ID);
            assert_eq!(returned.reference_id.as_ref().unwrap().expose(), "order-77");
            let Outcome::Error { error, description } = &returned.outcome else {
                panic!("{returned:?}")
            };
            assert_eq!(error.as_str(), word);
            assert_eq!(description.as_ref().unwrap().expose(), "Operator & redirect");
            let documented = *error == RedirectErrorCode::MnoRedirectUnsupported;
            assert_eq!(documented, word == "mno_redirect_unsupported");
            assert_eq!(error.is_unknown(), !documented);
            assert!(!format!("{returned:?} {:?}", returned.outcome).contains("Operator"));
        }
        for returned in in_both_forms(&[("error", word)]) {
            assert!(matches!(
                &returned.outcome,
                Outcome::Error {
                    description: None,
                    ..
                }
            ));
        }
    }
}

/// The platform writes into the query. What stands behind `#` is a page's own, and no signature covers it.
#[test]
fn what_stands_in_the_fragment_is_no_query() {
    for url in [
        format!("https://app.example.net/done#?check_id={ID}&code={CODE}"),
        format!("/done#/x?check_id={ID}&code={CODE}"),
        format!("https://app.example.net/?check_id={ID}#&code={CODE}"),
    ] {
        let error = DeviceReturn::from_url(&url).unwrap_err();
        assert!(error.is_invalid_input(), "{url}");
    }
    let url = format!("https://app.example.net/?check_id={ID}&code={CODE}#?error=x");
    let returned = DeviceReturn::from_url(&url).unwrap();
    assert!(matches!(returned.outcome, Outcome::Code(_)));
}

#[test]
fn an_error_says_whose_it_is_and_quotes_nothing() {
    for error in [
        DeviceReturn::from_json(b"{\"check_id\":\"c-private\"}").unwrap_err(),
        DeviceReturn::from_json(b"<c-private>").unwrap_err(),
        DeviceReturn::from_json(b"{\"check_id\":\"c-private\",\"code\":\"\"}").unwrap_err(),
        DeviceReturn::from_url("/c-private").unwrap_err(),
        DeviceReturn::from_query("code=c-private").unwrap_err(),
        DeviceReturn::from_query("check_id=%0Ac-private&code=c").unwrap_err(),
        DeviceReturn::from_query("check_id=c-private").unwrap_err(),
        DeviceReturn::from_query("check_id=c-private&code=c&code=d").unwrap_err(),
        DeviceReturn::from_query("check_id=c-private&code=c&error=d").unwrap_err(),
    ] {
        assert!(error.is_invalid_input(), "{error}");
        assert_eq!(error.provider(), "idlayr", "{error}");
        assert!(
            !format!("{error} {error:#} {error:?}").contains("private"),
            "{error:?}"
        );
    }
}
