//! Coverage by country and reachability by address: requests to the byte, answers in every documented
//! spelling, and "no reach" told from errors (contract idlayr, 10, 15.2 and 16).

use std::net::IpAddr;

use idlayr::testing::Step;
use idlayr::{
    CountryCode, CoverageLevel, Currency, ErrorKind, NoReach, Price, ProblemCode, ProductId, Reply, Result,
    Secret,
};

use crate::support::{Scripted, Wire};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const HAL: &str = "application/hal+json";
const COUNTRY: &str = r#"{"country_code":"GB","dialing_code":44,"products":[
    {"product_id":"PCK","product_name":"Phone Check","coverage":"FULL",
     "prices_starting_from":[{"currency":"GBP","amount":0.0350},{"currency":"API","amount":1}],
     "networks":[{"network_id":"23410","network_name":"Example Mobile","network_aliases":["23402"],
                  "prices":[{"currency":"GBP","amount":0.04}]}],
     "_links":{"self":{"href":"/x"}}},
    {"product_id":"sck","coverage":"PARTIAL"},
    {"product_id":"SUK","coverage":"COMING_SOON"},
    {"product_id":"XYZ","coverage":"HALF"}],
    "_links":{"self":{"href":"/coverage/v0.1/countries/GB"}}}"#;
const REACH: &str = r#"{"country_code":"GB","network_id":"23410","network_name":"Example Mobile","network_aliases":["23402"],"mobile_data_ip":"198.51.100.7","products":[{"product_id":"PCK","product_name":"Phone Check"}]}"#;

fn country(code: &str) -> CountryCode {
    CountryCode::new(code).unwrap()
}

fn address() -> IpAddr {
    "198.51.100.7".parse().unwrap()
}

