//! One measurement: one case, so many callers, so many calls. Prints one line of JSON.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use idlayr::{Clock as _, SystemClock};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::cases::{Caller, Case, Hand, Verikit};
use crate::counting::{Allocator, Counter};
use crate::results::Sample;
use crate::serve::{Address, Server};
use crate::{Outcome, proc, statistics};

/// What to measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) case: Case,
    pub(crate) callers: usize,
    pub(crate) calls: usize,
    /// The server to use; without one, the measurement starts its own.
    pub(crate) server: Option<Address>,
    /// Where the counting program writes which line allocated.
    pub(crate) profile: Option<PathBuf>,
}

/// Alike for all cases, and for all machines.
const WORKERS: usize = 2;
/// The cap of the case that has one by hand: the default of our clients.
const CAP: usize = 256;

pub(crate) fn run(options: &Options, allocator: Allocator) -> Outcome<()> {
    let sample = match &options.server {
        Some(address) => measure(options, address, allocator)?,
        None => {
            let server = Server::start()?;
            measure(options, &server.address, allocator)?
        }
    };
    println!(
        "{}",
        serde_json::to_string(&sample).map_err(|error| error.to_string())?
    );
    Ok(())
}

fn measure(options: &Options, server: &Address, allocator: Allocator) -> Outcome<Sample> {
    proc::allow_many_files();
    server.reset_peak()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start the runtime: {error}"))?;
    let base_url = server.base_url();
    let mut sample = match options.case {
        Case::Hand => load(&runtime, Hand::new(&base_url, None), options, allocator),
        Case::Hand256 => load(&runtime, Hand::new(&base_url, Some(CAP)), options, allocator),
        Case::Idlayr => load(&runtime, Verikit::new(&base_url)?, options, allocator),
    }?;
    // Before the runtime goes, and with it the connections.
    sample.connections = server.peak()?;
    Ok(sample)
}

fn load(runtime: &Runtime, caller: impl Caller, options: &Options, allocator: Allocator) -> Outcome<Sample> {
    // Written once, so that these pages are part of the baseline and not of what the calls need.
    let latencies: Arc<[AtomicU32]> = (0..options.calls).map(|_| AtomicU32::new(1)).collect();
    let first = caller.clone();
    let first = async move { first.call().await };
    runtime
        .block_on(async { tokio::spawn(first).await })
        .map_err(|error| error.to_string())??;
    let baseline = proc::memory().map(|memory| memory.now);
    let warm_up = (options.calls / 10).max(2 * options.callers);
    let phases = [warm_up, options.calls].map(|calls| Phase::new(calls, Arc::clone(&latencies)));
    runtime.block_on(burden(caller, &phases, options, allocator, baseline))
}

/// Calls that the callers share out among themselves.
struct Phase {
    calls: usize,
    next: AtomicUsize,
    latencies: Arc<[AtomicU32]>,
}

impl Phase {
    fn new(calls: usize, latencies: Arc<[AtomicU32]>) -> Arc<Self> {
        Arc::new(Self {
            calls,
            next: AtomicUsize::new(0),
            latencies,
        })
    }

    async fn work(&self, caller: &impl Caller) -> Outcome<()> {
        let clock = SystemClock;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return Ok(());
            }
            let began = clock.now();
            caller.call().await?;
            let took = clock.now().saturating_duration_since(began);
            // A warm-up of more calls than are measured has no place to write to.
            if let Some(latency) = self.latencies.get(number) {
                latency.store(in_units(took), Ordering::Relaxed);
            }
        }
    }
}

/// Warms up and measures with the same tasks and connections: starting them is no part of what a call costs.
async fn burden(
    caller: impl Caller,
    [warm_up, measured]: &[Arc<Phase>; 2],
    options: &Options,
    allocator: Allocator,
    baseline: Option<u64>,
) -> Outcome<Sample> {
    let clock = SystemClock;
    let (warm, begin) = (
        Arc::new(Barrier::new(options.callers + 1)),
        Arc::new(Barrier::new(options.callers + 1)),
    );
    let mut tasks = JoinSet::new();
    for _ in 0..options.callers {
        let (caller, warm, begin) = (caller.clone(), Arc::clone(&warm), Arc::clone(&begin));
        let (warm_up, measured) = (Arc::clone(warm_up), Arc::clone(measured));
        tasks.spawn(async move {
            let warmed = warm_up.work(&caller).await;
            warm.wait().await;
            begin.wait().await;
            warmed?;
            measured.work(&caller).await
        });
    }
    warm.wait().await;
    let counter = Counter::start(allocator, options.profile.as_deref());
    let before = counter.total();
    let (cpu, began) = (proc::cpu_time(), clock.now());
    begin.wait().await;
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| error.to_string())??;
    }
    let took = clock.now().saturating_duration_since(began);
    let cpu = proc::cpu_time()
        .zip(cpu)
        .map(|(after, before)| after.saturating_sub(before));
    let after = counter.total();
    let memory = proc::memory();
    let calls = options.calls as f64;
    let mut sorted: Vec<u32> = measured
        .latencies
        .iter()
        .map(|latency| latency.load(Ordering::Relaxed))
        .collect();
    let mut quantile = |of| Some(micros(statistics::quantile(&mut sorted, of)?));
    Ok(Sample {
        calls_per_second: calls / took.as_secs_f64(),
        p50_us: quantile(0.5).ok_or("there were no calls")?,
        p99_us: quantile(0.99).ok_or("there were no calls")?,
        cpu_us: cpu.map(|cpu| cpu.as_secs_f64() * 1e6 / calls),
        peak_kib: memory.map(|memory| memory.peak),
        grown_kib: memory
            .zip(baseline)
            .map(|(memory, baseline)| memory.peak.saturating_sub(baseline)),
        connections: 0,
        counted: after.zip(before).map(|(after, before)| {
            after
                .since(before)
                .per(options.calls.try_into().unwrap_or(u64::MAX))
        }),
    })
}

/// Latencies are kept in tenths of a microsecond, which fit seven minutes into four bytes.
fn in_units(took: Duration) -> u32 {
    u32::try_from(took.as_nanos() / 100).unwrap_or(u32::MAX)
}

fn micros(units: u32) -> f64 {
    f64::from(units) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_survive_their_units() {
        assert_eq!(micros(in_units(Duration::from_micros(28_000))), 28_000.0);
        assert_eq!(in_units(Duration::from_secs(3_600)), u32::MAX);
    }

    #[derive(Clone, Default)]
    struct Counts(Arc<AtomicUsize>);

    impl Caller for Counts {
        async fn call(&self) -> Outcome<()> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(())
        }
    }

    #[test]
    fn exactly_the_calls_that_were_asked_for_are_made() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .build()
            .unwrap();
        let options = Options {
            case: Case::Hand,
            callers: 16,
            calls: 1_000,
            server: None,
            profile: None,
        };
        let counts = Counts::default();
        let sample = load(&runtime, counts.clone(), &options, Allocator::System).unwrap();
        // One alone, a tenth to warm up, and those that are measured.
        assert_eq!(counts.0.load(Ordering::Relaxed), 1 + 100 + 1_000);
        assert!(sample.calls_per_second > 0.0 && sample.counted.is_none());
    }
}
