//! `bench`: what verikit costs beside reqwest by hand.

use crate::{Outcome, run};
use std::process::{Command, ExitCode};

const PACKAGE: &str = "verikit-bench";

pub(crate) fn run(given: &[String]) -> Outcome {
    eprintln!("Building the benchmark (minutes the first time, then seconds) ...");
    // Both of its programs: the one that measures time starts the one that counts allocations.
    let built = cargo("build").status();
    if !built.is_ok_and(|status| status.success()) {
        return Ok(ExitCode::FAILURE);
    }
    let mut command = cargo("run");
    command.args(["--bin", PACKAGE, "--"]).args(given);
    run::become_it(command)
}

fn cargo(what: &str) -> Command {
    let mut command = run::cargo();
    command
        .arg(what)
        .args(["--quiet", "--release", "--manifest-path"])
        .arg(run::root().join("Cargo.toml"))
        .args(["--package", PACKAGE]);
    command
}
