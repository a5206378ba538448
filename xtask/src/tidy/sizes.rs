//! A file that does not fit into a head is two files.

use super::files::{Files, is_rust};
use super::findings::Finding;
use crate::metadata::Workspace;

/// Lines of code and comments, without the tests at the end of the file.
const MOST: usize = 400;

pub(crate) fn check(_: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let texts = files.texts(|path| is_rust(path) && counts(path))?;
    Ok(texts
        .iter()
        .filter_map(|(path, text)| too_long(path, text))
        .collect())
}

/// Sources, but not tests in files of their own.
fn counts(path: &str) -> bool {
    let source = ["crates/", "xtask/"].iter().any(|room| path.starts_with(room)) && path.contains("/src/");
    source && !path.ends_with("/tests.rs") && !path.contains("/tests/")
}

fn too_long(file: &str, text: &str) -> Option<Finding> {
    let lines = lines_before_tests(text);
    (lines > MOST).then(|| {
        Finding::new(
            file,
            format!("{lines} lines (at most {MOST}, tests at the end not counted)"),
            "split it by what it is about",
        )
    })
}

/// Clippy sees to it (`items_after_test_module`) that nothing but tests follows a test module.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let starts_tests = |index: &usize| {
        let mut from = lines.iter().skip(*index);
        from.next() == Some(&"#[cfg(test)]")
            && from
                .find(|line| !line.starts_with("#["))
                .is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    (0..lines.len()).find(starts_tests).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_at_the_end_do_not_count() {
        let tests = format!(
            "#[cfg(test)]\n#[allow(dead_code)]\nmod tests {{\n{}}}\n",
            "    // x\n".repeat(500)
        );
        assert_eq!(lines_before_tests(&format!("a\nb\n{tests}")), 2);
        assert_eq!(
            lines_before_tests("#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests;\nc\n"),
            5
        );
    }

    #[test]
    fn more_than_400_lines_are_too_many() {
        assert_eq!(too_long("x", &"// x\n".repeat(400)), None);
        let finding = too_long("crates/core/src/client.rs", &"// x\n".repeat(401))
            .unwrap()
            .to_string();
        assert!(
            finding.contains("crates/core/src/client.rs: 401 lines"),
            "{finding}"
        );
    }

    #[test]
    fn tests_in_files_of_their_own_are_exempt() {
        for source in [
            "crates/core/src/client.rs",
            "xtask/src/ci.rs",
            "xtask/bench/src/run.rs",
        ] {
            assert!(counts(source), "{source}");
        }
        for exempt in [
            "crates/core/src/client/tests.rs",
            "crates/core/tests/wire.rs",
            "crates/core/src/tests/a.rs",
        ] {
            assert!(!counts(exempt), "{exempt}");
        }
    }
}