fn problem(status: u16, code: &str, detail: &str) -> Step {
    let kind = match code {
        "" => String::new(),
        code => format!(r#""type":"https://developer.tru.id/docs/reference/api-errors#{code}","#),
    };
    let body = format!(r#"{{{kind}"title":"t","detail":"{detail}"}}"#);
    Step::answer(status, body).header("content-type", "application/problem+json")
}

#[test]
fn a_product_that_is_listed_twice_is_covered_if_both_entries_say_so() {
    for (levels, is_covered) in [
        (["FULL", "PARTIAL"], true),
        (["FULL", "COMING_SOON"], false),
        (["COMING_SOON", "FULL"], false),
        (["PARTIAL", "later"], false),
    ] {
        let entry = |id: &str, level: &str| format!(r#"{{"product_id":"{id}","coverage":"{level}"}}"#);
        let body = format!(
            r#"{{"products":[{},{}]}}"#,
            entry("PCK", levels[0]),
            entry("pck", levels[1])
        );
        let covered = idlayr::Answer::<idlayr::CountryCoverage>::from_json(body).unwrap();
        assert_eq!(
            covered.is_covered(&ProductId::PhoneCheck),
            is_covered,
            "{levels:?}"
        );
        assert!(!covered.is_covered(&ProductId::SimCheck), "{levels:?}");
    }
    let unsaid = r#"{"products":[{"product_id":"PCK","coverage":"FULL"},{"product_id":"PCK"}]}"#;
    let covered = idlayr::Answer::<idlayr::CountryCoverage>::from_json(unsaid).unwrap();
    assert!(!covered.is_covered(&ProductId::PhoneCheck));
}

#[tokio::test]
async fn by_country() {
    let wire = Wire::start().await;
    for _ in 0..2 {
        wire.answer(200, HAL, COUNTRY);
    }
    let coverage = wire.client().coverage();
    let covered = coverage.country(&country("gb")).await.unwrap().unwrap();
    coverage.country(&country("+44")).await.unwrap().unwrap();
    for (call, code) in wire.calls().iter().zip(["GB", "44"]) {
        call.assert(
            &wire,
            &format!("GET /coverage/v0.1/countries/{code}"),
            &[BEARER],
            "",
        );
    }
    assert_eq!(covered.country_code, Some(country("GB")));
    assert_eq!(covered.dialing_code, Some(country("44")));
    assert!(covered.is_covered(&ProductId::PhoneCheck));
    assert!(
        covered.is_covered(&ProductId::SimCheck),
        "partly, and written in lower case"
    );
    assert!(
        !covered.is_covered(&ProductId::SubscriberCheck),
        "it is coming soon"
    );
    assert!(
        !covered.is_covered(&ProductId::from("xyz")),
        "a level that nobody documented"
    );
    assert!(!covered.is_covered(&ProductId::from("MOC")));
    let levels: Vec<_> = covered
        .products
        .iter()
        .map(|product| product.coverage.clone().unwrap())
        .collect();
    assert_eq!(levels[..3], *CoverageLevel::KNOWN);
    assert!(levels[3].is_unknown());
    let product = covered.product(&ProductId::PhoneCheck).unwrap();
    assert_eq!(product.product_name.as_ref().unwrap().expose(), "Phone Check");
    let prices = |prices: &[Price]| {
        let price = |price: &Price| {
            let amount = price.amount.as_ref().unwrap().as_str().to_owned();
            (price.currency.clone().unwrap(), amount)
        };
        prices.iter().map(price).collect::<Vec<_>>()
    };
    assert_eq!(
        prices(&product.prices_starting_from),
        [
            (Currency::Gbp, "0.0350".to_owned()),
            (Currency::Api, "1".to_owned())
        ]
    );
    let network = &product.networks[0];
    assert_eq!(network.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(network.network_name.as_ref().unwrap().expose(), "Example Mobile");
    assert_eq!(network.network_aliases[0].as_str(), "23402");
    assert_eq!(prices(&network.prices), [(Currency::Gbp, "0.04".to_owned())]);
}

#[tokio::test]
async fn by_address() {
    let wire = Wire::start().await;
    for _ in 0..2 {
        wire.answer(200, HAL, REACH);
    }
    let coverage = wire.client().coverage();
    let reach = coverage.device_ip(address()).await.unwrap().unwrap();
    coverage
        .device_ip("2001:db8::7".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let calls = wire.calls();
    assert_eq!(calls.len(), 2);
    for (call, address) in calls.iter().zip(["198.51.100.7", "2001%3Adb8%3A%3A7"]) {
        let line = format!("GET /coverage/v0.1/device_ips/{address}");
        call.assert(&wire, &line, &[BEARER], "");
    }
    assert_eq!(reach.country_code, Some(country("GB")));
    assert_eq!(reach.dialing_code, None);
    assert_eq!(reach.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(reach.network_name.as_ref().unwrap().expose(), "Example Mobile");
    assert_eq!(reach.network_aliases[0].as_str(), "23402");
    assert_eq!(*reach.mobile_data_ip.as_ref().unwrap().expose(), address());
    assert!(reach.supports(&ProductId::PhoneCheck));
    assert!(!reach.supports(&ProductId::SubscriberCheck));
    assert_eq!(
        reach.products[0].product_name.as_ref().unwrap().expose(),
        "Phone Check"
    );
    assert_eq!(reach.raw(), REACH.as_bytes());
}

/// As a device asks: with the token that it was given, and with no other.
#[tokio::test]
async fn by_the_own_address() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, REACH);
    let coverage = wire.client().coverage();
    let token = Secret::new("device-1");
    let reach = coverage.own_device_ip(&token).await.unwrap().unwrap();
    assert!(reach.supports(&ProductId::PhoneCheck));
    assert_eq!(reach.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(reach.raw(), REACH.as_bytes());
    let bearer = ("authorization", "Bearer device-1");
    wire.call()
        .assert(&wire, "GET /coverage/v0.1/device_ip", &[bearer], "");
    assert_eq!(wire.all().len(), 1, "no token of the client's own is asked for");
    for text in ["", "two words", "line\nbreak"] {
        let error = coverage.own_device_ip(&Secret::new(text)).await.unwrap_err();
        assert_eq!(
            (error.provider(), error.kind()),
            ("idlayr", ErrorKind::Configuration)
        );
    }
    assert_eq!(wire.all().len(), 1);
}

/// Deprecated, and asked without any token: neither a device's nor the client's own.
#[tokio::test]
#[expect(deprecated, reason = "the route is still there, and so is the call")]
async fn by_the_own_address_in_public() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, REACH);
    let coverage = wire.client().coverage();
    let reach = coverage.public_device_ip().await.unwrap().unwrap();
    wire.call()
        .assert(&wire, "GET /public/coverage/v0.1/device_ip", &[], "");
    assert_eq!(wire.all().len(), 1, "no token is asked for");
    assert_eq!(*reach.mobile_data_ip.as_ref().unwrap().expose(), address());
    assert_eq!(reach.network_id.as_ref().unwrap().as_str(), "23410");
    assert!(reach.supports(&ProductId::PhoneCheck));

    for (step, expected) in [
        (problem(400, "mno_not_supported", "d"), NoReach::MnoNotSupported),
        (problem(412, "not_mobile_ip", "d"), NoReach::NotMobileIp),
        (problem(404, "", "No Reach"), NoReach::Unspecified),
    ] {
        let scripted = Scripted::from_token([step]);
        let call = scripted.client.coverage().public_device_ip();
        assert_eq!(reason(scripted.run(call.send_with_metadata())), expected);
    }
    for (status, code, attempts) in [
        (400, "bad_request", 1),
        (401, "", 1),
        (429, "too_many_requests", 3),
    ] {
        let scripted = Scripted::from_token(std::iter::repeat_n(problem(status, code, "d"), 3));
        let call = scripted.client.coverage().public_device_ip();
        let error = scripted.run(call).unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.operation(), "coverage.public_device_ip");
        assert_eq!(scripted.transport.seen().len(), attempts, "a token was asked for");
    }
}

/// A device's token cannot be renewed here, and the client's own must not go in its place.
#[test]
fn an_expired_token_of_a_device_is_the_end() {
    let expired = || problem(401, "", "No Reach");
    let scripted = Scripted::from_token([
        expired(),
        Step::json(200, crate::support::TOKEN_ANSWER),
        expired(),
    ]);
    let coverage = scripted.client.coverage();
    let error = scripted
        .run(coverage.own_device_ip(&Secret::new("device-1")))
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 1));
    assert_eq!(error.operation(), "coverage.own_device_ip");
    assert!(!format!("{error} {error:?}").contains("device-1"));
    let seen = scripted.transport.seen();
    assert_eq!(seen.len(), 1, "no other token is asked for");
    assert_eq!(seen[0].header("authorization"), Some("Bearer device-1"));
}

