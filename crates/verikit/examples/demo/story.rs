//! Telling a story: steps with their times, and what must come out.

use std::future::IntoFuture;
use std::time::Instant;

use verikit::{Clock as _, Environment, SystemClock};
use verikit_sandbox::Sandbox;

/// A story ends well, or with what was unexpected.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The variables with which a client finds the sandbox, as its program prints them.
pub(crate) fn environment(sandbox: &Sandbox) -> Environment<'static> {
    let exports = sandbox.exports();
    Environment::new(move |name| {
        let found = exports.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    })
}

/// Prints a headline.
pub(crate) fn headline(text: &str) {
    println!("\n{text}");
}

/// Times what is done in one step.
pub(crate) struct Step {
    name: &'static str,
    began: Instant,
}

impl Step {
    /// Runs one step.
    pub(crate) async fn run<F, T, E>(name: &'static str, work: F) -> Outcome<(Self, T)>
    where
        F: IntoFuture<Output = Result<T, E>>,
        E: std::fmt::Display,
    {
        let began = SystemClock.now();
        let value = work.await.map_err(|error| format!("{name}: {error:#}"))?;
        Ok((Self { name, began }, value))
    }

    /// Ends it with what came out.
    pub(crate) fn tell(self, what: &str) {
        let milliseconds = SystemClock.now().duration_since(self.began).as_secs_f64() * 1000.0;
        println!("  {:<16} {milliseconds:>8.2} ms  {what}", self.name);
    }
}

/// What must be true for the story to go on.
pub(crate) fn expect(what: &str, holds: bool) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(format!("expected {what}"))
    }
}
