//! An example that is not compiled is an example that lies sooner or later.

use super::files::{Files, is_document, is_rust};
use super::findings::Finding;
use super::markdown::fence_mark;
use crate::metadata::Workspace;

pub(crate) fn check(_: &Workspace, files: &Files) -> Result<Vec<Finding>, String> {
    let texts = files.texts(|path| is_rust(path) || is_document(path))?;
    Ok(texts
        .iter()
        .flat_map(|(path, text)| ignored(path, text))
        .collect())
}

fn ignored(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_start();
        let line = ["///", "//!"]
            .iter()
            .find_map(|doc| line.strip_prefix(doc))
            .unwrap_or(line)
            .trim_start();
        let Some(mark) = fence_mark(line) else { continue };
        let words = line.trim_start_matches(mark).split([',', ' ', '{', '}']);
        // `ignore-windows` and its like are ignored somewhere, too.
        if words
            .into_iter()
            .any(|word| word == "ignore" || word.starts_with("ignore-"))
        {
            findings.push(Finding::at(
                file,
                number,
                "an example that is never compiled",
                "let it compile (`no_run` where it must not run), or mark it `text` if it is no Rust",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_examples_are_found_in_docs_and_code() {
        for text in [
            "```ignore\n```",
            "```rust,ignore\n```",
            "/// ```ignore",
            "    //! ```rust, ignore-windows",
        ] {
            assert_eq!(ignored("x", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn compiled_examples_and_prose_are_fine() {
        for text in [
            "```\n```",
            "/// ```no_run",
            "```rust,compile_fail",
            "Do not ignore ```ignore```.",
            "#[ignore]",
        ] {
            assert_eq!(ignored("x", text), [], "{text}");
        }
    }
}
