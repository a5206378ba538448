//! Figures as tables, each figure that has a bar beside its bar.

use crate::bars::{self, Bar};
use crate::cases::Case;
use crate::results::{Builds, Load, PieceName, Results, Sample, Took};
use crate::run::CALLERS;
use crate::statistics::{Spread, paired_ratio};
use crate::table::{Table, UNKNOWN, or_unknown, whole};

const KIB_PER_MIB: f64 = 1024.0;
/// Where the connections do not matter and the pool does: the setting in which allocations are judged.
const USUAL: usize = 16;
/// More than the client lets through at once.
const BURST: usize = 2_000;

pub(crate) fn of_results(results: &Results) -> Vec<Table> {
    let mut all = vec![
        calls(results),
        call_bars(results),
        pieces(results),
        piece_bars(results),
    ];
    if let Some(last) = all.last_mut() {
        let quick = if results.quick {
            " **A quick run: its times are not worth quoting.**"
        } else {
            ""
        };
        last.remark(format!("Measured on {}{quick}", results.machine.shown()));
    }
    all
}

fn calls(results: &Results) -> Table {
    let mut table = Table::new(
        "Calls",
        &[
            "callers, case",
            "calls/s",
            "p50 us",
            "p99 us",
            "CPU us/call",
            "allocations",
            "bytes",
            "peak MiB",
            "grown MiB",
            "connections",
        ],
    );
    for load in &results.loads {
        let median = |value: fn(&Sample) -> Option<f64>| Some(Spread::of(load.values(value)?)?.median);
        let one = |number: f64| format!("{number:.1}");
        table.row([
            format!("{}, {}", whole(load.callers as f64), load.case.name()),
            or_unknown(median(|sample| Some(sample.calls_per_second)), whole),
            or_unknown(median(|sample| Some(sample.p50_us)), whole),
            or_unknown(median(|sample| Some(sample.p99_us)), whole),
            or_unknown(median(|sample| sample.cpu_us), one),
            or_unknown(load.counted.map(|counted| counted.allocations), one),
            or_unknown(load.counted.map(|counted| counted.bytes), whole),
            or_unknown(median(peak_mib), one),
            or_unknown(median(grown_mib), one),
            or_unknown(median(|sample| Some(sample.connections as f64)), whole),
        ]);
    }
    table.remark(format!(
        "Creating a PhoneCheck against a server on loopback in a process of its own, on a runtime \
         with two threads. `hand` is reqwest and serde by hand with a token that never changes; \
         `hand-256` lets 256 of these calls through at once; `idlayr` is our client as it comes. \
         Medians of {} rounds, in which the cases take turns, each time in a new process. \
         Allocations are counted in runs of their own; a buffer that grows counts again. Peak is \
         the most memory that the process had; grown, how much more that is than after its first \
         call.",
        results.rounds
    ));
    table
}

fn peak_mib(sample: &Sample) -> Option<f64> {
    sample.peak_kib.map(|kib| kib as f64 / KIB_PER_MIB)
}

fn grown_mib(sample: &Sample) -> Option<f64> {
    sample.grown_kib.map(|kib| kib as f64 / KIB_PER_MIB)
}

/// A table of figures with bars.
fn barred(title: &str, figure: &'static str) -> Table {
    Table::new(title, &[figure, "measured", "range", "must", "aim", "verdict"])
}

fn judged(table: &mut Table, what: String, measured: Option<Spread>, bar: &Bar, digits: usize) {
    let shown = |number: f64| format!("{number:.digits$}");
    let range = |spread: Spread| format!("{}..{}", shown(spread.low), shown(spread.high));
    // Shown and judged alike: nobody should have to explain why 1.05 is above 1.05.
    let rounded = measured.and_then(|spread| shown(spread.median).parse().ok());
    let has_range = measured.filter(|spread| spread.low < spread.high);
    table.row([
        what,
        or_unknown(measured.map(|spread| spread.median), shown),
        has_range.map_or_else(|| UNKNOWN.to_owned(), range),
        format!("{} {}", bar.sign(), shown(bar.must)),
        format!("{} {}", bar.sign(), shown(bar.aim)),
        bar.judge(rounded).shown().to_owned(),
    ]);
}

fn exactly(value: f64) -> Spread {
    Spread {
        low: value,
        median: value,
        high: value,
    }
}

