//! A whole run: a process for each measurement, the cases in turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::Options;
use crate::cases::Case;
use crate::machine::Machine;
use crate::results::{Load, Piece, Results, Sample};
use crate::serve::Server;
use crate::{Outcome, report, table};

pub(crate) const CALLERS: [usize; 4] = [1, 16, 256, 2_000];
const ROUNDS: usize = 5;
const QUICK_ROUNDS: usize = 2;
/// A second or two of work: fewer for a single caller, who waits for the network most of the time.
const CALLS: usize = 150_000;
const CALLS_ALONE: usize = 20_000;
/// Counting is exact, and slow.
const COUNTED: usize = 4_000;

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let mut results: Results = match &options.from {
        Some(path) => read(path)?,
        None => {
            let results = measure(options)?;
            write(&results, options.json.as_deref(), "results.json")?;
            results
        }
    };
    results.machine.date = options.date.clone().or(results.machine.date);
    for table in report::of_results(&results) {
        println!("{}", table.shown(options.style));
    }
    Ok(())
}

fn measure(options: &Options) -> Outcome<Results> {
    let machine = Machine::here(options.date.clone());
    let rounds = options
        .rounds
        .unwrap_or(if options.quick { QUICK_ROUNDS } else { ROUNDS });
    let server = Server::start()?;
    let mut loads = Vec::new();
    for callers in CALLERS {
        let mut turn: Vec<Load> = Case::ALL
            .into_iter()
            .map(|case| Load {
                case,
                callers,
                calls: calls(callers, options.quick),
                samples: Vec::new(),
                counted: None,
            })
            .collect();
        for round in 1..=rounds {
            for load in &mut turn {
                let sample = sample(&program(false)?, load, load.calls, &server)?;
                eprintln!(
                    "round {round} of {rounds}, {callers} callers, {}: {} calls/s",
                    load.case.name(),
                    table::whole(sample.calls_per_second)
                );
                load.samples.push(sample);
            }
        }
        for load in &mut turn {
            let calls = COUNTED.max(2 * callers);
            load.counted = sample(&program(true)?, load, calls, &server)?.counted;
        }
        loads.extend(turn);
    }
    eprintln!("pieces ...");
    Ok(Results {
        machine,
        rounds,
        quick: options.quick,
        loads,
        pieces: pieces(options.quick)?,
    })
}

fn calls(callers: usize, quick: bool) -> usize {
    let calls = if callers == 1 { CALLS_ALONE } else { CALLS };
    if quick { calls / 10 } else { calls }
}

fn sample(program: &Path, load: &Load, calls: usize, server: &Server) -> Outcome<Sample> {
    let mut command = Command::new(program);
    command
        .args(["measure", load.case.name()])
        .args([load.callers.to_string(), calls.to_string()])
        .args(["--server", &server.address.text()]);
    answer(&mut command)
}

/// Times from the one program, allocations from the other.
fn pieces(quick: bool) -> Outcome<Vec<Piece>> {
    let mut command = Command::new(program(false)?);
    command.arg("micro");
    if quick {
        command.arg("--quick");
    }
    let mut pieces: Vec<Piece> = answer(&mut command)?;
    let counted: Vec<Piece> = answer(Command::new(program(true)?).arg("micro"))?;
    for piece in &mut pieces {
        let same = counted.iter().find(|other| other.name == piece.name);
        piece.counted = same.and_then(|other| other.counted);
    }
    Ok(pieces)
}

/// This program, or the one beside it that counts.
fn program(counting: bool) -> Outcome<PathBuf> {
    let this = std::env::current_exe().map_err(|error| format!("cannot find myself: {error}"))?;
    if !counting {
        return Ok(this);
    }
    let name = format!("verikit-bench-counting{}", std::env::consts::EXE_SUFFIX);
    let program = this.with_file_name(name);
    if program.is_file() {
        Ok(program)
    } else {
        Err("the counting program is not built: `cargo build --release --package verikit-bench`".to_owned())
    }
}

/// Runs a part of this program and reads the line of JSON that it prints.
fn answer<T: DeserializeOwned>(command: &mut Command) -> Outcome<T> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("cannot run a measurement: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("a measurement failed: {}", complaint.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("a measurement printed something else than its figures: {error}"))
}

pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Outcome<T> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} holds no such figures: {error}", path.display()))
}

/// Writes to where the caller says, or into the target directory that this program lies in.
pub(crate) fn write(figures: &impl Serialize, to: Option<&Path>, name: &str) -> Outcome<()> {
    let path = match to {
        Some(path) => path.to_owned(),
        None => {
            let program = program(false)?;
            let target = program.ancestors().nth(2).unwrap_or(Path::new("."));
            target.join("bench").join(name)
        }
    };
    let trouble = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(trouble)?;
    }
    let text = serde_json::to_string_pretty(figures).map_err(|error| error.to_string())?;
    fs::write(&path, text + "\n").map_err(trouble)?;
    eprintln!("the figures are in {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caller_has_calls_to_make() {
        for callers in CALLERS {
            assert!(calls(callers, true) >= 2 * callers, "{callers}");
            assert!(calls(callers, false) > calls(callers, true));
        }
    }

    #[test]
    fn a_part_that_fails_says_why() {
        let mut command = Command::new("rustc");
        let error = answer::<Sample>(command.arg("--no-such-flag")).unwrap_err();
        assert!(error.contains("no-such-flag"), "{error}");
        let error = answer::<Sample>(Command::new("rustc").arg("--version")).unwrap_err();
        assert!(error.contains("something else"), "{error}");
    }
}
