//! What should not reach anybody else: paths of one machine, and work left for later.

use super::files::{Files, is_rust};
use super::findings::Finding;
use crate::metadata::Workspace;

// The patterns are put together from parts so that this file does not match itself.
const MACHINE_PATHS: [&str; 6] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers"),
    concat!("C:/Us", "ers"),
];
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

pub(crate) fn check(_: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for path in files.paths() {
        // What is no text, an image for instance, has no lines to show either.
        let Ok(text) = String::from_utf8(files.bytes(path)?) else {
            continue;
        };
        findings.extend(machine_paths(path, &text));
        if is_rust(path) {
            findings.extend(unfinished(path, &text));
        }
    }
    Ok(findings)
}

fn machine_paths(file: &str, text: &str) -> Vec<Finding> {
    let mend = "name it relative to the repository, or through a variable";
    // Within an address (`https://example.com/...`) such a part is the provider's, not the machine's.
    let within_a_name = |c: char| c.is_alphanumeric() || "_-.~$})".contains(c);
    lines_with(text, &MACHINE_PATHS, |before, _| {
        !before.is_some_and(within_a_name)
    })
    .into_iter()
    .map(|(line, pattern)| Finding::at(file, line, format!("a path of one machine, `{pattern}`"), mend))
    .collect()
}

fn unfinished(file: &str, text: &str) -> Vec<Finding> {
    let mend = "do it, or open an issue and describe the limit to whoever reads the docs";
    let of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    lines_with(text, &UNFINISHED, |before, after| {
        !before.is_some_and(of_a_word) && !after.is_some_and(of_a_word)
    })
    .into_iter()
    .map(|(line, pattern)| Finding::at(file, line, format!("work left for later, `{pattern}`"), mend))
    .collect()
}

/// The lines, counted from 1, in which a pattern occurs between such characters.
fn lines_with<'a>(
    text: &str,
    patterns: &[&'a str],
    between: impl Fn(Option<char>, Option<char>) -> bool,
) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for pattern in patterns {
            let occurs = line.match_indices(pattern).any(|(at, _)| {
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                let after = line
                    .get(at + pattern.len()..)
                    .and_then(|after| after.chars().next());
                between(before, after)
            });
            if occurs {
                found.push((number, *pattern));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_are_found_and_addresses_are_not() {
        for pattern in MACHINE_PATHS {
            assert_eq!(
                machine_paths("x", &format!("first\nsee {pattern}somebody")).len(),
                1,
                "{pattern}"
            );
            assert_eq!(
                machine_paths("x", &format!("\"{pattern}somebody\"")).len(),
                1,
                "{pattern}"
            );
        }
        for pattern in MACHINE_PATHS.iter().take(4) {
            assert_eq!(
                machine_paths("x", &format!("https://example.com{pattern}x $HOME{pattern}")),
                []
            );
        }
    }

    #[test]
    fn unfinished_work_is_found_as_a_word() {
        for word in UNFINISHED {
            assert_eq!(unfinished("x", &format!("// {word}: later")).len(), 1, "{word}");
            assert_eq!(unfinished("x", &format!("// A{word} {word}S")), [], "{word}");
        }
    }
}