fn call_bars(results: &Results) -> Table {
    let mut table = barred("Calls, `idlayr` over `hand`", "callers, figure");
    let ratio = |callers: usize, value: fn(&Sample) -> Option<f64>| {
        let values = |case| {
            results
                .load(case, callers)
                .and_then(|load: &Load| load.values(value))
        };
        paired_ratio(&values(Case::Idlayr)?, &values(Case::Hand)?)
    };
    let mut row = |callers: usize, what: &str, measured: Option<Spread>, bar: &Bar, digits: usize| {
        judged(
            &mut table,
            format!("{}, {what}", whole(callers as f64)),
            measured,
            bar,
            digits,
        );
    };
    for callers in CALLERS.into_iter().filter(|callers| [16, 256].contains(callers)) {
        row(
            callers,
            "CPU",
            ratio(callers, |sample| sample.cpu_us),
            &bars::CPU,
            2,
        );
    }
    let counted = results.load(Case::Idlayr, USUAL).and_then(|load| load.counted);
    let allocations = counted.map(|counted| exactly(counted.allocations));
    row(USUAL, "allocations a call", allocations, &bars::ALLOCATIONS, 1);
    row(
        BURST,
        "p99",
        ratio(BURST, |sample| Some(sample.p99_us)),
        &bars::BURST_P99,
        2,
    );
    row(
        BURST,
        "peak memory",
        ratio(BURST, peak_mib),
        &bars::BURST_MEMORY,
        2,
    );
    row(
        BURST,
        "CPU",
        ratio(BURST, |sample| sample.cpu_us),
        &bars::BURST_CPU,
        2,
    );
    let speed = ratio(BURST, |sample| Some(sample.calls_per_second));
    row(BURST, "calls/s", speed, &bars::BURST_CALLS, 2);
    table.remark(
        "Ratios are taken round by round, and their median is judged; allocations are numbers, not ratios.",
    );
    table
}

fn pieces(results: &Results) -> Table {
    let mut table = Table::new(
        "Pieces of a call",
        &["piece", "ns", "range", "allocations", "bytes"],
    );
    for piece in &results.pieces {
        let time = piece.nanoseconds;
        let range = |time: Spread| format!("{}..{}", whole(time.low), whole(time.high));
        table.row([
            described(piece.name).to_owned(),
            or_unknown(time.map(|time| time.median), |number| format!("{number:.1}")),
            time.map_or_else(|| UNKNOWN.to_owned(), range),
            or_unknown(piece.counted.map(|counted| counted.allocations), |number| {
                format!("{number:.1}")
            }),
            or_unknown(piece.counted.map(|counted| counted.bytes), whole),
        ]);
    }
    table
}

fn described(name: PieceName) -> &'static str {
    match name {
        PieceName::StaticHeader => "inserting a header that never changes",
        PieceName::CachedToken => "inserting a token from the cache",
        PieceName::KeptJwt => "inserting a self-signed JWT that is kept",
        PieceName::FreshJwt => "making a JWT: claims and signature",
        PieceName::SignedClaims => "signing claims that are made already",
        PieceName::JsonWebToken => "jsonwebtoken's `encode` of the same claims (aws-lc-rs)",
        PieceName::PlainParse => "reading a check with ten unknown members into a plain struct",
        PieceName::CheckedParse => "the same into a struct of our value types, without a URL",
        PieceName::TypedParse => "the same as `Answer<PhoneCheck>`",
        PieceName::SecondClient => "building a client on a transport that is there",
    }
}

