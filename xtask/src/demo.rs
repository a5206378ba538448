//! `demo`: the example of the facade, which starts the sandbox within itself.

use crate::{Outcome, run};

pub(crate) fn run(given: &[String]) -> Outcome {
    let mut command = run::cargo();
    command
        .args(["run", "--quiet", "--manifest-path"])
        .arg(run::root().join("Cargo.toml"))
        .args([
            "--package",
            "verikit",
            "--example",
            "demo",
            "--features",
            "full",
            "--",
        ])
        .args(given);
    // A quiet first build says nothing for minutes; somebody's first look at verikit is not the time for
    // that.
    eprintln!("Building the demo (minutes the first time, then seconds) ...");
    run::become_it(command)
}
