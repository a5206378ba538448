//! Which signatures are taken, and that a message does not choose what it is judged by.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{KEYS, Sent, Way, World, completed, key_set, published};

fn sent(id: &str, algorithm: &str, way: Way) -> Sent {
    Sent::unsigned(&completed()).key(id, algorithm).sign(&KEYS, way)
}

#[test]
fn every_algorithm_of_the_key_families_is_verified() {
    let world = World::new([published()]);
    for (id, algorithm, way) in [
        ("rsa-1", "rsa-sha256", Way::Rsa256),
        ("rsa-1", "rsa-sha384", Way::Rsa384),
        ("rsa-1", "rsa-sha512", Way::Rsa512),
        ("rsa-1", "RSA-SHA256", Way::Rsa256),
        ("p256-1", "ecdsa-sha256", Way::P256Raw),
        ("p256-1", "ecdsa-sha256", Way::P256Der),
        ("p256-1", "hs2019", Way::P256Der),
        ("p384-1", "ecdsa-sha384", Way::P384Raw),
        ("p384-1", "ecdsa-sha384", Way::P384Der),
        ("p384-1", "hs2019", Way::P384Raw),
    ] {
        let good = sent(id, algorithm, way);
        world
            .verify(&good)
            .unwrap_or_else(|error| panic!("{id} {algorithm}: {error}"));
        let changed = Sent {
            target: "/x".to_owned(),
            ..good
        };
        assert!(
            world.verify(&changed).unwrap_err().is_signature(),
            "{id} {algorithm}"
        );
    }
    assert_eq!(world.fetches(), 1);
}

/// DER leaves a random number of zeros away: some of many signatures are shorter.
#[test]
fn signatures_of_every_length_are_verified() {
    let world = World::new([published()]);
    for _ in 0..300 {
        world
            .verify(&sent("p256-1", "ecdsa-sha256", Way::P256Der))
            .unwrap();
    }
}

#[test]
fn a_message_cannot_choose_another_family() {
    let world = World::new([published()]);
    for (id, algorithm, way, why) in [
        (
            "rsa-1",
            "hmac-sha256",
            Way::HmacWithPublicKey,
            "HMAC with the public key",
        ),
        (
            "rsa-1",
            "HS256",
            Way::HmacWithPublicKey,
            "HMAC with the public key",
        ),
        (
            "rsa-1",
            "rsa-sha256",
            Way::HmacWithPublicKey,
            "HMAC with the public key, announced as RSA",
        ),
        (
            "rsa-1",
            "hs2019",
            Way::HmacWithPublicKey,
            "HMAC with the public key, announced as nothing",
        ),
        ("rsa-1", "ecdsa-sha256", Way::Rsa256, "an RSA key announced as EC"),
        (
            "rsa-1",
            "ecdsa-sha256",
            Way::P256Raw,
            "an RSA key announced as EC, signed by the EC key",
        ),
        ("p256-1", "rsa-sha256", Way::P256Raw, "an EC key announced as RSA"),
        (
            "p256-1",
            "rsa-sha256",
            Way::Rsa256,
            "an EC key announced as RSA, signed by the RSA key",
        ),
        (
            "p256-1",
            "ecdsa-sha384",
            Way::P256Raw,
            "a hash that the curve does not have",
        ),
        (
            "p384-1",
            "ecdsa-sha256",
            Way::P384Raw,
            "a hash that the curve does not have",
        ),
        ("p384-1", "ecdsa-sha384", Way::P256Raw, "another curve"),
        ("rsa-1", "rsa-sha512", Way::Rsa256, "another hash than announced"),
        ("rsa-1", "rsa-sha256", Way::Pss256, "another padding"),
        ("rsa-1", "rsa-sha1", Way::Rsa256, "a broken hash"),
        ("rsa-1", "none", Way::Rsa256, "none"),
        ("rsa-1", "", Way::Rsa256, "an empty name"),
        ("rsa-1", "RS256", Way::Rsa256, "the name of another standard"),
        (
            "rsa-1",
            "hs2019",
            Way::Rsa256,
            "a key that does not say its hash, nor does the message",
        ),
    ] {
        let error = world.verify(&sent(id, algorithm, way)).unwrap_err();
        assert!(error.is_signature(), "{why}: {error}");
    }
    let none = Sent {
        signature: Vec::new(),
        ..sent("rsa-1", "none", Way::Rsa256)
    };
    assert!(world.verify(&none).unwrap_err().is_signature());
    assert_eq!(world.fetches(), 1, "a known key is not looked for again");
}

