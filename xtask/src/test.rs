//! `test`: everything that can fail, with nothing but cargo.

use crate::{Outcome, run};

pub(crate) fn run(for_tests: &[String]) -> Outcome {
    let mut command = run::cargo();
    // Without any target flag cargo tests libraries, programs, integration tests and doctests and builds the
    // examples as one would run them. `--all-targets` would leave the doctests out and run every benchmark.
    command
        .current_dir(run::root())
        .args(["test", "--workspace", "--all-features", "--no-fail-fast"]);
    if !for_tests.is_empty() {
        command.arg("--").args(for_tests);
    }
    run::finish(&mut command)
}
