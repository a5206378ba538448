//! The chores of the verikit workspace: `cargo xtask <chore>`.
//!
//! One file a chore. Whatever a newcomer or the CI gate has to run is here, so that both run the same thing.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to its terminal"
)]

mod bench;
mod ci;
mod demo;
mod fuzz;
mod metadata;
mod run;
mod sandbox;
mod test;
mod tidy;

use std::process::ExitCode;

/// What every chore comes down to: the code to exit with, or what kept it from running at all.
type Outcome = Result<ExitCode, String>;

/// How a chore is called, and what it does in one line.
const CHORES: [(&str, &str); 8] = [
    (
        "demo [--live] [...]",
        "the first success: every client against the sandbox, without an account",
    ),
    (
        "sandbox [...]",
        "the providers, emulated on loopback until Ctrl-C",
    ),
    (
        "test [-- ...]",
        "every test, doctest and example; what follows `--` goes to the tests",
    ),
    (
        "fuzz [--seconds N] ...",
        "the fuzz targets for longer: a minute each, or one of them by its name",
    ),
    (
        "tidy",
        "the rules that no linter knows: dependency trees, versions, docs in step",
    ),
    (
        "ci",
        "the whole gate: format, lints, docs, tidy, tests, feature combinations, demo",
    ),
    (
        "bench [--compile] ...",
        "what a call, or a build, costs beside reqwest by hand; `bench --help` has the rest",
    ),
    ("help", "this list"),
];

/// The code for a call that was misspelt, as `clap` and most Unix programs have it.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match given.split_first() {
        None => {
            print!("{}", help());
            Ok(ExitCode::SUCCESS)
        }
        Some((chore, rest)) => dispatch(chore, rest),
    };
    outcome.unwrap_or_else(|trouble| {
        eprintln!("xtask: {trouble}");
        ExitCode::FAILURE
    })
}

fn dispatch(chore: &str, rest: &[String]) -> Outcome {
    match (chore, rest) {
        ("demo", _) => demo::run(passed_on(rest)),
        ("sandbox", _) => sandbox::run(passed_on(rest)),
        ("bench", _) => bench::run(passed_on(rest)),
        ("fuzz", _) => match fuzz::Asked::read(rest) {
            Ok(asked) => fuzz::run(&asked),
            Err(problem) => Ok(misused(&problem)),
        },
        ("test", []) => test::run(&[]),
        ("test", [dashes, for_tests @ ..]) if dashes == "--" => test::run(for_tests),
        ("tidy", []) => tidy::run(),
        ("ci", []) => ci::run(),
        ("help" | "--help" | "-h", []) => {
            print!("{}", help());
            Ok(ExitCode::SUCCESS)
        }
        ("test" | "tidy" | "ci" | "help" | "--help" | "-h", _) => {
            Ok(misused(&format!("`{chore}` does not take `{}`", rest.join(" "))))
        }
        _ => Ok(misused(&format!("there is no chore `{chore}`"))),
    }
}

/// `cargo xtask demo --live` and `cargo xtask demo -- --live` mean the same.
fn passed_on(rest: &[String]) -> &[String] {
    match rest {
        [dashes, after @ ..] if dashes == "--" => after,
        all => all,
    }
}

fn misused(problem: &str) -> ExitCode {
    eprint!("xtask: {problem}\n\n{}", help());
    ExitCode::from(MISUSED)
}

fn help() -> String {
    let mut text = String::from("cargo xtask <chore>\n\n");
    for (call, line) in CHORES {
        text.push_str(&format!("  {call:<22} {line}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(given: &[&str]) -> Vec<String> {
        given.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn help_has_one_line_for_each_chore() {
        let text = help();
        for chore in ["demo", "sandbox", "test", "fuzz", "tidy", "ci", "bench", "help"] {
            let lines = text
                .lines()
                .filter(|line| line.split_whitespace().next() == Some(chore))
                .count();
            assert_eq!(lines, 1, "{chore} in {text}");
        }
    }

    #[test]
    fn a_misspelt_call_exits_with_2() {
        let two = format!("{:?}", ExitCode::from(2));
        for (chore, rest) in [
            ("tset", &[][..]),
            ("tidy", &["--fix"][..]),
            ("ci", &["fast"][..]),
            ("test", &["idlayr"][..]),
            ("help", &["demo"][..]),
            ("fuzz", &["--time", "5"][..]),
        ] {
            let code = dispatch(chore, &words(rest)).unwrap();
            assert_eq!(format!("{code:?}"), two, "{chore} {rest:?}");
        }
    }

    #[test]
    fn leading_dashes_are_not_passed_on() {
        assert_eq!(passed_on(&words(&["--", "--live"])), words(&["--live"]));
        assert_eq!(
            passed_on(&words(&["--live", "--", "x"])),
            words(&["--live", "--", "x"])
        );
    }
}
