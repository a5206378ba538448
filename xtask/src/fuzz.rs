//! `fuzz`: the fuzz targets for longer than `test` runs them.

use crate::{Outcome, run};

/// What each target takes when nothing is said.
const SECONDS: &str = "60";
/// For how long each target runs. The test program reads it.
const VARIABLE: &str = "VERIKIT_FUZZ_SECONDS";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    seconds: String,
    target: Option<String>,
}

impl Asked {
    /// `[--seconds N] [target]`, or what is wrong with it.
    pub(crate) fn read(given: &[String]) -> Result<Self, String> {
        let mut asked = Self {
            seconds: SECONDS.to_owned(),
            target: None,
        };
        let mut given = given.iter();
        while let Some(word) = given.next() {
            if word == "--seconds" {
                let seconds = given.next().filter(|text| text.parse::<u32>().is_ok());
                asked.seconds = seconds.ok_or("`--seconds` needs a whole number")?.clone();
            } else if word.starts_with('-') || asked.target.is_some() {
                return Err(format!("`fuzz` does not take `{word}`"));
            } else {
                asked.target = Some(word.clone());
            }
        }
        Ok(asked)
    }
}

pub(crate) fn run(asked: &Asked) -> Outcome {
    let mut command = run::cargo();
    command.current_dir(run::root()).env(VARIABLE, &asked.seconds);
    command.args([
        "test",
        "--package",
        "verikit",
        "--all-features",
        "--test",
        "fuzz",
        "--",
    ]);
    // What a target says while it runs, its seed above all, should be seen before it ends.
    command.arg("--nocapture");
    if let Some(target) = &asked.target {
        command.args(["--exact", target]);
    }
    run::finish(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Asked, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Asked::read(&words)
    }

    fn asked(seconds: &str, target: Option<&str>) -> Asked {
        Asked {
            seconds: seconds.to_owned(),
            target: target.map(str::to_owned),
        }
    }

    #[test]
    fn a_minute_of_every_target_unless_told_otherwise() {
        assert_eq!(read(""), Ok(asked("60", None)));
        assert_eq!(read("token"), Ok(asked("60", Some("token"))));
        assert_eq!(read("--seconds 5 token"), Ok(asked("5", Some("token"))));
        assert_eq!(read("token --seconds 5"), Ok(asked("5", Some("token"))));
    }

    #[test]
    fn what_is_misspelt_is_refused() {
        for line in [
            "--seconds",
            "--seconds soon",
            "--seconds -1",
            "--time 5",
            "token url",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
