use super::*;
use crate::counting::Counted;
use crate::machine::Machine;
use crate::results::{Build, Piece};
use crate::table::Style;

fn machine() -> Machine {
    Machine {
        cpu: "Some CPU".to_owned(),
        cores: 2,
        kernel: "linux 6.1".to_owned(),
        load_average: None,
        versions: vec!["rustc 1.95.0".to_owned()],
        date: None,
    }
}

fn sample(calls_per_second: f64, p99_us: f64, cpu_us: f64, peak_kib: u64) -> Sample {
    Sample {
        calls_per_second,
        p50_us: p99_us / 2.0,
        p99_us,
        cpu_us: Some(cpu_us),
        peak_kib: Some(peak_kib),
        grown_kib: Some(peak_kib / 2),
        connections: 256,
        counted: None,
    }
}

fn load(case: Case, callers: usize, allocations: f64, samples: Vec<Sample>) -> Load {
    Load {
        case,
        callers,
        calls: 1_000,
        samples,
        counted: Some(Counted {
            allocations,
            bytes: 20_000.0,
        }),
    }
}

fn results() -> Results {
    Results {
        machine: machine(),
        rounds: 2,
        quick: false,
        loads: vec![
            load(
                Case::Hand,
                16,
                65.0,
                vec![
                    sample(70_000.0, 400.0, 10.0, 20_000),
                    sample(35_000.0, 800.0, 20.0, 20_000),
                ],
            ),
            load(
                Case::Idlayr,
                16,
                64.0,
                vec![
                    sample(70_000.0, 400.0, 10.0, 20_000),
                    sample(35_000.0, 800.0, 20.8, 20_000),
                ],
            ),
            load(
                Case::Hand,
                2_000,
                66.0,
                vec![sample(58_000.0, 354_000.0, 20.0, 100_000)],
            ),
            load(
                Case::Idlayr,
                2_000,
                64.0,
                vec![sample(75_000.0, 28_000.0, 17.5, 15_000)],
            ),
        ],
        pieces: vec![
            piece(PieceName::StaticHeader, 30.0, 0.0),
            piece(PieceName::CachedToken, 75.0, 0.0),
            piece(PieceName::KeptJwt, 200.0, 0.5),
        ],
    }
}

fn piece(name: PieceName, nanoseconds: f64, allocations: f64) -> Piece {
    Piece {
        name,
        nanoseconds: Some(exactly(nanoseconds)),
        counted: Some(Counted {
            allocations,
            bytes: 0.0,
        }),
    }
}

/// The row that begins so.
fn row(tables: &[Table], begin: &str) -> Vec<String> {
    let mut rows = tables.iter().flat_map(|table| &table.rows);
    rows.find(|row| row.first().is_some_and(|cell| cell.starts_with(begin)))
        .unwrap_or_else(|| panic!("no row {begin}"))
        .clone()
}

#[test]
fn every_bar_is_shown_with_what_became_of_it() {
    let tables = of_results(&results());
    for (begin, measured, verdict) in [
        // 1.00 and 1.04: judged by the pairs' median, though the medians of the times differ by less.
        ("16, CPU", "1.02", "met"),
        ("256, CPU", "-", "not measured"),
        ("16, allocations", "64.0", "met"),
        ("2,000, p99", "0.08", "aim met"),
        ("2,000, peak memory", "0.15", "aim met"),
        ("2,000, CPU", "0.88", "MISSED"),
        ("2,000, calls/s", "1.29", "aim met"),
        ("cached token, ns", "45", "met"),
        ("cached token, allocations", "0.0", "aim met"),
        ("kept JWT, ns", "170", "MISSED"),
        ("kept JWT, allocations", "0.5", "MISSED"),
        ("fresh JWT", "-", "not measured"),
    ] {
        let row = row(&tables, begin);
        assert_eq!(row.get(1).unwrap(), measured, "{begin}");
        assert_eq!(row.last().unwrap(), verdict, "{begin}");
    }
}

#[test]
fn a_ratio_shows_its_range_and_its_bars() {
    let row = row(&of_results(&results()), "16, CPU");
    assert_eq!(
        row,
        ["16, CPU", "1.02", "1.00..1.04", "<= 1.05", "<= 0.97", "met"]
    );
}

#[test]
fn the_tables_fit_a_document() {
    for table in of_results(&results()) {
        for row in &table.rows {
            assert_eq!(row.len(), table.header.len(), "{}", table.title);
        }
        assert!(table.shown(Style::Markdown).starts_with("## "));
    }
    let last = of_results(&results()).pop().unwrap();
    assert!(last.shown(Style::Markdown).contains("Some CPU, 2 cores"));
}

#[test]
fn a_quick_run_says_so() {
    let quick = Results {
        quick: true,
        ..results()
    };
    let shown = |results: &Results| of_results(results).pop().unwrap().shown(Style::Terminal);
    assert!(shown(&quick).contains("quick run") && !shown(&results()).contains("quick run"));
}

#[test]
fn results_survive_their_file() {
    let text = serde_json::to_string(&results()).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results());
}

#[test]
fn builds_are_judged_against_the_one_by_hand() {
    let took = |seconds: f64| Took {
        seconds,
        cpu_seconds: Some(2.0 * seconds),
    };
    let build = |program: &str, crates, release, bytes| Build {
        program: program.to_owned(),
        crates,
        release: vec![took(release)],
        check: vec![took(release / 2.0)],
        bytes,
    };
    let builds = Builds {
        machine: machine(),
        builds: vec![
            build("by hand", 110, 60.0, 4 * 1024 * 1024),
            build("idlayr", 116, 63.0, 4 * 1024 * 1024 + 300 * 1024),
            build("cm-identity", 124, 65.0, 4 * 1024 * 1024),
            build("full", 126, 64.0, 5 * 1024 * 1024),
        ],
    };
    let tables = of_builds(&builds);
    for (begin, measured, verdict) in [
        ("crates more", "6", "MISSED"),
        ("crates more, where", "14", "aim met"),
        ("cold release", "1.05", "aim met"),
        ("cold check", "1.05", "aim met"),
        ("cold check, CPU", "1.05", "aim met"),
        ("MiB more", "0.29", "met"),
    ] {
        let row = row(&tables, begin);
        assert_eq!(row.get(1).unwrap(), measured, "{begin}");
        assert_eq!(row.last().unwrap(), verdict, "{begin}");
    }
    assert_eq!(row(&tables, "full").get(6).unwrap(), "5.00");
}
