//! `docs/architecture.md` knows every crate, and every module at the top of core, so that it cannot go stale
//! unseen.

use super::files::Files;
use super::findings::Finding;
use crate::metadata::Workspace;
use std::collections::BTreeSet;

const DOCUMENT: &str = "docs/architecture.md";
const CORE: &str = "crates/core/src/";

pub(crate) fn check(_: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    if !files.has(DOCUMENT) {
        return Ok(vec![Finding::new(
            DOCUMENT,
            "does not exist",
            "write it: the plan of the house as built",
        )]);
    }
    let paths: Vec<&str> = files.paths().collect();
    Ok(unnamed(&files.text(DOCUMENT)?, &paths))
}

fn unnamed(document: &str, paths: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for directory in directories(paths) {
        if !names(document, &format!("{directory}/")) {
            findings.push(Finding::new(
                DOCUMENT,
                format!("does not name the directory `crates/{directory}/`"),
                format!("say there what `{directory}/` is"),
            ));
        }
    }
    for module in modules_of_core(paths) {
        if !names(document, &format!("{module}.rs")) && !names(document, &format!("{module}/")) {
            findings.push(Finding::new(
                DOCUMENT,
                format!("does not name core's module `{module}`"),
                format!("say there what `{module}.rs` (or `{module}/`) is"),
            ));
        }
    }
    findings
}

fn directories<'a>(paths: &[&'a str]) -> BTreeSet<&'a str> {
    let within = paths.iter().filter_map(|path| path.strip_prefix("crates/"));
    within
        .filter_map(|path| path.split_once('/'))
        .map(|(directory, _)| directory)
        .collect()
}

fn modules_of_core<'a>(paths: &[&'a str]) -> BTreeSet<&'a str> {
    let within = paths.iter().filter_map(|path| path.strip_prefix(CORE));
    let modules = within.filter_map(|path| match path.split_once('/') {
        Some((module, _)) => Some(module),
        None => path.strip_suffix(".rs"),
    });
    modules
        .filter(|module| !matches!(*module, "lib" | "tests"))
        .collect()
}

/// Whether the name stands there as a whole: `core/` is not named by `encore/`.
fn names(document: &str, name: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    document.match_indices(name).any(|(at, _)| {
        !document
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(part_of_a_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 6] = [
        "crates/core/Cargo.toml",
        "crates/core/src/lib.rs",
        "crates/core/src/client.rs",
        "crates/core/src/auth/mod.rs",
        "crates/caf/Cargo.toml",
        "README.md",
    ];

    #[test]
    fn a_document_that_names_everything_is_fine() {
        assert_eq!(unnamed("core/ and crates/caf/; client.rs, `auth/`", &PATHS), []);
    }

    #[test]
    fn what_is_new_has_to_be_named() {
        let found = unnamed("core/, decaf/, oauth/, my-client.rs", &PATHS);
        let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
        for (finding, missing) in shown.iter().zip(["crates/caf/", "`auth`", "`client`"]) {
            assert!(finding.contains(missing), "{missing} in {finding}");
        }
        assert_eq!(shown.len(), 3);
    }
}
