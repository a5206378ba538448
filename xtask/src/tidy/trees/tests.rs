//! Every rule about trees, seen failing.

use super::*;
use crate::metadata::Dependency;
use crate::tidy::findings::shown;
use std::path::PathBuf;

fn member(name: &str, dependencies: &[(&str, Kind)]) -> Member {
    let named = |(name, kind): &(&str, Kind)| Dependency {
        name: name.to_string(),
        kind: *kind,
    };
    Member {
        name: name.to_owned(),
        directory: format!("crates/{name}"),
        dependencies: dependencies.iter().map(named).collect(),
        ..Member::default()
    }
}

fn workspace(names: &[&str]) -> Workspace {
    Workspace {
        root: PathBuf::new(),
        members: names.iter().map(|name| member(name, &[])).collect(),
    }
}

#[test]
fn what_cargo_prints_is_read() {
    let tree =
        parse("idlayr v0.1.0 (/w/crates/idlayr)\nurl v2.5.8\nurl v2.5.8 (*)\n\nsyn v2.0.1\nsyn v3.0.9 (*)\n");
    assert_eq!(tree.keys().collect::<Vec<_>>(), ["idlayr", "syn", "url"]);
    assert_eq!(tree["syn"].iter().collect::<Vec<_>>(), ["v2.0.1", "v3.0.9"]);
}

#[test]
fn callbacks_bring_one_crypto_library() {
    let crypto = "idlayr v0.1.0\naws-lc-rs v1.19.0\ncc v1.2.0\ncmake v0.1.0\njsonwebtoken v11.1.0\n";
    assert_eq!(beyond_crypto("idlayr", &parse(crypto)), []);
    for name in ["reqwest", "rustls", "ring", "openssl-sys"] {
        let found = shown(&beyond_crypto(
            "idlayr",
            &parse(&format!("{crypto}{name} v1.0.0\n")),
        ));
        assert!(found.contains(&format!("pulls `{name}`")), "{found}");
    }
}

#[test]
fn http_tls_and_c_are_heavy() {
    assert_eq!(
        heavy(
            "idlayr",
            &parse("idlayr v0.1.0\nhttp v1.5.0\nwindows-sys v0.61.2\n")
        ),
        []
    );
    for name in ["reqwest", "hyper-util", "rustls", "aws-lc-rs", "cc"] {
        let found = shown(&heavy(
            "idlayr",
            &parse(&format!("idlayr v0.1.0\n{name} v1.0.0\n")),
        ));
        assert!(
            found.contains(&format!("pulls `{name}`")) && found.contains("--invert"),
            "{found}"
        );
    }
}

#[test]
fn a_provider_pulls_no_other() {
    assert_eq!(
        other_providers("idlayr", &parse("idlayr v0.1.0\nverikit-core v0.1.0\n")),
        []
    );
    let found = shown(&other_providers(
        "idlayr",
        &parse("idlayr v0.1.0\ncaf-identity v0.1.0\n"),
    ));
    assert!(found.contains("`caf-identity`"), "{found}");
}

#[test]
fn the_sandbox_pulls_no_client_through_anybody() {
    assert_eq!(
        clients_in_the_sandbox(&parse("verikit-sandbox v0.1.0\naxum v0.8.9\n")),
        []
    );
    let found = clients_in_the_sandbox(&parse("verikit-core v0.1.0\nidlayr v0.1.0\n"));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn two_crypto_stacks_are_one_too_many() {
    assert_eq!(
        doubled("idlayr", &parse("hmac v0.13.0\nsyn v2.0.1\nsyn v3.0.9\n")),
        []
    );
    let found = shown(&doubled("idlayr", &parse("digest v0.10.7\ndigest v0.11.0\n")));
    assert!(
        found.contains("`digest` more than once: v0.10.7, v0.11.0"),
        "{found}"
    );
}

#[test]
fn only_the_right_crates_name_the_fenced_ones() {
    for fine in [
        member(
            "verikit-core",
            &[
                ("reqwest", Kind::Normal),
                ("hmac", Kind::Normal),
                ("jsonwebtoken", Kind::Dev),
            ],
        ),
        member(
            "idlayr",
            &[
                ("jsonwebtoken", Kind::Normal),
                ("verikit-sandbox", Kind::Dev),
                ("sha2", Kind::Dev),
            ],
        ),
        member(
            "verikit-sandbox",
            &[("jsonwebtoken", Kind::Normal), ("hmac", Kind::Normal)],
        ),
    ] {
        assert_eq!(wrongly_named(&fine), [], "{}", fine.name);
    }
    for (name, dependency, kind) in [
        ("idlayr", "reqwest", Kind::Normal),
        ("caf-identity", "sha2", Kind::Build),
        ("verikit", "hmac", Kind::Normal),
        ("verikit-core", "jsonwebtoken", Kind::Normal),
        ("cm-identity", "jsonwebtoken", Kind::Normal),
        ("verikit-sandbox", "verikit-core", Kind::Dev),
        ("verikit-sandbox", "idlayr", Kind::Normal),
    ] {
        let found = shown(&wrongly_named(&member(name, &[(dependency, kind)])));
        assert!(
            found.contains(&format!("crates/{name}/Cargo.toml: names `{dependency}`")),
            "{name}: {found}"
        );
    }
}

#[test]
fn a_crate_that_no_rule_knows_is_found() {
    assert_eq!(
        without_a_role(&workspace(&[
            "idlayr",
            "verikit-core",
            "verikit",
            "verikit-sandbox"
        ])),
        []
    );
    assert_eq!(without_a_role(&workspace(&["verikit-redis"])).len(), 1);
}

#[test]
fn a_feature_of_the_facade_pulls_its_provider_only() {
    let workspace = workspace(&["idlayr", "caf-identity"]);
    let expected = |feature: &str| expected(&workspace, Some(&feature.to_owned()));
    assert_eq!(expected("caf"), BTreeSet::from(["caf-identity"]));
    assert_eq!(expected("full"), BTreeSet::from(["caf-identity", "idlayr"]));
    assert_eq!(expected("idlayr-console"), BTreeSet::from(["idlayr"]));
    for feature in ["reqwest", "idlayr-callbacks", "console"] {
        assert_eq!(expected(feature), BTreeSet::new(), "{feature}");
    }

    let both = parse("caf-identity v0.1.0\nidlayr v0.1.0\nverikit v0.1.0\n");
    assert_eq!(wrong_providers(Some("full"), &expected("full"), &both), []);
    for (feature, named) in [
        (Some("caf"), "`caf` alone"),
        (Some("testing"), "`testing` alone"),
        (None, "no feature"),
    ] {
        let found = shown(&wrong_providers(feature, &expected(feature.unwrap_or("")), &both));
        assert!(found.contains(named), "{found}");
    }
    let none = parse("verikit v0.1.0\n");
    assert!(shown(&wrong_providers(Some("caf"), &expected("caf"), &none)).contains("providers: none"));
}

#[test]
fn the_facade_offers_every_provider() {
    let workspace = workspace(&["idlayr", "caf-identity"]);
    let mut facade = member("verikit", &[]);
    facade.features.insert("idlayr".to_owned(), Vec::new());
    let found = shown(&not_offered(&workspace, &facade));
    assert!(
        found.contains("does not offer caf-identity") && !found.contains("offer idlayr"),
        "{found}"
    );
}
