//! The READMEs exist, and the front one is in step with the facade.

use super::files::Files;
use super::findings::Finding;
use super::markdown::cells;
use super::trees::FACADE;
use crate::metadata::Workspace;
use std::collections::{BTreeMap, BTreeSet};

const README: &str = "README.md";
const COMMANDS: [&str; 2] = ["cargo xtask demo", "cargo xtask test"];

pub(crate) fn check(workspace: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for member in workspace.crates() {
        let readme = format!("{}/{README}", member.directory);
        if !files.has(&readme) {
            let mend = format!(
                "write it: what {} is for and one example that compiles",
                member.name
            );
            findings.push(Finding::new(readme, "does not exist", mend));
        }
    }
    if files.has(README) {
        let facade = workspace
            .member(FACADE)
            .ok_or_else(|| format!("the workspace has no member {FACADE}"))?;
        let readme = files.text(README)?;
        findings.extend(missing_commands(&readme));
        findings.extend(out_of_step(&readme, &facade.features));
    } else {
        findings.push(Finding::new(
            README,
            "does not exist",
            "write it: what verikit is, commands, features",
        ));
    }
    Ok(findings)
}

fn missing_commands(readme: &str) -> Vec<Finding> {
    let missing = COMMANDS.iter().filter(|command| !readme.contains(**command));
    missing
        .map(|command| {
            Finding::new(
                README,
                format!("does not show `{command}`"),
                "show it: it is how people start",
            )
        })
        .collect()
}

fn out_of_step(readme: &str, features: &BTreeMap<String, Vec<String>>) -> Vec<Finding> {
    let Some(rows) = feature_table(readme) else {
        let mend = "add one: `| feature | effect |`, a row a feature, its name in backticks";
        return vec![Finding::new(README, "has no table of features", mend)];
    };
    let by_default: BTreeSet<&str> = features
        .get("default")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let mut findings = Vec::new();
    for feature in features.keys().filter(|feature| *feature != "default") {
        match rows.get(feature.as_str()) {
            None => findings.push(Finding::new(
                README,
                format!("the table of features lacks `{feature}`"),
                format!("add a row for it, as in the manifest of {FACADE}"),
            )),
            Some(noted) if *noted != by_default.contains(feature.as_str()) => findings.push(Finding::new(
                README,
                format!("whether `{feature}` is on by default is wrong in the table of features"),
                "write `(default)` behind the names of the features that are, and of no others",
            )),
            Some(_) => {}
        }
    }
    for name in rows
        .keys()
        .filter(|name| **name == "default" || !features.contains_key(**name))
    {
        findings.push(Finding::new(
            README,
            format!("the table of features has `{name}`, which is no feature to choose"),
            format!("remove it, or add it to the manifest of {FACADE}"),
        ));
    }
    findings
}

/// The features in the first table whose first column is headed so, and whether each is noted as a default.
fn feature_table(readme: &str) -> Option<BTreeMap<&str, bool>> {
    let mut lines = readme.lines();
    let headed = |line: &str| {
        cells(line).and_then(|cells| cells.first().map(|head| head.to_lowercase().contains("feature")))
    };
    lines.find(|line| headed(line) == Some(true))?;
    let mut rows = BTreeMap::new();
    for row in lines.map_while(cells) {
        // One row may hold several that do the same: "`a`, `b` (default)".
        for part in row.first().into_iter().flat_map(|cell| cell.split(',')) {
            let name = part.split('`').nth(1);
            rows.extend(name.map(|name| (name, part.contains("(default)"))));
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::findings::shown;

    const README: &str = "\
# x

| Other | table |
| --- | --- |
| `never` | `seen` |

| Feature of `verikit` | effect |
| --- | --- |
| `caf`, `idlayr` | `that` provider |
| `reqwest` (default) | transport |

| `after` | |
";

    fn features(names: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut features: BTreeMap<_, _> = names.iter().map(|name| (name.to_string(), Vec::new())).collect();
        features.insert("default".to_owned(), vec!["reqwest".to_owned()]);
        features
    }

    #[test]
    fn a_table_in_step_is_fine() {
        assert_eq!(out_of_step(README, &features(&["caf", "idlayr", "reqwest"])), []);
    }

    #[test]
    fn features_too_few_and_too_many_are_found() {
        let found = out_of_step(README, &features(&["caf", "reqwest", "testing"]));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(shown(&found).contains("lacks `testing`") && shown(&found).contains("has `idlayr`"));
    }

    #[test]
    fn the_note_about_the_default_has_to_be_right() {
        let wrong = README
            .replace(" (default)", "")
            .replace("`caf`,", "`caf` (default),");
        let found = shown(&out_of_step(&wrong, &features(&["caf", "idlayr", "reqwest"])));
        assert!(
            found.contains("`reqwest` is on") && found.contains("`caf` is on"),
            "{found}"
        );
        assert!(!found.contains("`idlayr` is on"), "{found}");
    }

    #[test]
    fn the_default_is_a_note_and_no_row() {
        let row = README.replace("`caf`", "`default`, `caf`");
        let found = shown(&out_of_step(&row, &features(&["caf", "idlayr", "reqwest"])));
        assert!(found.contains("has `default`"), "{found}");
    }

    #[test]
    fn a_readme_without_table_or_commands_is_found() {
        assert!(shown(&out_of_step("# x\n", &features(&[]))).contains("no table of features"));
        assert_eq!(missing_commands("cargo xtask demo").len(), 1);
        assert_eq!(missing_commands("cargo xtask demo and cargo xtask test"), []);
    }
}