#[test]
fn a_key_set_of_shared_secrets_verifies_nothing() {
    let secret = json!({"kty": "oct", "kid": "rsa-1", "k": "c2VjcmV0", "alg": "HS256"});
    let world = World::new([key_set(std::slice::from_ref(&secret)), key_set(&[secret])]);
    let error = world
        .verify(&sent("rsa-1", "hmac-sha256", Way::HmacWithPublicKey))
        .unwrap_err();
    assert!(error.is_signature());
}

#[test]
fn a_message_may_leave_the_hash_to_the_key() {
    let mut key = KEYS.rsa("rsa-1");
    key["alg"] = "RS512".into();
    let world = World::new([key_set(&[key, KEYS.p256("p256-1")])]);
    let mut silent = Sent {
        algorithm: None,
        ..sent("rsa-1", "", Way::Rsa512)
    };
    world.verify(&silent).unwrap();
    world.verify(&sent("rsa-1", "hs2019", Way::Rsa512)).unwrap();
    world.verify(&sent("rsa-1", "rsa-sha256", Way::Rsa256)).unwrap();
    silent = Sent {
        algorithm: None,
        ..sent("rsa-1", "", Way::Rsa256)
    };
    assert!(world.verify(&silent).unwrap_err().is_signature());
    let silent = Sent {
        algorithm: None,
        ..sent("p256-1", "", Way::P256Raw)
    };
    world.verify(&silent).unwrap();
}

/// Key sets say what a key signs with, as a rule. The word is that of RFC 7518, and of the key's own family.
#[test]
fn a_key_may_say_what_it_signs_with() {
    for (mut key, alg, algorithm, way) in [
        (KEYS.rsa("k-1"), "RS256", "rsa-sha256", Way::Rsa256),
        (KEYS.rsa("k-1"), "RS384", "rsa-sha384", Way::Rsa384),
        (KEYS.rsa("k-1"), "RS512", "rsa-sha512", Way::Rsa512),
        (KEYS.p256("k-1"), "ES256", "ecdsa-sha256", Way::P256Der),
        (KEYS.p384("k-1"), "ES384", "ecdsa-sha384", Way::P384Der),
    ] {
        key["alg"] = alg.into();
        let world = World::new([key_set(std::slice::from_ref(&key))]);
        for named in [algorithm, "hs2019"] {
            world
                .verify(&sent("k-1", named, way))
                .unwrap_or_else(|error| panic!("{alg} {named}: {error}"));
        }
    }
    for (mut key, alg) in [
        (KEYS.p256("k-1"), "ES384"),
        (KEYS.p384("k-1"), "ES256"),
        (KEYS.p256("k-1"), "RS256"),
        (KEYS.p384("k-1"), "HS384"),
    ] {
        key["alg"] = alg.into();
        let world = World::new([key_set(&[key])]);
        let keys = idlayr::testing::drive(&world.clock, world.client.signing_keys().send());
        assert!(keys.unwrap().is_empty(), "{alg}");
    }
}

#[test]
fn keys_that_sign_nothing_of_ours_are_passed_over() {
    let with = |name: &str, value: Value| {
        let mut key = KEYS.rsa("rsa-1");
        key[name] = value;
        key
    };
    for strange in [
        json!(null),
        json!(7),
        json!(["rsa-1", "RSA"]),
        json!({}),
        json!({"kty": "RSA", "kid": "rsa-1"}),
        json!({"kty": "OKP", "kid": "rsa-1", "crv": "Ed25519", "x": "AQ"}),
        json!({"kty": "EC", "kid": "rsa-1", "crv": "secp256k1", "x": "AQ", "y": "AQ"}),
        json!({"kty": "EC", "kid": "rsa-1", "crv": "P-256", "x": "AQ", "y": "AQ"}),
        with("use", "enc".into()),
        with("key_ops", json!(["encrypt"])),
        with("alg", "PS256".into()),
        with("alg", "HS256".into()),
        with("alg", "none".into()),
        with("alg", "ES256".into()),
        with("kid", "".into()),
        with("kid", 7.into()),
        with("kty", "rsa".into()),
        with("n", "AQAB".into()),
        with("n", OF_1024_BITS.into()),
        with("n", "*".into()),
        with("n", "".into()),
        with("e", "".into()),
        with("e", "AAAA".into()),
    ] {
        let world = World::new([key_set(&[strange.clone(), KEYS.p256("p256-1")])]);
        world
            .verify(&sent("p256-1", "ecdsa-sha256", Way::P256Raw))
            .unwrap_or_else(|error| panic!("{strange}: {error}"));
        let keys = World::new([key_set(std::slice::from_ref(&strange))]);
        let keys = idlayr::testing::drive(&keys.clock, keys.client.signing_keys().send()).unwrap();
        assert!(keys.is_empty() && keys.key_ids().next().is_none(), "{strange}");
    }
    let world = World::new([key_set(&[
        with("key_ops", json!(["verify"])),
        with("alg", "RS256".into()),
    ])]);
    world.verify(&Sent::good()).unwrap();
}

