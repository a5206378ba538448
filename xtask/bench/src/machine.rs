//! What the figures were measured on, and with which versions: without both they mean little.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// Of the machine when the run began. Much above zero, and others were at work.
    pub(crate) load_average: Option<String>,
    /// Compiler and crates, each with its version.
    pub(crate) versions: Vec<String>,
    /// As the caller has it: figures from a document are compared with those of another day.
    pub(crate) date: Option<String>,
}

/// The crates whose versions matter to the figures.
const CRATES: [&str; 4] = ["reqwest", "hyper", "tokio", "jsonwebtoken"];

impl Machine {
    pub(crate) fn here(date: Option<String>) -> Self {
        let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap_or_default();
        let mut versions = vec![rustc()];
        versions.extend(
            CRATES
                .into_iter()
                .map(|name| format!("{name} {}", locked(&lock, name))),
        );
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        Self {
            cpu: cpu_model(&read("/proc/cpuinfo"))
                .unwrap_or(std::env::consts::ARCH)
                .to_owned(),
            cores: std::thread::available_parallelism().map_or(1, Into::into),
            kernel: kernel(&read("/proc/sys/kernel/osrelease")),
            load_average: read("/proc/loadavg")
                .split(' ')
                .next()
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            versions,
            date,
        }
    }

    pub(crate) fn shown(&self) -> String {
        let date = self
            .date
            .as_ref()
            .map_or(String::new(), |date| format!("{date}, "));
        let load = self.load_average.as_ref().map_or(String::new(), |load| {
            format!(" (load average at the start: {load})")
        });
        format!(
            "{date}{}, {} cores, {}{load}; {}.",
            self.cpu,
            self.cores,
            self.kernel,
            self.versions.join(", ")
        )
    }
}

/// The workspace's directory, two above this package's.
pub(crate) fn workspace() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .ancestors()
        .nth(2)
        .map_or_else(|| package.clone(), Path::to_path_buf)
}

fn kernel(release: &str) -> String {
    match release.trim() {
        "" => std::env::consts::OS.to_owned(),
        release => format!("{} {release}", std::env::consts::OS),
    }
}

fn cpu_model(cpuinfo: &str) -> Option<&str> {
    let pairs = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let mut models = pairs.filter(|(name, _)| name.trim() == "model name");
    models
        .next()
        .map(|(_, model)| model.trim())
        .filter(|model| !model.is_empty())
}

fn rustc() -> String {
    let printed = Command::new("rustc")
        .arg("--version")
        .current_dir(workspace())
        .output();
    let printed = printed
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let words = printed.as_deref().unwrap_or_default().split_whitespace();
    let words: Vec<&str> = words.take(2).collect();
    if words.is_empty() {
        "rustc of unknown version".to_owned()
    } else {
        words.join(" ")
    }
}

/// The versions of a package in a lock file: one, as a rule.
fn locked(lock: &str, name: &str) -> String {
    let mut lines = lock.lines();
    let mut versions = Vec::new();
    while let Some(line) = lines.next() {
        if quoted(line, "name") == Some(name) {
            versions.extend(lines.next().and_then(|line| quoted(line, "version")));
        }
    }
    if versions.is_empty() {
        "of unknown version".to_owned()
    } else {
        versions.join(" and ")
    }
}

/// The value of a line `key = "value"`.
fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.strip_prefix(key)?.strip_prefix(" = ")?;
    value.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_is_named_as_it_names_itself() {
        let cpuinfo = "processor\t: 0\nmodel\t\t: 1\nmodel name\t: Some CPU: 2.0 GHz\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(cpu_model(cpuinfo), Some("Some CPU: 2.0 GHz"));
        assert_eq!(cpu_model("model name\t: \n"), None);
        assert_eq!(cpu_model(""), None);
    }

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"hyper\"\nversion = \"1.12.0\"\n\n[[package]]\nname = \"hyper-util\"\nversion = \"0.1\"\n\n\
                    [[package]]\nname = \"rand\"\nversion = \"0.8\"\n\n[[package]]\nname = \"rand\"\nversion = \"0.9\"\n";
        assert_eq!(locked(lock, "hyper"), "1.12.0");
        assert_eq!(locked(lock, "rand"), "0.8 and 0.9");
        assert_eq!(locked(lock, "tokio"), "of unknown version");
    }

    #[test]
    fn a_machine_says_what_it_is_in_one_line() {
        let machine = Machine {
            cpu: "Some CPU".to_owned(),
            cores: 2,
            kernel: kernel("6.1\n"),
            load_average: Some("0.10".to_owned()),
            versions: vec!["rustc 1.95.0".to_owned(), "hyper 1.12.0".to_owned()],
            date: Some("21 November 2026".to_owned()),
        };
        assert_eq!(
            machine.shown(),
            format!(
                "21 November 2026, Some CPU, 2 cores, {} 6.1 (load average at the start: 0.10); rustc 1.95.0, hyper 1.12.0.",
                std::env::consts::OS
            )
        );
    }

    #[test]
    fn the_workspace_is_where_the_lock_file_is() {
        assert!(workspace().join("Cargo.lock").is_file());
    }
}
