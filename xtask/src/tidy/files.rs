//! The files of the repository, as git lists them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    /// Relative to the root, with `/` on every platform.
    paths: BTreeSet<String>,
}

impl Files {
    /// Everything that is tracked or would be by `git add --all`: a rule should be seen broken before the
    /// commit.
    pub(crate) fn load(root: &Path) -> Result<Self, String> {
        // The gate may run as another user than the one who made the checkout, which git refuses unless told.
        let output = Command::new("git")
            .current_dir(root)
            .args([
                "-c",
                "safe.directory=*",
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot run git: {error}"))?;
        if !output.status.success() {
            return Err(format!(
                "git ls-files failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            ));
        }
        let listed = String::from_utf8_lossy(&output.stdout);
        // A file deleted but not yet committed is still listed.
        let paths = listed
            .split_terminator('\0')
            .filter(|path| root.join(path).is_file());
        Ok(Self {
            root: root.to_owned(),
            paths: paths.map(str::to_owned).collect(),
        })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// The files with that ending, and their text.
    pub(crate) fn texts(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<(&str, String)>, String> {
        self.paths()
            .filter(|path| wanted(path))
            .map(|path| Ok((path, self.text(path)?)))
            .collect()
    }

    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.root.join(path)).map_err(|error| format!("cannot read {path}: {error}"))
    }

    pub(crate) fn text(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.bytes(path)?).map_err(|_| format!("{path} is not UTF-8"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether it is a file or a directory with files in it. The root is.
    pub(crate) fn has_file_or_directory(&self, path: &str) -> bool {
        let within = format!("{path}/");
        path.is_empty() || self.has(path) || self.paths().any(|file| file.starts_with(&within))
    }
}

pub(crate) fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// The documents that people read: `README.md`, `docs/**.md` and the READMEs of the crates.
pub(crate) fn is_document(path: &str) -> bool {
    path == "README.md"
        || (path.starts_with("docs/") && path.ends_with(".md"))
        || (path.starts_with("crates/") && path.ends_with("/README.md"))
}

/// Where a relative path leads from a file's directory, or `None` where it leads out of the repository.
pub(crate) fn resolve(from_file: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        parts.extend(from_file.split('/'));
        parts.pop();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_resolve_from_the_files_directory() {
        assert_eq!(
            resolve("docs/guide.md", "../crates/core/").as_deref(),
            Some("crates/core")
        );
        assert_eq!(
            resolve("README.md", "docs/guide.md").as_deref(),
            Some("docs/guide.md")
        );
        assert_eq!(
            resolve("docs/guide.md", "/LICENSE-MIT").as_deref(),
            Some("LICENSE-MIT")
        );
        assert_eq!(resolve("docs/guide.md", ".."), Some(String::new()));
        assert_eq!(resolve("README.md", "../elsewhere"), None);
    }

    #[test]
    fn documents_are_those_that_people_read() {
        for document in [
            "README.md",
            "docs/guide.md",
            "docs/providers/caf.md",
            "crates/core/README.md",
        ] {
            assert!(is_document(document), "{document}");
        }
        for other in ["CHANGELOG.md", "docs/logo.svg", "crates/core/src/lib.rs"] {
            assert!(!is_document(other), "{other}");
        }
    }
}