fn piece_bars(results: &Results) -> Table {
    let mut table = barred("Pieces against their bars", "figure");
    let time = |name| {
        results
            .piece(name)
            .and_then(|piece| piece.nanoseconds)
            .map(|time| time.median)
    };
    let allocations = |name| {
        results
            .piece(name)
            .and_then(|piece| piece.counted)
            .map(|counted| counted.allocations)
    };
    let both = |ours, theirs| time(ours).zip(time(theirs));
    for (what, name) in [
        ("cached token", PieceName::CachedToken),
        ("kept JWT", PieceName::KeptJwt),
    ] {
        let beyond = both(name, PieceName::StaticHeader).map(|(ours, theirs)| exactly(ours - theirs));
        let bar = &bars::KEPT_CREDENTIAL;
        judged(
            &mut table,
            format!("{what}, ns beyond a static header"),
            beyond,
            bar,
            0,
        );
        let counted = allocations(name).map(exactly);
        judged(
            &mut table,
            format!("{what}, allocations"),
            counted,
            &bars::NO_ALLOCATION,
            1,
        );
    }
    let jwt = both(PieceName::FreshJwt, PieceName::JsonWebToken).map(|(ours, theirs)| exactly(ours / theirs));
    judged(
        &mut table,
        "fresh JWT over jsonwebtoken's".to_owned(),
        jwt,
        &bars::FRESH_JWT,
        2,
    );
    let parse =
        both(PieceName::TypedParse, PieceName::PlainParse).map(|(ours, theirs)| exactly(ours / theirs));
    judged(
        &mut table,
        "typed parse over a plain one".to_owned(),
        parse,
        &bars::TYPED_PARSE,
        2,
    );
    let client = time(PieceName::SecondClient).map(|nanoseconds| exactly(nanoseconds / 1_000.0));
    judged(
        &mut table,
        "second client, us".to_owned(),
        client,
        &bars::SECOND_CLIENT,
        1,
    );
    table
}

/// The programs of `--compile`; the first is the one by hand, the second the one that has most bars, the
/// third one whose client signs its own tokens.
pub(crate) fn of_builds(builds: &Builds) -> Vec<Table> {
    let mut table = Table::new(
        "Builds",
        &[
            "program",
            "crates",
            "release s",
            "release CPU s",
            "check s",
            "check CPU s",
            "binary MiB",
        ],
    );
    let mib = |bytes: u64| bytes as f64 / KIB_PER_MIB / KIB_PER_MIB;
    let elapsed = |took: &[Took]| took.iter().map(|took| took.seconds).collect::<Vec<_>>();
    let cpu = |took: &[Took]| {
        took.iter()
            .map(|took| took.cpu_seconds)
            .collect::<Option<Vec<_>>>()
    };
    let median = |values: Option<Vec<f64>>| {
        or_unknown(
            values.and_then(Spread::of).map(|spread| spread.median),
            |number| format!("{number:.1}"),
        )
    };
    for build in &builds.builds {
        table.row([
            build.program.clone(),
            build.crates.to_string(),
            median(Some(elapsed(&build.release))),
            median(cpu(&build.release)),
            median(Some(elapsed(&build.check))),
            median(cpu(&build.check)),
            format!("{:.2}", mib(build.bytes)),
        ]);
    }
    table.remark(
        "Small programs that make one call (a PhoneCheck, or a SIM swap where the client signs), each built from \
         nothing, all with the versions of our lock file. Crates are those of the normal dependency tree, ours included. The CPU time \
         of all processes of a build tells more than its duration when the machine has other work.",
    );
    let mut judgement = barred("Builds, a provider over `by hand`", "figure");
    if let [by_hand, provider, signing, ..] = builds.builds.as_slice() {
        for (what, program, bar) in [
            ("crates more", provider, &bars::CRATES),
            ("crates more, where it signs", signing, &bars::SIGNING_CRATES),
        ] {
            let more = exactly(program.crates as f64 - by_hand.crates as f64);
            judged(&mut judgement, what.to_owned(), Some(more), bar, 0);
        }
        for (what, ours, theirs) in [
            ("cold release build", &provider.release, &by_hand.release),
            ("cold check", &provider.check, &by_hand.check),
        ] {
            let bar = &bars::BUILD_TIME;
            let ratio = paired_ratio(&elapsed(ours), &elapsed(theirs));
            judged(&mut judgement, what.to_owned(), ratio, bar, 2);
            let ratio = cpu(ours)
                .zip(cpu(theirs))
                .and_then(|(ours, theirs)| paired_ratio(&ours, &theirs));
            judged(&mut judgement, format!("{what}, CPU"), ratio, bar, 2);
        }
        let larger = exactly(mib(provider.bytes) - mib(by_hand.bytes));
        judged(
            &mut judgement,
            "MiB more, stripped".to_owned(),
            Some(larger),
            &bars::BINARY_MIB,
            2,
        );
    }
    judgement.remark(format!("Measured on {}", builds.machine.shown()));
    vec![table, judgement]
}

#[cfg(test)]
mod tests;
