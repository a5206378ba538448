//! `ci`: the whole gate, one step after the other, up to the first that fails.

use crate::metadata::{Member, Workspace};
use crate::{Outcome, run};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One command of the gate.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    headline: String,
    arguments: Vec<String>,
    /// A variable for this step alone. What every step shares is `FOR_ALL`.
    variable: Option<(&'static str, &'static str)>,
}

/// What all steps run with, alike, so that none makes another build again what is built already.
///
/// Incremental compilation pays off from the second build on, and a gate builds once.
const FOR_ALL: (&str, &str) = ("CARGO_INCREMENTAL", "0");

pub(crate) fn run() -> Outcome {
    let workspace = Workspace::load()?;
    let steps = steps(&workspace);
    let count = steps.len();
    let mut times = Vec::new();
    for (number, step) in (1..).zip(&steps) {
        println!("\n==> [{number}/{count}] {}", step.headline);
        println!("    {}", step.repeat());
        let (code, time) = timed(step, &workspace)?;
        if code != 0 {
            eprintln!("\n==> FAILED after {}: {}", seconds(time), step.headline);
            eprintln!("    to repeat: {}", step.repeat());
            return Ok(ExitCode::from(code));
        }
        println!("    ok in {}", seconds(time));
        times.push((time, &step.headline));
    }
    println!(
        "\n==> all {count} steps passed in {}",
        seconds(times.iter().map(|(time, _)| *time).sum())
    );
    for (time, headline) in times {
        println!("    {:>8}  {headline}", seconds(time));
    }
    Ok(ExitCode::SUCCESS)
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long a step takes is about the real clock"
)]
fn timed(step: &Step, workspace: &Workspace) -> Result<(u8, Duration), String> {
    let mut command = run::cargo();
    command
        .current_dir(&workspace.root)
        .args(&step.arguments)
        .env(FOR_ALL.0, FOR_ALL.1);
    if let Some((name, value)) = step.variable {
        command.env(name, value);
    }
    let start = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("cannot run `{}`: {error}", step.repeat()))?;
    Ok((run::code(status), start.elapsed()))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The gate, cheapest first: what fails soon should not wait for what takes long.
fn steps(workspace: &Workspace) -> Vec<Step> {
    // `fetch` comes first because it is what fails when Cargo.lock does not fit the manifests. The chores
    // below, run as people run them, cannot be given `--locked`; after this step they have no reason to
    // change it.
    let mut steps = vec![
        Step::new("Cargo.lock fits the manifests", "fetch --locked"),
        Step::new("format", "fmt --all --check"),
        Step::new(
            "lints",
            "clippy --locked --workspace --all-targets --all-features -- -D warnings",
        ),
        Step {
            variable: Some(("RUSTDOCFLAGS", "-Dwarnings")),
            ..Step::new("API docs", "doc --locked --workspace --all-features --no-deps")
        },
        Step::new("tidy", "xtask tidy"),
        Step::new("tests", "xtask test"),
    ];
    for member in workspace.crates() {
        for combination in combinations(member) {
            let arguments = format!(
                "clippy --locked --package {} --lib {combination} -- -D warnings",
                member.name
            );
            let shown = if combination.is_empty() {
                "default"
            } else {
                &combination
            };
            steps.push(Step::new(
                &format!("features of {}: {shown}", member.name),
                &arguments,
            ));
        }
    }
    steps.push(Step::new("demo", "xtask demo"));
    steps
}

/// None, each alone, the default and all: cargo's flags for each. A crate without features has nothing to
/// combine.
///
/// Only the library is built for these: tests need features, and dependencies of tests would add theirs.
fn combinations(member: &Member) -> Vec<String> {
    if member.features.is_empty() {
        return Vec::new();
    }
    let each = member.features.keys().filter(|feature| *feature != "default");
    let mut combinations = vec!["--no-default-features".to_owned()];
    combinations.extend(each.map(|feature| format!("--no-default-features --features {feature}")));
    combinations.push(String::new());
    combinations.push("--all-features".to_owned());
    combinations
}

impl Step {
    fn new(headline: &str, arguments: &str) -> Self {
        Self {
            headline: headline.to_owned(),
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            variable: None,
        }
    }

    /// The command as one would type it.
    fn repeat(&self) -> String {
        let variable = self
            .variable
            .map(|(name, value)| format!("{name}={value} "))
            .unwrap_or_default();
        format!("{variable}cargo {}", self.arguments.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn member(name: &str, features: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            directory: format!("crates/{name}"),
            features: features
                .iter()
                .map(|feature| (feature.to_string(), Vec::new()))
                .collect::<BTreeMap<_, _>>(),
            ..Member::default()
        }
    }

    #[test]
    fn every_feature_is_built_alone() {
        assert_eq!(
            combinations(&member("x", &["default", "reqwest", "testing"])),
            [
                "--no-default-features",
                "--no-default-features --features reqwest",
                "--no-default-features --features testing",
                "",
                "--all-features",
            ]
        );
        assert!(combinations(&member("x", &[])).is_empty());
    }

    #[test]
    fn the_gate_runs_the_commands_of_the_readme_and_keeps_to_the_lock_file() {
        let workspace = Workspace {
            root: PathBuf::new(),
            members: vec![member("idlayr", &["testing"])],
        };
        let commands: Vec<_> = steps(&workspace).iter().map(Step::repeat).collect();
        for expected in [
            "cargo fmt --all --check",
            "RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --all-features --no-deps",
            "cargo xtask tidy",
            "cargo xtask test",
            "cargo clippy --locked --package idlayr --lib --no-default-features --features testing -- -D warnings",
            "cargo xtask demo",
        ] {
            assert!(
                commands.iter().any(|command| command == expected),
                "{expected} in {commands:#?}"
            );
        }
        let unlocked = |command: &&String| !command.contains("--locked") && !command.contains("xtask");
        let unlocked: Vec<_> = commands.iter().filter(unlocked).collect();
        assert_eq!(unlocked, ["cargo fmt --all --check"]);
    }
}
