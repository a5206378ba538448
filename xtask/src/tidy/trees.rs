//! Who depends on whom, and on what: a provider pulls nothing that it does not use.

use super::files::Files;
use super::findings::Finding;
use crate::metadata::{Kind, Member, Workspace};
use crate::run;
use std::collections::{BTreeMap, BTreeSet};

/// Versions by package.
type Tree = BTreeMap<String, BTreeSet<String>>;

pub(crate) const FACADE: &str = "verikit";
const CORE: &str = "verikit-core";
const SANDBOX: &str = "verikit-sandbox";

/// A provider's feature of the facade, and its package.
const PROVIDERS: [(&str, &str); 5] = [
    ("caf", "caf-identity"),
    ("cm-identity", "cm-identity"),
    ("cm-idscan", "cm-idscan"),
    ("identomat", "identomat"),
    ("idlayr", "idlayr"),
];

/// A feature of the facade for a part of a provider that is off by default, and the provider's own.
const AREAS: [(&str, &str); 1] = [("idlayr-console", "idlayr")];

/// HTTP clients, TLS, and what compiles C or looks for a C library (`cc`, `cmake`, `bindgen`, `pkg-config`,
/// `vcpkg`): the latter catch every C-compiled crate, whatever its name.
const HEAVY: [&str; 22] = [
    "reqwest",
    "hyper",
    "hyper-util",
    "hyper-rustls",
    "hyper-tls",
    "h2",
    "isahc",
    "ureq",
    "curl",
    "tower-http",
    "rustls",
    "tokio-rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "aws-lc-rs",
    "ring",
    "cc",
    "cmake",
    "bindgen",
    "pkg-config",
    "vcpkg",
];

/// What the crypto of `callbacks` is, and is built with: the library that rustls has too.
const CRYPTO_OF_CALLBACKS: [&str; 4] = ["aws-lc-rs", "cc", "cmake", "pkg-config"];

/// Crates of which two versions in one tree mean two crypto stacks.
const ONE_VERSION: [&str; 3] = ["hmac", "sha2", "digest"];

pub(crate) fn check(workspace: &Workspace, _: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = without_a_role(workspace);
    for member in workspace.crates() {
        findings.extend(wrongly_named(member));
        let all = tree(workspace, &member.name, &["--all-features"])?;
        findings.extend(doubled(&member.name, &all));
        if member.name == SANDBOX {
            let with_tests = tree(
                workspace,
                SANDBOX,
                &["--all-features", "--edges", "normal,build,dev"],
            )?;
            findings.extend(clients_in_the_sandbox(&with_tests));
            continue;
        }
        let bare = tree(workspace, &member.name, &["--no-default-features"])?;
        findings.extend(heavy(&member.name, &bare));
        if member.features.contains_key("callbacks") {
            let flags = ["--no-default-features", "--features", "callbacks"];
            findings.extend(beyond_crypto(
                &member.name,
                &tree(workspace, &member.name, &flags)?,
            ));
        }
        if is_provider(&member.name) {
            findings.extend(other_providers(&member.name, &all));
        }
    }
    let facade = workspace
        .member(FACADE)
        .ok_or_else(|| format!("the workspace has no member {FACADE}"))?;
    findings.extend(not_offered(workspace, facade));
    for feature in [None].into_iter().chain(facade.features.keys().map(Some)) {
        let mut flags = vec!["--no-default-features"];
        flags.extend(
            feature
                .iter()
                .flat_map(|feature| ["--features", feature.as_str()]),
        );
        let tree = tree(workspace, FACADE, &flags)?;
        findings.extend(wrong_providers(
            feature.map(String::as_str),
            &expected(workspace, feature),
            &tree,
        ));
    }
    Ok(findings)
}

/// A package's dependencies, those of build scripts included, on any platform.
fn tree(workspace: &Workspace, package: &str, flags: &[&str]) -> Result<Tree, String> {
    let mut command = run::cargo();
    command.current_dir(&workspace.root);
    command.args([
        "tree",
        "--quiet",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    if !flags.contains(&"--edges") {
        command.args(["--edges", "normal,build"]);
    }
    Ok(parse(&run::output(command.args(flags))?))
}

/// Lines such as `url v2.5.8 (*)`.
fn parse(printed: &str) -> Tree {
    let mut tree = Tree::new();
    for line in printed.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            tree.entry(name.to_owned())
                .or_default()
                .insert(version.to_owned());
        }
    }
    tree
}

fn is_provider(package: &str) -> bool {
    PROVIDERS.iter().any(|(_, provider)| *provider == package)
}

fn providers_in(tree: &Tree) -> BTreeSet<&str> {
    tree.keys()
        .map(String::as_str)
        .filter(|package| is_provider(package))
        .collect()
}

/// A new crate must not slip past the rules because nobody told them what it is.
fn without_a_role(workspace: &Workspace) -> Vec<Finding> {
    let known = |name: &str| is_provider(name) || [CORE, FACADE, SANDBOX].contains(&name);
    let unknown = workspace.crates().filter(|member| !known(&member.name));
    unknown
        .map(|member| {
            let mend = "add it to PROVIDERS in xtask/src/tidy/trees.rs, or give it a rule of its own there";
            Finding::new(
                member.manifest(),
                format!("no rule knows what {} is", member.name),
                mend,
            )
        })
        .collect()
}

