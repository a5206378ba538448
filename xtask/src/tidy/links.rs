//! A link within the repository leads somewhere.

use super::files::{Files, is_document, resolve};
use super::findings::Finding;
use super::markdown::prose;
use crate::metadata::Workspace;

pub(crate) fn check(_: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let texts = files.texts(is_document)?;
    Ok(texts
        .iter()
        .flat_map(|(path, text)| broken(path, text, |to| files.has_file_or_directory(to)))
        .collect())
}

fn broken(file: &str, markdown: &str, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in prose(markdown) {
        for target in targets(&line) {
            let Some(path) = local_path(target) else { continue };
            if !resolve(file, path).is_some_and(|to| exists(&to)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("the link to `{target}` leads nowhere"),
                    "correct the link, or add what it leads to",
                ));
            }
        }
    }
    findings
}

/// What a line links to: `[text](target)`, `[text]: target`, `href="target"`, `src="target"`.
fn targets(line: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for (before, after) in [("](", ')'), ("href=\"", '"'), ("src=\"", '"')] {
        targets.extend(
            line.split(before)
                .skip(1)
                .filter_map(|rest| rest.split(after).next()),
        );
    }
    if line.trim_start().starts_with('[') {
        targets.extend(line.split_once("]: ").map(|(_, target)| target));
    }
    // A title may follow the target, and angle brackets may surround it.
    let bare = |target: &'_ str| target.split_whitespace().next().map(str::len);
    targets
        .into_iter()
        .map(str::trim_start)
        .filter_map(|target| target.get(..bare(target)?))
        .map(|target| target.trim_start_matches('<').trim_end_matches('>'))
        .collect()
}

/// The part of a target that names a file here, if it does.
fn local_path(target: &str) -> Option<&str> {
    let elsewhere = target.contains("://") || target.starts_with("mailto:");
    // `crate::Client` is for rustdoc, which checks it itself.
    if elsewhere || target.contains("::") {
        return None;
    }
    target.split(['#', '?']).next().filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_link_is_followed() {
        for text in [
            "see [this](gone.md#part \"title\")",
            "![image](<gone.md>)",
            "[this]: gone.md",
            "<img src=\"gone.md\">",
            "[`code`](gone.md)",
        ] {
            let found = broken("docs/guide.md", text, |to| to == "docs/here.md");
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            let here = text.replace("gone.md", "here.md");
            assert_eq!(
                broken("docs/guide.md", &here, |to| to == "docs/here.md"),
                [],
                "{here}"
            );
        }
    }

    #[test]
    fn links_to_elsewhere_and_code_are_left_alone() {
        for text in [
            "[a](https://example.com/x) [b](#part) [c](mailto:a@example.com) [d](crate::Client)",
            "`[a](gone.md)`",
            "```text\n[a](gone.md)\n```",
        ] {
            assert_eq!(broken("README.md", text, |_| false), [], "{text}");
        }
    }

    #[test]
    fn a_link_out_of_the_repository_leads_nowhere() {
        assert_eq!(broken("README.md", "[a](../x)", |_| true).len(), 1);
    }
}
