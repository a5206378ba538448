//! `sandbox`: the emulated providers, for people.

use crate::{Outcome, run};

pub(crate) fn run(given: &[String]) -> Outcome {
    let mut command = run::cargo();
    command
        .args(["run", "--quiet", "--manifest-path"])
        .arg(run::root().join("Cargo.toml"))
        .args(["--package", "verikit-sandbox", "--"])
        .args(given);
    eprintln!("Building the sandbox (minutes the first time, then seconds) ...");
    run::become_it(command)
}