/// What a crate names itself, whatever it pulls through others.
fn wrongly_named(member: &Member) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in &member.dependencies {
        let name = dependency.name.as_str();
        let own = dependency.kind != Kind::Dev;
        let wrong = match member.name.as_str() {
            // In tests as well: its checks are worth something because they share nothing with the clients.
            SANDBOX => (is_provider(name) || name == CORE || name == FACADE)
                .then_some("the sandbox shares no code with the clients: write what it needs again"),
            client if own && client != "idlayr" && name == "jsonwebtoken" => {
                Some("only idlayr verifies foreign tokens; HS256 tokens are made by core")
            }
            client if own && client != CORE && ["reqwest", "hmac", "sha2"].contains(&name) => {
                Some("only core names it: use, or extend, what core has on top of it")
            }
            _ => None,
        };
        findings.extend(wrong.map(|mend| Finding::new(member.manifest(), format!("names `{name}`"), mend)));
    }
    findings
}

fn heavy(package: &str, bare: &Tree) -> Vec<Finding> {
    let found = HEAVY.iter().filter(|crate_name| bare.contains_key(**crate_name));
    found
        .map(|found| {
            let repeat = format!(
                "cargo tree --package {package} --no-default-features --edges normal,build --target all --invert {found}"
            );
            Finding::new(
                package,
                format!("pulls `{found}` without any feature (no HTTP client, TLS or C may be there)"),
                format!("put it behind a feature; `{repeat}` shows the way it comes"),
            )
        })
        .collect()
}

/// Whoever takes callbacks with a transport of his own gets one crypto library for them, and nothing else of
/// weight.
fn beyond_crypto(package: &str, with_callbacks: &Tree) -> Vec<Finding> {
    let found = HEAVY.iter().filter(|name| !CRYPTO_OF_CALLBACKS.contains(name));
    found
        .filter(|name| with_callbacks.contains_key(**name))
        .map(|found| {
            let mend =
                "the feature needs jsonwebtoken with aws-lc-rs alone; the transport belongs to `reqwest`";
            Finding::new(
                package,
                format!("pulls `{found}` with the feature `callbacks` alone"),
                mend,
            )
        })
        .collect()
}

fn other_providers(package: &str, all: &Tree) -> Vec<Finding> {
    let others = providers_in(all)
        .into_iter()
        .filter(|provider| *provider != package);
    others
        .map(|other| {
            let mend = "what two providers share belongs into core";
            Finding::new(package, format!("pulls another provider, `{other}`"), mend)
        })
        .collect()
}

fn clients_in_the_sandbox(with_tests: &Tree) -> Vec<Finding> {
    let mut clients = providers_in(with_tests);
    clients.extend(
        [CORE, FACADE]
            .into_iter()
            .filter(|package| with_tests.contains_key(*package)),
    );
    clients
        .into_iter()
        .map(|client| {
            let mend = "the sandbox shares no code with the clients, so that a mistake on one side shows";
            Finding::new(SANDBOX, format!("pulls `{client}`"), mend)
        })
        .collect()
}

fn doubled(package: &str, all: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ONE_VERSION {
        let versions: Vec<&str> = all.get(name).into_iter().flatten().map(String::as_str).collect();
        if versions.len() > 1 {
            findings.push(Finding::new(
                package,
                format!("pulls `{name}` more than once: {}", versions.join(", ")),
                format!(
                    "bring them together; `cargo tree --duplicates --package {package}` shows who wants which"
                ),
            ));
        }
    }
    findings
}

fn not_offered(workspace: &Workspace, facade: &Member) -> Vec<Finding> {
    let exists = |package: &str| workspace.member(package).is_some();
    let missing = PROVIDERS
        .iter()
        .filter(|(feature, package)| exists(package) && !facade.features.contains_key(*feature));
    missing
        .map(|(feature, package)| {
            let mend = format!("add the feature `{feature} = [\"dep:{package}\"]`, and to `full`");
            Finding::new(facade.manifest(), format!("does not offer {package}"), mend)
        })
        .collect()
}

/// The providers that a feature of the facade stands for: its own, also for one of its areas, all for `full`,
/// and none for any other.
fn expected<'a>(workspace: &'a Workspace, feature: Option<&String>) -> BTreeSet<&'a str> {
    let area_of = |feature: &str| {
        AREAS
            .iter()
            .find(|(area, _)| *area == feature)
            .map(|(_, own)| *own)
    };
    let stands_for = |(own, _): &&(&str, &str)| {
        feature.is_some_and(|feature| feature == own || area_of(feature) == Some(own) || feature == "full")
    };
    let packages = PROVIDERS.iter().filter(stands_for).map(|(_, package)| *package);
    packages
        .filter(|package| workspace.member(package).is_some())
        .collect()
}

fn wrong_providers(feature: Option<&str>, expected: &BTreeSet<&str>, tree: &Tree) -> Vec<Finding> {
    let pulled = providers_in(tree);
    if pulled == *expected {
        return Vec::new();
    }
    let shown = |names: &BTreeSet<&str>| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.iter().copied().collect::<Vec<_>>().join(", ")
        }
    };
    let with = feature.map_or_else(
        || "no feature".to_owned(),
        |feature| format!("the feature `{feature}` alone"),
    );
    vec![Finding::new(
        FACADE,
        format!(
            "with {with} it pulls these providers: {}; it should be: {}",
            shown(&pulled),
            shown(expected)
        ),
        "correct the feature in its manifest (`provider?/feature` enables without pulling)",
    )]
}

#[cfg(test)]
mod tests;
