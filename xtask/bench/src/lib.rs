//! What verikit costs, measured beside reqwest by hand: `cargo xtask bench`.
//!
//! - `run.rs` leads: it starts the server, then one process for each measurement, in turns, so that no case
//!   inherits another's heap, connections or luck.
//! - `serve.rs` is the server; `measure.rs` puts load on it in one of the ways of `cases.rs`; `micro.rs`
//!   times pieces without a network.
//! - `compile.rs` builds small programs cold, and counts crates and bytes.
//! - `results.rs` is what was measured, `bars.rs` what we want it to be, `report.rs` and `table.rs` how it is
//!   shown.
//!
//! A slow run never fails: machines differ, and a bar that was missed is shown as missed. What fails is an
//! answer that is not the expected one.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to its terminal"
)]

mod arguments;
mod bars;
mod cases;
mod compile;
mod counting;
mod machine;
mod measure;
mod micro;
mod proc;
mod report;
mod results;
mod run;
mod serve;
mod statistics;
mod table;

use std::process::ExitCode;

use arguments::Task;
pub use counting::Allocator;

/// What everything here comes down to: a value, or what kept it from being one.
type Outcome<T> = Result<T, String>;

/// Does what the command line says.
#[must_use]
pub fn main(allocator: Allocator) -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    match arguments::parse(&given).and_then(|task| perform(task, allocator)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("bench: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task, allocator: Allocator) -> Outcome<()> {
    match task {
        Task::Help => {
            print!("{}", arguments::HELP);
            Ok(())
        }
        Task::Run(options) => run::run(&options),
        Task::Compile(options) => compile::run(&options),
        Task::Serve => serve::serve(),
        Task::Measure(options) => measure::run(&options, allocator),
        Task::Micro { quick } => micro::run(quick, allocator),
    }
}
