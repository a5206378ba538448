//! Runs a target over its corpus as it is, and over what mutations make of it.
//!
//! The engine is proptest: it draws the mutations, repeats a run from a seed, and shrinks what fails. Ours is
//! what it does not have, the corpus and the mutations.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::mutate::{self, Mutation};

/// Reads an input, and panics where a promise is broken.
pub(crate) type Check = fn(&[u8]);

/// Makes inputs for the corpus that stand in no file, each with a name.
pub(crate) type MakeInputs = fn() -> Vec<(String, Vec<u8>)>;

/// For how long to go on, in whole seconds, each target. Without it the number of inputs decides.
const SECONDS: &str = "VERIKIT_FUZZ_SECONDS";
/// The seed to begin with. Without it a run that is bounded by number has always the same, one that is
/// bounded by time another each time.
const SEED: &str = "VERIKIT_FUZZ_SEED";

const MOST_MUTATIONS: usize = 6;

pub(crate) fn corpus_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

/// Runs `check` over the target's corpus and what may stand besides it, each with a name, and over `rounds`
/// mutations of these or for as long as is asked.
pub(crate) fn fuzz(target: &'static str, rounds: u32, check: Check, further: Option<MakeInputs>) {
    let mut inputs = corpus(target);
    inputs.extend(further.map(|further| further()).unwrap_or_default());
    for (name, input) in &inputs {
        if let Err(panicked) = catch_unwind(AssertUnwindSafe(|| check(input))) {
            panic!("{target}: {name} of the corpus: {}", message(&*panicked));
        }
    }
    let inputs: Vec<Vec<u8>> = inputs.into_iter().map(|(_, input)| input).collect();
    match number(SECONDS) {
        None => run(target, &inputs, rounds, number(SEED).unwrap_or(0), check),
        Some(seconds) => run_for(target, &inputs, rounds, Duration::from_secs(seconds), check),
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a hunt is bounded by real time, and decides nothing by it"
)]
fn run_for(target: &'static str, inputs: &[Vec<u8>], rounds: u32, time: Duration, check: Check) {
    let first = number(SEED).unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("{target}: from seed {first} for {} s", time.as_secs());
    let began = Instant::now();
    let mut seed = first;
    while began.elapsed() < time {
        run(target, inputs, rounds, seed, check);
        seed = seed.wrapping_add(1);
    }
    let made = u64::from(rounds) * seed.wrapping_sub(first);
    eprintln!("{target}: {made} inputs, nothing found");
}

/// Checks `rounds` inputs, always the same for a seed, a corpus and a version of proptest.
fn run(target: &'static str, inputs: &[Vec<u8>], rounds: u32, seed: u64, check: Check) {
    if let Err(failure) = find(inputs, rounds, seed, check) {
        panic!("{}", failure.report(target, seed));
    }
}

struct Failure {
    input: Vec<u8>,
    reason: String,
}

fn find(inputs: &[Vec<u8>], rounds: u32, seed: u64, check: Check) -> Result<(), Failure> {
    let config = Config {
        cases: rounds,
        failure_persistence: None,
        max_shrink_iters: 4096,
        ..Config::default()
    };
    let mut whole_seed = [0; 32];
    whole_seed[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &whole_seed);
    let strategy = (any::<Index>(), vec(mutation(), 1..=MOST_MUTATIONS));
    let found = TestRunner::new_with_rng(config, rng).run(&strategy, |(first, mutations)| {
        check(&mutate::input(inputs, first.index(inputs.len()), &mutations));
        Ok(())
    });
    match found {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, (first, mutations))) => Err(Failure {
            input: mutate::input(inputs, first.index(inputs.len()), &mutations),
            reason: reason.message().to_owned(),
        }),
        Err(TestError::Abort(reason)) => panic!("the run was given up: {reason}"),
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    any::<(u8, u16, u16, u32)>().prop_map(|(kind, place, length, pick)| Mutation {
        kind,
        place,
        length,
        pick,
    })
}

impl Failure {
    /// What failed, how to see it again, and how to keep it. The input itself is saved where builds go.
    fn report(&self, target: &str, seed: u64) -> String {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
        let saved = folder.join(format!("{target}-{seed}"));
        let saving = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&saved, &self.input));
        let saved = match saving {
            Ok(()) => saved.display().to_string(),
            Err(error) => format!("nowhere ({error})"),
        };
        format!(
            "{target}: {reason}\n\
             seed: {seed} ({SEED}={seed} cargo xtask fuzz {target} finds it again)\n\
             input: b\"{input}\"\n\
             saved: {saved}\n\
             to keep it: cp it to crates/verikit/tests/fuzz/corpus/{target}/ under a name that says what it is",
            reason = self.reason,
            input = self.input.escape_ascii(),
        )
    }
}

/// The files of a target's corpus, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = corpus_folder().join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let input = std::fs::read(&file).unwrap();
            (file.file_name().unwrap().to_string_lossy().into_owned(), input)
        })
        .collect()
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a whole number")),
    )
}

fn message(panicked: &(dyn std::any::Any + Send)) -> String {
    let literal = panicked.downcast_ref::<&str>().map(ToString::to_string);
    literal
        .or_else(|| panicked.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}

#[test]
fn what_is_wrong_is_found_and_shrunk() {
    fn wrong(input: &[u8]) {
        let read: Result<serde_json::Value, _> = serde_json::from_slice(input);
        if let Ok(value) = read {
            assert_ne!(value["status"], true, "taken for a status");
        }
    }
    let inputs = [br#"{"status":"PENDING","match":false,"ttl":60}"#.to_vec()];
    let failure = find(&inputs, 4000, 0, wrong).unwrap_err();
    assert!(
        failure.reason.contains("taken for a status"),
        "{}",
        failure.reason
    );
    assert!(
        catch_unwind(|| wrong(&failure.input)).is_err(),
        "the input is the one that fails"
    );
    let report = failure.report("self_test", 0);
    for part in ["seed: 0", "true", "corpus/self_test/"] {
        assert!(report.contains(part), "{part} in {report}");
    }
}

#[test]
fn a_seed_gives_the_same_inputs() {
    use std::cell::RefCell;
    thread_local!(static SEEN: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) });
    let inputs = [b"{\"a\":1}".to_vec(), b"+44 7700".to_vec()];
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        find(&inputs, 50, seed, |input| {
            SEEN.with_borrow_mut(|seen| seen.push(input.to_vec()));
        })
        .unwrap_or_else(|failure| panic!("{}", failure.reason));
        runs.push(SEEN.take());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