/// The modulus of an RSA key that is too short.
const OF_1024_BITS: &str = "xu8t52jlKsoFajIhX00YWgPPqT0EtQ4zro9y0Pr0ARowsmZWH6Lh3ej2NiQAj3XQrjywkJNA6a-k9OSPiP9DAu1vc\
    UyEoocp9zSIQfUOAikyHxrF5AjKnDFV_T0qX-ayLi785_wFGOUcLUEczjNNz4WBLFJvYR7yrgTWDwfFopM";

/// Signatures that fit such keys, the first one by OpenSSL over what `Sent::unsigned` signs.
#[test]
fn a_weak_rsa_key_verifies_nothing() {
    let mut short = KEYS.rsa("rsa-1");
    short["n"] = OF_1024_BITS.into();
    let by_short = "H7r/+JCstCZl6WSgzsEEA3tizgPf+J9WXtqOgCEG5C/BrZQtHtJt9MH5ltiQ4/AYsdfDAA/AZJdSwle7Y1imtZORxpfmABG3P7X\
                    1la5QSP3IB7hj596cQvpMQynPyNe2Z6VbyTLHcKMtdgl3sfueAMiZyRPR8QdL0hUe4jjJQKk=";
    let mut of_one = KEYS.rsa("rsa-1");
    of_one["e"] = "AQ".into();
    for (key, signature, why) in [
        (short, STANDARD.decode(by_short).unwrap(), "1024 bits"),
        (
            of_one,
            sent("rsa-1", "rsa-sha256", Way::PaddedAlone).signature,
            "the exponent 1",
        ),
    ] {
        let world = World::new([key_set(&[key])]);
        let forged = Sent {
            signature,
            ..Sent::good()
        };
        let error = world.verify(&forged).unwrap_err();
        assert!(error.is_signature(), "{why}: {error}");
    }
}

#[test]
fn an_ecdsa_signature_of_nothing_is_refused_and_so_is_a_point_off_the_curve() {
    let world = World::new([published()]);
    let good = sent("p256-1", "ecdsa-sha256", Way::P256Raw);
    let (r, s) = good.signature.split_at(32);
    for signature in [
        vec![0; 64],
        [r, &[0; 32][..]].concat(),
        [&[0; 32][..], s].concat(),
        [s, r].concat(),
        good.signature[..63].to_vec(),
        [&good.signature[..], &[0]].concat(),
        vec![0x30, 6, 2, 1, 0, 2, 1, 0],
        vec![0xff; 64],
    ] {
        let bent = Sent {
            signature,
            ..good.clone()
        };
        assert!(world.verify(&bent).unwrap_err().is_signature());
    }
    world.verify(&good).unwrap();

    let mut turned = KEYS.p256("p256-1");
    let (x, y) = (turned["x"].take(), turned["y"].take());
    (turned["x"], turned["y"]) = (y, x);
    let world = World::new([key_set(&[turned])]);
    assert!(world.verify(&good).unwrap_err().is_signature());
}

/// Identifiers are distinct as a rule; where two keys share one, each may have signed.
#[test]
fn either_of_two_keys_with_one_name_fits() {
    let world = World::new([key_set(&[KEYS.p256("rsa-1"), KEYS.rsa("rsa-1")])]);
    world.verify(&Sent::good()).unwrap();
    world
        .verify(&sent("rsa-1", "ecdsa-sha256", Way::P256Raw))
        .unwrap();
    assert!(
        world
            .verify(&sent("rsa-1", "ecdsa-sha384", Way::P384Raw))
            .unwrap_err()
            .is_signature()
    );
}
