//! What of a callback has to be signed, and what becomes of one that is changed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use idlayr::{Delivery, ErrorKind};

use crate::support::{ALL, FORGED, HOST, KEYS, NOW, Sent, Way, World, completed, published, sha256};

#[track_caller]
fn assert_refused(world: &World, sent: &Sent, why: &str) {
    let error = world.verify(sent).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Signature, Delivery::NotSent),
        "{why}: {error}"
    );
    assert_eq!(error.provider(), "idlayr", "{why}");
    let shown = format!("{error} {error:#} {error:?}");
    for private in ["order-77", HOST, "idlayr/callback", "rsa-1"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[test]
fn the_platforms_key_fits_and_no_other() {
    let world = World::new([published()]);
    let callback = world.verify(&Sent::good()).unwrap();
    assert!(callback.check.is_match());
    let forged = Sent::unsigned(&completed()).sign(&FORGED, Way::Rsa256);
    assert_refused(&world, &forged, "another key under the same name");
    let other_name = Sent::good().key("p256-1", "ecdsa-sha256");
    assert_refused(&world, &other_name, "the signature of another published key");
    assert_eq!(world.fetches(), 1, "the keys are fetched once");
    let asked = &world.transport.seen()[0];
    assert_eq!(asked.uri, "https://eu.api.idlayr.com/.well-known/jwks.json");
    assert_eq!(
        (&asked.method, asked.header("authorization")),
        (&http::Method::GET, None)
    );
}

#[test]
fn a_change_anywhere_is_seen() {
    let world = World::new([published()]);
    let good = Sent::good();
    world.verify(&good).unwrap();

    let lie = completed().replace("true", "false");
    let changed_body = Sent {
        body: lie.clone(),
        ..good.clone()
    };
    assert_refused(&world, &changed_body, "changed body");
    let digest = format!("SHA-256={}", STANDARD.encode(sha256(&lie)));
    assert_refused(&world, &good.clone().header("digest", &digest), "changed digest");
    assert_refused(
        &world,
        &changed_body.header("digest", &digest),
        "changed body and digest",
    );
    for (name, value) in [
        ("date", "Thu, 01 Jan 2026 00:00:01 GMT"),
        ("x-tru-callback", "subscriber_check"),
    ] {
        assert_refused(&world, &good.clone().header(name, value), name);
    }
    for target in [
        "/idlayr/callback?shop=8",
        "/idlayr/callback",
        "/other",
        "/idlayr/callback?shop=7&",
        "/idlayr/%63allback?shop=7",
    ] {
        let moved = Sent {
            target: target.to_owned(),
            ..good.clone()
        };
        assert_refused(&world, &moved, target);
    }
    assert_refused(
        &world,
        &Sent {
            method: "PUT",
            ..good.clone()
        },
        "method",
    );
    let mut reordered = good.clone();
    reordered.names.swap(1, 2);
    assert_refused(&world, &reordered, "the names in another order");
    for at in [0, 100, 255] {
        let mut bent = good.clone();
        bent.signature[at] ^= 1;
        assert_refused(&world, &bent, "a bit of the signature");
    }
    assert_refused(
        &world,
        &Sent {
            signature: Vec::new(),
            ..good.clone()
        },
        "no signature",
    );
    assert_refused(
        &world,
        &Sent {
            key_id: String::new(),
            ..good
        },
        "no key",
    );
}

#[test]
fn all_five_names_have_to_be_signed() {
    for missing in ALL {
        let world = World::new([published()]);
        let names: Vec<&str> = ALL.into_iter().filter(|name| *name != missing).collect();
        let sent = Sent::unsigned(&completed())
            .names(&names)
            .sign(&KEYS, Way::Rsa256);
        assert_refused(&world, &sent, missing);
        assert_eq!(world.fetches(), 0, "what cannot be right costs no request");
    }
}

#[test]
fn names_come_in_any_order_and_more_of_them_do_no_harm() {
    let world = World::new([published()]);
    let mut names = ALL;
    names.reverse();
    world
        .verify(
            &Sent::unsigned(&completed())
                .names(&names)
                .sign(&KEYS, Way::Rsa256),
        )
        .unwrap();
    let more: Vec<&str> = ALL.into_iter().chain(["content-type", "x-more"]).collect();
    let mut sent = Sent::unsigned(&completed()).names(&more);
    sent.headers.push(("x-more".to_owned(), "a".to_owned()));
    sent.headers.push(("x-more".to_owned(), "b, c".to_owned()));
    let sent = sent.sign(&KEYS, Way::Rsa256);
    world.verify(&sent).unwrap();
    let mut changed = sent.clone();
    changed.headers.pop();
    assert_refused(&world, &changed, "one of two values");
    changed.headers.pop();
    assert_refused(&world, &changed, "a signed header that is not there");
    let made_up: Vec<&str> = ALL.into_iter().chain(["(created)"]).collect();
    let sent = Sent::unsigned(&completed())
        .names(&made_up)
        .sign(&KEYS, Way::Rsa256);
    assert_refused(&world, &sent, "a name that stands for nothing here");
}

#[test]
fn each_signed_header_is_there_once() {
    let world = World::new([published()]);
    let good = Sent::good();
    for name in ["authorization", "date", "digest", "x-tru-callback", "host"] {
        let mut parts = good.parts();
        let twice = parts.headers[name].clone();
        parts.headers.append(http::HeaderName::from_static(name), twice);
        let error = world.verify_parts(&parts, &good.body).unwrap_err();
        assert!(error.is_signature(), "{name} twice: {error}");
        let mut parts = good.parts();
        parts.headers.remove(name);
        let refused = world
            .verify_parts(&parts, &good.body)
            .is_err_and(|error| error.is_signature());
        assert_eq!(
            refused,
            name != "host",
            "{name} missing: the receiver knows its own host"
        );
        if name != "host" {
            let mut parts = good.parts();
            parts
                .headers
                .insert(name, HeaderValue::from_bytes(b"\xff").unwrap());
            assert!(
                world.verify_parts(&parts, &good.body).unwrap_err().is_signature(),
                "{name}"
            );
        }
    }
}

/// The platform signs for all its customers with the same keys.
#[test]
fn a_callback_to_another_host_is_refused() {
    let world = World::new([published()]);
    let for_another = Sent::unsigned(&completed())
        .header("host", "evil.example")
        .sign(&KEYS, Way::Rsa256);
    assert_refused(&world, &for_another, "passed on with its host");
    assert_refused(
        &world,
        &for_another.header("host", HOST),
        "passed on with our host",
    );

    let behind_a_proxy = Sent::good().header("host", "10.0.0.7:8080");
    world.verify(&behind_a_proxy).unwrap();
    let in_capitals = Sent::unsigned(&completed())
        .header("host", "App.Example.Net")
        .sign(&KEYS, Way::Rsa256);
    world.verify(&in_capitals).unwrap();
}

#[test]
fn the_host_is_a_host() {
    let world = World::new([]);
    for good in [
        "app.example.net",
        "app.example.net:8443",
        "127.0.0.1:3000",
        "[::1]:3000",
        "APP.example.net",
    ] {
        world.client.callbacks(good).unwrap();
    }
    for bad in [
        "",
        "https://app.example.net",
        "app.example.net/",
        "me@app.example.net",
        "a b",
        ":80",
        "app.example.net/x",
        "é",
    ] {
        assert!(
            world.client.callbacks(bad).unwrap_err().is_configuration(),
            "{bad}"
        );
    }
}

#[test]
fn old_and_future_dates_are_refused() {
    let world = World::new([published()]);
    for (date, fits) in [
        (NOW, true),
        ("Wed, 31 Dec 2025 23:55:00 GMT", true),
        ("Wed, 31 Dec 2025 23:54:59 GMT", false),
        ("Thu, 01 Jan 2026 00:05:00 GMT", true),
        ("Thu, 01 Jan 2026 00:05:01 GMT", false),
        ("Fri, 01 Jan 2027 00:00:00 GMT", false),
        ("2026-01-01T00:00:00Z", false),
        ("", false),
    ] {
        let sent = Sent::unsigned(&completed())
            .header("date", date)
            .sign(&KEYS, Way::Rsa256);
        if fits {
            let callback = world.verify(&sent).unwrap();
            let apart = callback
                .sent_at
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_secs();
            assert!(apart.abs_diff(1_767_225_600) <= 300, "{date}");
        } else {
            assert_refused(&world, &sent, date);
        }
    }
    let good = Sent::good();
    world.clock.advance(std::time::Duration::from_secs(300));
    world.verify(&good).unwrap();
    world.clock.advance(std::time::Duration::from_millis(1));
    assert_refused(&world, &good, "a replay after five minutes");
}

#[test]
fn a_digest_comes_in_base64_or_in_hexadecimal() {
    let world = World::new([published()]);
    let hex: String = sha256(&completed())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for digest in [
        format!("SHA-256={hex}"),
        format!("sha-256={}", hex.to_uppercase()),
    ] {
        let sent = Sent::unsigned(&completed())
            .header("digest", &digest)
            .sign(&KEYS, Way::Rsa256);
        world.verify(&sent).unwrap();
        let other = Sent {
            body: completed() + " ",
            ..sent
        };
        assert_refused(&world, &other, "changed body under a digest in hexadecimal");
    }
    for digest in [
        "SHA-256=",
        "MD5=x",
        &hex,
        &format!("SHA-512={hex}"),
        &format!("SHA-256={hex},SHA-256={hex}"),
    ] {
        let sent = Sent::unsigned(&completed())
            .header("digest", digest)
            .sign(&KEYS, Way::Rsa256);
        assert_refused(&world, &sent, digest);
    }
}
