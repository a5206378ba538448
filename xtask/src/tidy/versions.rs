//! A version stands once, in the workspace's manifest; members inherit it.
//!
//! Cargo resolves the inheritance before it tells anybody about a manifest, so the manifests themselves are
//! read here, as far as that takes: sections, dotted keys, strings, comments, and tables and lists that span
//! lines.

use super::files::Files;
use super::findings::Finding;
use crate::metadata::Workspace;
use std::collections::BTreeMap;

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
const OF_THE_PACKAGE: [&str; 5] = ["version", "edition", "rust-version", "license", "authors"];

pub(crate) fn check(workspace: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for member in &workspace.members {
        let manifest = member.manifest();
        findings.extend(own_versions(&manifest, &files.text(&manifest)?));
    }
    Ok(findings)
}

fn own_versions(manifest: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Section and name of a dependency, and whether something said that the workspace has it.
    let mut inherited: BTreeMap<String, bool> = BTreeMap::new();
    for (key, value) in entries(text) {
        let parts: Vec<&str> = key.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["package", field] if OF_THE_PACKAGE.contains(field) => findings.push(Finding::new(
                manifest,
                format!("has its own `{field}`"),
                format!("write `{field}.workspace = true`"),
            )),
            [section, name, rest @ ..] | ["target", _, section, name, rest @ ..]
                if SECTIONS.contains(section) =>
            {
                let says_so = match rest {
                    [] => value.replace(char::is_whitespace, "").contains("workspace=true"),
                    ["workspace"] => value == "true",
                    _ => false,
                };
                *inherited.entry(format!("{section}.{name}")).or_default() |= says_so;
            }
            _ => {}
        }
    }
    let own = inherited.into_iter().filter(|(_, inherited)| !inherited);
    findings.extend(own.map(|(dependency, _)| {
        Finding::new(
            manifest,
            format!("`{dependency}` does not inherit its version"),
            "give the version in [workspace.dependencies] of the root, and `workspace = true` here",
        )
    }));
    findings
}

/// Every key of a manifest, with the section's in front, and the value as written.
fn entries(text: &str) -> Vec<(Vec<String>, String)> {
    let mut section: Vec<String> = Vec::new();
    let mut entries = Vec::new();
    let mut open = String::new();
    for line in text.lines() {
        open.push_str(without_comment(line).trim());
        if open.is_empty() {
            continue;
        }
        if open.starts_with('[') {
            let header = open.trim_start_matches('[').trim_end_matches(']');
            section = split_outside_quotes(header, '.').into_iter().map(bare).collect();
        } else if depth(&open) > 0 {
            // The value goes on in the next line.
            open.push(' ');
            continue;
        } else if let Some((key, value)) = split_once_outside_quotes(&open, '=') {
            let key = split_outside_quotes(key, '.').into_iter().map(bare);
            entries.push((
                section.iter().cloned().chain(key).collect(),
                value.trim().to_owned(),
            ));
        }
        open.clear();
    }
    entries
}

fn bare(part: &str) -> String {
    part.trim().trim_matches(['"', '\'']).to_owned()
}

fn without_comment(line: &str) -> &str {
    split_once_outside_quotes(line, '#').map_or(line, |(before, _)| before)
}

/// How many lists and inline tables are still open.
fn depth(text: &str) -> i32 {
    outside_quotes(text)
        .map(|(_, c)| match c {
            '[' | '{' => 1,
            ']' | '}' => -1,
            _ => 0,
        })
        .sum()
}

fn split_outside_quotes(text: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split_once_outside_quotes(rest, at) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

fn split_once_outside_quotes(text: &str, at: char) -> Option<(&str, &str)> {
    let (index, _) = outside_quotes(text).find(|(_, c)| *c == at)?;
    Some((text.get(..index)?, text.get(index + at.len_utf8()..)?))
}

/// The characters that do not belong to a string.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| match quote {
        Some(open) => {
            if *c == open && !escaped {
                quote = None;
            }
            escaped = open == '"' && *c == '\\' && !escaped;
            false
        }
        None if matches!(c, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::findings;

    fn shown(text: &str) -> String {
        findings::shown(&own_versions("crates/x/Cargo.toml", text))
    }

    #[test]
    fn inherited_versions_are_fine() {
        let manifest = r#"
            [package] # a comment with version = "1"
            name = "x"
            description = "not = a # comment"
            version.workspace = true
            [features]
            default = ["dep:url"]
            [dependencies]
            bytes.workspace = true
            url = { workspace = true, optional = true }
            tokio = { workspace = true, features = [
                "rt", # why
                "net",
            ] }
            [target.'cfg(unix)'.dependencies]
            libc.workspace = true
            [dev-dependencies.axum]
            workspace = true
            features = ["json"]
            [package.metadata.docs.rs]
            version = "anything"
        "#;
        assert_eq!(shown(manifest), "");
    }

    #[test]
    fn every_way_to_give_a_version_is_found() {
        for (manifest, named) in [
            ("[dependencies]\nurl = \"2\"", "`dependencies.url`"),
            (
                "[dev-dependencies]\nurl = { version = \"2\", features = [\n\"serde\"] }",
                "`dev-dependencies.url`",
            ),
            ("[dependencies.url]\nversion = \"2\"", "`dependencies.url`"),
            (
                "[build-dependencies]\ncc.version = \"1\"",
                "`build-dependencies.cc`",
            ),
            (
                "[target.'cfg(a = \"b.c\")'.dependencies]\nlibc = \"0.2\"",
                "`dependencies.libc`",
            ),
            (
                "[dependencies]\ncore = { path = \"../core\" }",
                "`dependencies.core`",
            ),
            ("dependencies.url = \"2\"", "`dependencies.url`"),
            (
                "[dependencies]\nurl = { workspace = false, version = \"2\" }",
                "`dependencies.url`",
            ),
        ] {
            assert!(shown(manifest).contains(named), "{manifest}: {}", shown(manifest));
        }
    }

    #[test]
    fn the_packages_own_version_is_found() {
        let found = shown("[package]\nversion = \"0.2.0\"\nedition = \"2021\"\n");
        assert!(found.contains("`version.workspace = true`") && found.contains("`edition.workspace = true`"));
    }
}
