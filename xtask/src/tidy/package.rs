//! What a registry would get is whole: README, licences, and every file that the sources include.

use super::files::{Files, is_rust, resolve};
use super::findings::Finding;
use crate::metadata::{Member, Workspace};
use crate::run;
use std::collections::BTreeSet;

const NEEDED: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

pub(crate) fn check(workspace: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for member in workspace.members.iter().filter(|member| member.published) {
        let mut command = run::cargo();
        command.current_dir(&workspace.root);
        command.args([
            "package",
            "--list",
            "--allow-dirty",
            "--quiet",
            "--package",
            &member.name,
        ]);
        let listed = run::output(&mut command)?;
        // Cargo lists with the platform's separator.
        let listed = listed.replace('\\', "/");
        let listed: BTreeSet<&str> = listed.lines().collect();
        findings.extend(missing(member, &listed));
        findings.extend(differing_licences(member, files)?);
        let within = format!("{}/", member.directory);
        for (path, text) in files.texts(|path| path.starts_with(&within) && is_rust(path))? {
            findings.extend(left_behind(member, path, &text, &listed));
        }
    }
    Ok(findings)
}

fn missing(member: &Member, listed: &BTreeSet<&str>) -> Vec<Finding> {
    let missing = NEEDED.iter().filter(|needed| !listed.contains(**needed));
    missing
        .map(|needed| {
            let mend = if needed.starts_with("LICENSE") {
                format!(
                    "`ln -s ../../{needed} {}/{needed}`: cargo packages what the link leads to",
                    member.directory
                )
            } else {
                format!(
                    "write {}/{needed}, and let no `include` or `exclude` drop it",
                    member.directory
                )
            };
            Finding::new(
                member.manifest(),
                format!("the package would lack {needed}"),
                mend,
            )
        })
        .collect()
}

fn differing_licences(member: &Member, files: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for licence in NEEDED.iter().filter(|needed| needed.starts_with("LICENSE")) {
        let own = format!("{}/{licence}", member.directory);
        // Where there is none, `missing` has said so.
        if files.has(&own) && files.bytes(&own)? != files.bytes(licence)? {
            let mend = format!("make it a link to, or a copy of, the {licence} of the root");
            findings.push(Finding::new(own, "is another text than the root's", mend));
        }
    }
    Ok(findings)
}

/// Files that a source includes and the package would not hold: its users could not compile it.
fn left_behind(member: &Member, file: &str, text: &str, listed: &BTreeSet<&str>) -> Vec<Finding> {
    let within = format!("{}/", member.directory);
    let packed = |path: &str| {
        path.strip_prefix(&within)
            .is_some_and(|path| listed.contains(path))
    };
    if !packed(file) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut previous = "";
    for (number, line) in (1..).zip(text.lines()) {
        for target in included(line) {
            // Nobody runs the doctests of a package, so that these may include what lies outside, such as
            // docs/.
            let for_doctests = [previous, line].iter().any(|line| line.contains("doctest"));
            if !for_doctests && !resolve(file, target).is_some_and(|path| packed(&path)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("includes `{target}`, which the package would not hold"),
                    "move it into the crate, or include it under `cfg(doctest)` only",
                ));
            }
        }
        previous = line;
    }
    findings
}

fn included(line: &str) -> Vec<&str> {
    ["include_str!(\"", "include_bytes!(\"", "include!(\""]
        .iter()
        .flat_map(|call| line.split(call).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core() -> Member {
        Member {
            name: "verikit-core".to_owned(),
            directory: "crates/core".to_owned(),
            ..Member::default()
        }
    }

    #[test]
    fn readme_and_licences_have_to_be_in() {
        let listed = BTreeSet::from(["README.md", "LICENSE-MIT", "src/lib.rs"]);
        let found = missing(&core(), &listed);
        assert_eq!(found.len(), 1, "{found:?}");
        let shown = found.first().unwrap().to_string();
        assert!(
            shown.contains("ln -s ../../LICENSE-APACHE crates/core/LICENSE-APACHE"),
            "{shown}"
        );
    }

    #[test]
    fn an_included_file_has_to_be_in() {
        let listed = BTreeSet::from(["README.md", "src/lib.rs"]);
        let found = |text: &str| left_behind(&core(), "crates/core/src/lib.rs", text, &listed).len();
        assert_eq!(found("#![doc = include_str!(\"../README.md\")]"), 0);
        assert_eq!(found("#![doc = include_str!(\"../../../README.md\")]"), 1);
        assert_eq!(found("const PAGE: &str = include_str!(\"page.html\");"), 1);
        assert_eq!(
            found("#[cfg(doctest)]\n#[doc = include_str!(\"../../../README.md\")]"),
            0
        );
    }

    #[test]
    fn sources_that_are_not_packed_may_include_anything() {
        let text = "const X: &str = include_str!(\"../../../README.md\");";
        assert_eq!(
            left_behind(&core(), "crates/core/tests/docs.rs", text, &BTreeSet::new()),
            []
        );
    }
}
