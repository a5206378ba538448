//! The command line.

use std::path::PathBuf;

use crate::cases::Case;
use crate::measure;
use crate::serve::Address;
use crate::table::Style;

pub(crate) const HELP: &str = "\
cargo xtask bench [...]             calls and pieces of calls beside reqwest by hand
cargo xtask bench --compile [...]   crates, cold builds and binaries beside reqwest by hand

  --quick         a smoke run: few calls, two rounds
  --rounds N      rounds in which the cases take turns (5; for --compile 1)
  --json PATH     where the figures go (bench/results.json or bench/compile.json in the target directory)
  --from PATH     shows the figures of an earlier run instead of measuring
  --markdown      tables for docs/performance.md
  --date TEXT     the date to show with the figures

The pieces, for looking closer; with `-counting` at the end of its name the program counts allocations:
  verikit-bench serve
  verikit-bench measure hand|hand-256|idlayr CALLERS CALLS [--server ADDRESS] [--profile PATH]
  verikit-bench micro [--quick]
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Run(Options),
    Compile(Options),
    Serve,
    Measure(measure::Options),
    Micro { quick: bool },
}

/// How to run, and how to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) rounds: Option<usize>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) from: Option<PathBuf>,
    pub(crate) style: Style,
    pub(crate) date: Option<String>,
}

pub(crate) fn parse(given: &[String]) -> Result<Task, String> {
    let words: Vec<&str> = given.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["help" | "--help" | "-h"] => Ok(Task::Help),
        ["serve"] => Ok(Task::Serve),
        ["micro"] => Ok(Task::Micro { quick: false }),
        ["micro", "--quick"] => Ok(Task::Micro { quick: true }),
        ["measure", case, callers, calls, rest @ ..] => {
            measurement(case, callers, calls, rest).map(Task::Measure)
        }
        rest => whole_run(rest),
    }
}

fn measurement(case: &str, callers: &str, calls: &str, rest: &[&str]) -> Result<measure::Options, String> {
    let mut options = measure::Options {
        case: Case::by_name(case).ok_or_else(|| format!("there is no case `{case}`"))?,
        callers: number("CALLERS", callers)?,
        calls: number("CALLS", calls)?,
        server: None,
        profile: None,
    };
    let mut rest = rest.iter();
    while let Some(flag) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| format!("`{flag}` needs a value"));
        match *flag {
            "--server" => {
                let address = value()?;
                let parsed = Address::parse(address);
                options.server = Some(parsed.ok_or_else(|| format!("`{address}` is no server's address"))?);
            }
            "--profile" => options.profile = Some(value()?.into()),
            other => return Err(format!("`measure` does not take `{other}`\n\n{HELP}")),
        }
    }
    Ok(options)
}

fn whole_run(words: &[&str]) -> Result<Task, String> {
    let mut compile = false;
    let mut options = Options {
        quick: false,
        rounds: None,
        json: None,
        from: None,
        style: Style::Terminal,
        date: None,
    };
    let mut words = words.iter();
    while let Some(flag) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{flag}` needs a value"));
        match *flag {
            "--compile" => compile = true,
            "--quick" => options.quick = true,
            "--markdown" => options.style = Style::Markdown,
            "--rounds" => options.rounds = Some(number("--rounds", value()?)?),
            "--json" => options.json = Some(value()?.into()),
            "--from" => options.from = Some(value()?.into()),
            "--date" => options.date = Some((*value()?).to_owned()),
            other => return Err(format!("`{other}` is not known\n\n{HELP}")),
        }
    }
    if compile {
        Ok(Task::Compile(options))
    } else {
        Ok(Task::Run(options))
    }
}

/// A whole number above zero.
fn number(name: &str, text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{name} must be a whole number above zero, not `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn a_whole_run() {
        let Task::Run(options) = parsed("").unwrap() else {
            panic!("no run")
        };
        assert!(!options.quick && options.rounds.is_none() && options.style == Style::Terminal);
        let Task::Compile(options) =
            parsed("--compile --rounds 3 --json a/b.json --markdown --date today").unwrap()
        else {
            panic!("nothing to compile")
        };
        assert_eq!(options.rounds, Some(3));
        assert_eq!(options.json, Some(PathBuf::from("a/b.json")));
        assert_eq!(
            (options.style, options.date.as_deref()),
            (Style::Markdown, Some("today"))
        );
    }

    #[test]
    fn a_single_measurement() {
        let Task::Measure(options) = parsed("measure hand-256 16 2000 --profile x.json").unwrap() else {
            panic!("no measurement")
        };
        assert_eq!(
            (options.case, options.callers, options.calls),
            (Case::Hand256, 16, 2_000)
        );
        assert_eq!(options.profile, Some(PathBuf::from("x.json")));
        let address = "127.0.0.1:1 127.0.0.1:2";
        let words = ["measure", "hand", "1", "1", "--server", address].map(str::to_owned);
        let Ok(Task::Measure(options)) = parse(&words) else {
            panic!("no measurement")
        };
        assert_eq!(options.server, Address::parse(address));
    }

    #[test]
    fn what_is_misspelt_is_named() {
        for (line, named) in [
            ("--fast", "--fast"),
            ("--rounds", "--rounds"),
            ("--rounds 0", "above zero"),
            ("measure hands 1 1", "hands"),
            ("measure hand 0 1", "CALLERS"),
            ("measure hand 1 x", "CALLS"),
            ("measure hand 1 1 --server here", "here"),
            ("measure hand 1 1 --fast", "--fast"),
            ("measure hand", "measure"),
        ] {
            let error = parsed(line).unwrap_err();
            assert!(error.contains(named), "{line}: {error}");
        }
    }
}
