//! Redirect URLs with a signature in their query.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idlayr::testing::Step;
use idlayr::{DeviceReturn, ErrorKind, Outcome, RedirectSignature};

use crate::support::{FORGED, HOST, ID, KEYS, Keys, NOW, Sent, Way, World, completed, published};

const NAMES: [&str; 3] = ["(request-target)", "host", "date"];

/// A signature over a target, as the two members of a query.
fn members(keys: &Keys, target: &str, names: &[&str], host: &str, date: &str) -> String {
    let sent = Sent {
        method: "GET",
        target: target.to_owned(),
        ..Sent::unsigned(&completed())
    };
    let sent = sent
        .header("host", host)
        .header("date", date)
        .names(names)
        .sign(keys, Way::Rsa256);
    let encoded = |text: &str| {
        STANDARD
            .encode(text)
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D")
    };
    format!(
        "authorization={}&date={}",
        encoded(&sent.authorization()),
        encoded(date)
    )
}

fn good_members(target: &str) -> String {
    members(&KEYS, target, &NAMES, HOST, NOW)
}

fn target() -> String {
    format!("/done?state=a%2fb+c&check_id={ID}&code=4fa09c17be")
}

#[track_caller]
fn assert_invalid(world: &World, url: &str, why: &str) {
    let error = world.verify_redirect(url).unwrap_err();
    assert_eq!(
        (error.kind(), error.provider()),
        (ErrorKind::Signature, "idlayr"),
        "{why}"
    );
    assert!(!format!("{error} {error:?}").contains("4fa09c17be"));
}

#[test]
fn the_path_and_the_query_are_signed_in_their_original_bytes() {
    let world = World::new([published()]);
    let target = target();
    let signature = good_members(&target);
    let (path, query) = target.split_once('?').unwrap();
    for url in [
        format!("https://{HOST}{target}&{signature}"),
        format!("{target}&{signature}"),
        format!("{path}?{signature}&{query}"),
        format!("{target}&{signature}#top"),
    ] {
        assert!(world.verify_redirect(&url).unwrap().is_valid(), "{url}");
        let returned = DeviceReturn::from_url(&url).unwrap();
        assert!(matches!(&returned.outcome, Outcome::Code(code) if code.expose() == "4fa09c17be"));
    }
    assert_eq!(world.fetches(), 1);
}

/// The vendor's example writes the query anew before it verifies.
#[test]
fn a_query_that_was_written_anew_is_taken_second() {
    let world = World::new([published()]);
    let signature = good_members(&target().replace("%2f", "%2F"));
    assert!(
        world
            .verify_redirect(&format!("{}&{signature}", target()))
            .unwrap()
            .is_valid()
    );
}

#[test]
fn a_change_anywhere_is_seen() {
    let world = World::new([published()]);
    let target = target();
    let signature = good_members(&target);
    for changed in [
        target.replace("4fa09c17be", "4fa09c17bf"),
        target.replace("/done", "/other"),
        format!("/other://{HOST}{target}"),
        target.replace("state=a", "state=b"),
        target.clone() + "&more=1",
        target.replace("&code=4fa09c17be", "&error=mno_timeout"),
        format!("/done?check_id={ID}&state=a%2fb+c&code=4fa09c17be"),
    ] {
        assert_invalid(&world, &format!("{changed}&{signature}"), &changed);
    }
    for (members, why) in [
        (members(&FORGED, &target, &NAMES, HOST, NOW), "another key"),
        (
            members(&KEYS, &target, &NAMES, "evil.example", NOW),
            "another host",
        ),
        (
            members(&KEYS, &target, &NAMES, HOST, "Wed, 31 Dec 2025 23:54:59 GMT"),
            "an old date",
        ),
        (
            members(&KEYS, &target, &NAMES, HOST, "Thu, 01 Jan 2026 00:05:01 GMT"),
            "a future date",
        ),
        (members(&KEYS, &target, &NAMES, HOST, "now"), "no date"),
        (
            members(&KEYS, &target, &["host", "date"], HOST, NOW),
            "the target is not signed",
        ),
        (
            members(&KEYS, &target, &["(request-target)", "date"], HOST, NOW),
            "the host is not signed",
        ),
        (
            members(&KEYS, &target, &["(request-target)", "host"], HOST, NOW),
            "the date is not signed",
        ),
        (
            members(
                &KEYS,
                &target,
                &["(request-target)", "host", "date", "digest"],
                HOST,
                NOW,
            ),
            "more is signed",
        ),
        ("authorization=PHg%2B&date=PHg%2B".to_owned(), "no signature"),
        (signature.split_once('&').unwrap().0.to_owned(), "half of it"),
        (format!("{signature}&{signature}"), "twice"),
    ] {
        assert_invalid(&world, &format!("{target}&{members}"), why);
    }
}

#[test]
fn a_callbacks_signature_is_not_a_redirects_and_the_other_way_round() {
    let world = World::new([published()]);
    let posted = Sent {
        target: "/done".to_owned(),
        ..Sent::unsigned(&completed())
    };
    let posted = posted.sign(&KEYS, Way::Rsa256);
    let query = format!(
        "authorization={}&date={}",
        STANDARD.encode(posted.authorization()),
        STANDARD.encode(NOW)
    );
    assert_invalid(&world, &format!("/done?{query}"), "five names, and a POST");
    let get = Sent {
        method: "GET",
        ..Sent::unsigned(&completed())
    }
    .names(&NAMES)
    .sign(&KEYS, Way::Rsa256);
    assert!(world.verify(&get).unwrap_err().is_signature());
}

#[test]
fn no_signature_is_absent_and_asks_nobody() {
    let world = World::new([]);
    for url in [target().as_str(), "https://app.example.net/done", ""] {
        let absent = world.verify_redirect(url).unwrap();
        assert!(
            matches!(absent, RedirectSignature::Absent) && !absent.is_valid(),
            "{url}"
        );
    }
    assert_eq!(world.fetches(), 0);
}

#[test]
fn keys_that_cannot_be_had_are_an_error() {
    let world = World::new([Step::answer(404, "")]);
    let error = world
        .verify_redirect(&format!("{}&{}", target(), good_members(&target())))
        .unwrap_err();
    assert_eq!(
        (error.operation(), error.status().map(|status| status.as_u16())),
        ("jwks.get", Some(404))
    );
}
