//! What a rule has to say.

use std::fmt;

/// One breach of one rule: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    place: String,
    problem: String,
    mend: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
            mend: mend.into(),
        }
    }

    /// In a line of a file, counted from 1.
    pub(crate) fn at(file: &str, line: usize, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(format!("{file}:{line}"), problem, mend)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "     {}: {}\n         fix: {}",
            self.place, self.problem, self.mend
        )
    }
}

/// What would be printed, a line each.
#[cfg(test)]
pub(super) fn shown(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_the_place_and_the_mend() {
        let shown = Finding::at("docs/guide.md", 3, "leads nowhere", "correct it").to_string();
        assert_eq!(
            shown,
            "     docs/guide.md:3: leads nowhere\n         fix: correct it"
        );
    }
}
