//! `tidy`: the rules that no linter knows.
//!
//! One file a rule. Each rule is a pure function from text, or from what cargo says, to findings, so that its
//! tests can show it failing; only the `check` functions read files and run cargo.

mod doctests;
mod files;
mod findings;
mod links;
mod markdown;
mod package;
mod readme;
mod rooms;
mod sizes;
mod trees;
mod versions;
mod words;

use crate::Outcome;
use crate::metadata::Workspace;
use files::Files;
use findings::Finding;
use std::process::ExitCode;

type Check = fn(&Workspace, &Files) -> Result<Vec<Finding>, String>;

const CHECKS: [(&str, Check); 9] = [
    ("dependency trees", trees::check),
    ("versions stand once", versions::check),
    ("READMEs and the feature table", readme::check),
    ("doctests are compiled", doctests::check),
    ("file sizes", sizes::check),
    ("links", links::check),
    ("machine paths and unfinished work", words::check),
    ("docs/architecture.md names every room", rooms::check),
    ("packages", package::check),
];

pub(crate) fn run() -> Outcome {
    let workspace = Workspace::load()?;
    let files = Files::load(&workspace.root)?;
    let mut count = 0;
    for (name, check) in CHECKS {
        // A rule that could not be checked is not kept: that counts, and the other rules are still looked at.
        let findings = check(&workspace, &files)
            .unwrap_or_else(|trouble| vec![Finding::new(name, trouble, "make the check run, see above")]);
        let verdict = if findings.is_empty() { "ok  " } else { "FAIL" };
        println!("{verdict} {name}");
        for finding in &findings {
            println!("{finding}");
        }
        count += findings.len();
    }
    if count == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("tidy: {count} to fix");
    Ok(ExitCode::FAILURE)
}