/// Both documented types of the dialling code, every case of the product, and nothing at all.
#[test]
fn answers_in_other_spellings() {
    let reach = |body: &str| {
        let scripted = Scripted::new([Step::json(200, body.to_owned())]);
        scripted.run(scripted.client.coverage().device_ip(address()))
    };
    for code in ["44", r#""44""#, r#""+44""#] {
        let read = reach(&format!(r#"{{"dialing_code":{code}}}"#)).unwrap().unwrap();
        assert_eq!(read.dialing_code, Some(country("44")), "{code}");
    }
    for product in ["PCK", "pck", "Pck"] {
        let body = format!(r#"{{"products":[{{"product_id":"{product}"}}]}}"#);
        assert!(
            reach(&body).unwrap().unwrap().supports(&ProductId::PhoneCheck),
            "{product}"
        );
    }
    assert_eq!(ProductId::from("later"), ProductId::from("LATER"));
    for product in ProductId::KNOWN {
        assert_eq!(ProductId::from(product.as_str()), *product);
    }
    let nothing = reach("{}").unwrap().unwrap();
    assert!(nothing.products.is_empty() && !nothing.supports(&ProductId::PhoneCheck));
    for odd in [
        "1",
        "[]",
        r#""x""#,
        "true",
        "null",
        r#""447700900042""#,
        "447700900042",
    ] {
        let body = format!(
            r#"{{"country_code":{odd},"dialing_code":{odd},"mobile_data_ip":{odd},"network_aliases":{odd},"products":[{{"product_id":"SCK","product_name":{odd}}}]}}"#
        );
        let read = reach(&body).unwrap().unwrap();
        assert_eq!(read.mobile_data_ip, None, "{odd}");
        assert!(read.supports(&ProductId::SimCheck), "{odd}");
        assert!(!format!("{read:?}").contains("7700"), "{read:?}");
    }
    for broken in [
        "[]",
        "1",
        r#"{"products":{}}"#,
        r#"{"products":[1]}"#,
        r#"{"products":[{"product_id":1}]}"#,
    ] {
        assert!(reach(broken).unwrap_err().is_decode(), "{broken}");
    }
    let by_country = |body: &str| {
        let scripted = Scripted::new([Step::json(200, body.to_owned())]);
        scripted.run(scripted.client.coverage().country(&country("GB")))
    };
    assert!(by_country("{}").unwrap().unwrap().products.is_empty());
    let bare = by_country(r#"{"products":[{"networks":[{}],"prices_starting_from":7}]}"#)
        .unwrap()
        .unwrap();
    assert_eq!(bare.products[0].networks[0].network_id, None);
    assert!(bare.products[0].prices_starting_from.is_empty());
    assert!(
        by_country(r#"{"products":[{"product_id":"PCK","coverage":1}]}"#)
            .unwrap_err()
            .is_decode()
    );
}

fn reason<T>(reply: Result<Reply<Option<T>>>) -> NoReach {
    let reply = reply.unwrap();
    assert!(reply.value().is_none());
    NoReach::of(&reply).unwrap()
}

#[test]
fn no_reach_is_none_and_says_why() {
    let not_found = [problem(404, "", "No Reach"), problem(404, "", "no reach")];
    for step in not_found {
        let scripted = Scripted::new([step.clone(), step.clone(), step]);
        let coverage = scripted.client.coverage();
        let country = scripted.run(coverage.country(&country("AQ")).send_with_metadata());
        assert_eq!(reason(country), NoReach::Unspecified);
        let device = scripted.run(coverage.device_ip(address()).send_with_metadata());
        assert_eq!(reason(device), NoReach::Unspecified);
        let own = coverage.own_device_ip(&Secret::new("device-1"));
        assert_eq!(
            reason(scripted.run(own.send_with_metadata())),
            NoReach::Unspecified
        );
        assert_eq!(scripted.calls().len(), 3, "it is not asked again");
    }
    for (step, expected) in [
        (problem(400, "mno_not_supported", "d"), NoReach::MnoNotSupported),
        (problem(412, "not_mobile_ip", "d"), NoReach::NotMobileIp),
        (problem(412, "", "d"), NoReach::NotMobileIp),
    ] {
        let scripted = Scripted::new([step.clone(), step.clone(), step]);
        let coverage = scripted.client.coverage();
        let device = scripted.run(coverage.device_ip(address()).send_with_metadata());
        assert_eq!(reason(device), expected);
        let own = coverage.own_device_ip(&Secret::new("device-1"));
        assert_eq!(reason(scripted.run(own.send_with_metadata())), expected);
        let error = scripted.run(coverage.country(&country("GB"))).unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Provider,
            "of a country, neither is documented"
        );
    }
    // The documented 404 of a country need not be worded like that.
    let scripted = Scripted::new([problem(404, "", "Country not found"), Step::json(200, "{}")]);
    let coverage = scripted.client.coverage();
    assert_eq!(scripted.run(coverage.country(&country("AQ"))).unwrap(), None);
    let reply = scripted
        .run(coverage.country(&country("GB")).send_with_metadata())
        .unwrap();
    assert_eq!(NoReach::of(&reply), None);
}

/// What somebody else says, or what says something else, is no answer about reach.
#[test]
fn other_refusals_stay_errors() {
    for step in [
        problem(400, "bad_request", "d"),
        problem(400, "", "d"),
        problem(404, "", "Not Found"),
        problem(404, "check_not_found", "d"),
        Step::answer(404, "<html>No Reach</html>").header("content-type", "text/html"),
        Step::json(404, r#"["No Reach"]"#),
        Step::json(404, r#""No Reach""#),
        Step::answer(404, ""),
        Step::answer(412, ""),
        Step::answer(400, "mno_not_supported"),
        problem(401, "", "No Reach"),
        problem(403, "forbidden", "No Reach"),
        problem(410, "", "No Reach"),
        problem(429, "too_many_requests", "No Reach"),
        problem(500, "", "No Reach"),
    ] {
        let Step::Answer { status, .. } = &step else {
            panic!("it is an answer")
        };
        let status = *status;
        let scripted = Scripted::from_token(
            // A 401 is answered with a new token.
            std::iter::once(Step::json(200, crate::support::TOKEN_ANSWER))
                .chain(std::iter::repeat_n(step, 3)),
        );
        let error = scripted
            .run(scripted.client.coverage().device_ip(address()))
            .unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.operation(), "coverage.device_ip");
    }
    for step in [
        Step::json(404, r#"{"message":"no Route matched"}"#),
        Step::answer(404, "<html>").header("content-type", "text/html"),
        Step::answer(404, ""),
    ] {
        let scripted = Scripted::new([step]);
        let error = scripted
            .run(scripted.client.coverage().country(&country("GB")))
            .unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 404);
    }
    let limited = problem(429, "too_many_requests", "d");
    let scripted = Scripted::new([limited.clone(), limited.clone(), limited]);
    let error = scripted
        .run(scripted.client.coverage().country(&country("GB")))
        .unwrap_err();
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::TooManyRequests));
}

#[test]
fn what_is_no_country_is_refused() {
    for text in [
        "", "G", "GBR", "G1", "4four", "0", "044", "00044", "44044", "+", "++44", "+GB", "g\u{e9}", "..",
    ] {
        let error = CountryCode::new(text).unwrap_err();
        assert_eq!(
            (error.kind(), error.provider()),
            (ErrorKind::InvalidInput, "idlayr"),
            "{text}"
        );
    }
    for (text, code) in [("nl", "NL"), ("1", "1"), ("+1684", "1684"), ("353", "353")] {
        assert_eq!(text.parse::<CountryCode>().unwrap().as_str(), code);
    }
}
