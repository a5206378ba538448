//! What depending on verikit costs a build: crates, cold build times, and the size of the program.
//!
//! The programs are small and do the same, so that what differs is the library. Each is built from nothing in
//! a directory of its own, with the versions of the workspace's lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use idlayr::{Clock as _, SystemClock};

use crate::arguments::Options;
use crate::machine::{Machine, workspace};
use crate::results::{Build, Builds, Took};
use crate::{Outcome, proc, report, run};

/// A program that is generated.
struct Program {
    name: &'static str,
    dependencies: String,
    source: &'static str,
}

const BY_HAND: &str = r#"use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Create<'a> {
    phone_number: &'a str,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Debug, Deserialize)]
struct Created {
    check_id: String,
    #[serde(rename = "_links")]
    links: serde_json::Value,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [id, secret] = ["IDLAYR_CLIENT_ID", "IDLAYR_CLIENT_SECRET"].map(|name| std::env::var(name).unwrap_or_default());
    let client = reqwest::Client::new();
    let token: Token = client
        .post("https://eu.api.idlayr.com/oauth2/v1/token")
        .basic_auth(id, Some(secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&scope=phone_check")
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let created: Created = client
        .post("https://eu.api.idlayr.com/phone_check/v0.2/checks")
        .bearer_auth(token.access_token)
        .json(&Create { phone_number: "447700900042" })
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    println!("{} {}", created.check_id, created.links);
    Ok(())
}
"#;

/// Examples of the facade, so that they are compiled with it and not here alone.
const WITH_VERIKIT: &str = include_str!("../../../crates/verikit/examples/phone_check.rs");
const WITH_SIGNING: &str = include_str!("../../../crates/verikit/examples/sim_swap.rs");

fn programs(workspace: &Path) -> [Program; 4] {
    let facade = |features: &str| {
        let path = workspace.join("crates").join("verikit");
        // Without `idlayr-callbacks`, which the program by hand has nothing like.
        format!(
            "verikit = {{ path = {path:?}, default-features = false, features = [\"reqwest\", \"{features}\"] }}\n"
        )
    };
    [
        Program {
            name: "by hand",
            dependencies: "reqwest = { version = \"0.13\", default-features = false, features = [\"rustls\", \"http2\", \"json\"] }\n\
                           serde = { version = \"1\", features = [\"derive\"] }\n\
                           serde_json = \"1\"\n"
                .to_owned(),
            source: BY_HAND,
        },
        Program {
            name: "verikit, idlayr",
            dependencies: facade("idlayr"),
            source: WITH_VERIKIT,
        },
        Program {
            name: "verikit, cm-identity",
            dependencies: facade("cm-identity"),
            source: WITH_SIGNING,
        },
        Program {
            name: "verikit, full",
            dependencies: facade("full"),
            source: WITH_VERIKIT,
        },
    ]
}

fn manifest(program: &Program) -> String {
    format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{}tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [profile.release]\nstrip = true\n\n[workspace]\n",
        program.dependencies
    )
}

pub(crate) fn run(options: &Options) -> Outcome<()> {
    let mut builds: Builds = match &options.from {
        Some(path) => run::read(path)?,
        None => {
            let builds = measure(options)?;
            run::write(&builds, options.json.as_deref(), "compile.json")?;
            builds
        }
    };
    builds.machine.date = options.date.clone().or(builds.machine.date);
    for table in report::of_builds(&builds) {
        println!("{}", table.shown(options.style));
    }
    Ok(())
}

fn measure(options: &Options) -> Outcome<Builds> {
    let machine = Machine::here(options.date.clone());
    let place = Place::make()?;
    let workspace = workspace();
    let lock =
        fs::read(workspace.join("Cargo.lock")).map_err(|error| format!("cannot read Cargo.lock: {error}"))?;
    let mut builds = Vec::new();
    let mut directories = Vec::new();
    for (number, program) in programs(&workspace).iter().enumerate() {
        let directory = place.0.join(format!("program-{number}"));
        write(&directory, "Cargo.toml", manifest(program).as_bytes())?;
        write(&directory, "src/main.rs", program.source.as_bytes())?;
        // Cargo drops from it what the program does not need, and keeps the versions of the rest.
        write(&directory, "Cargo.lock", &lock)?;
        succeed(cargo(&directory).arg("fetch"))?;
        builds.push(Build {
            program: program.name.to_owned(),
            crates: crates(&directory)?,
            release: Vec::new(),
            check: Vec::new(),
            bytes: 0,
        });
        directories.push(directory);
    }
    let rounds = options.rounds.unwrap_or(1);
    for round in 1..=rounds {
        for (build, directory) in builds.iter_mut().zip(&directories) {
            eprintln!("round {round} of {rounds}, {}: release ...", build.program);
            let (took, bytes) = cold(directory, &["build", "--release", "--offline"])?;
            build.release.push(took);
            build.bytes = bytes.ok_or("the build left no program behind")?;
            eprintln!("round {round} of {rounds}, {}: check ...", build.program);
            build.check.push(cold(directory, &["check", "--offline"])?.0);
        }
    }
    Ok(Builds { machine, builds })
}

/// Builds from nothing, and gives the time and the size of the release program if there is one.
fn cold(directory: &Path, arguments: &[&str]) -> Outcome<(Took, Option<u64>)> {
    let target = directory.join("cold");
    let clock = SystemClock;
    let (began, cpu) = (clock.now(), proc::cpu_time_of_children());
    succeed(cargo(directory).env("CARGO_TARGET_DIR", &target).args(arguments))?;
    let took = Took {
        seconds: clock.now().saturating_duration_since(began).as_secs_f64(),
        cpu_seconds: proc::cpu_time_of_children()
            .zip(cpu)
            .map(|(after, before)| after.saturating_sub(before).as_secs_f64()),
    };
    let program = target
        .join("release")
        .join(format!("program{}", std::env::consts::EXE_SUFFIX));
    let bytes = fs::metadata(program).ok().map(|metadata| metadata.len());
    fs::remove_dir_all(&target).map_err(|error| format!("cannot clean up: {error}"))?;
    Ok((took, bytes))
}

/// The crates in the normal dependency tree of this platform, without the program itself.
fn crates(directory: &Path) -> Outcome<usize> {
    let printed = succeed(cargo(directory).args([
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    Ok(distinct(&printed))
}

/// Lines such as `url v2.5.8 (*)`: each package counts once, in each of its versions, and the first line is
/// the program.
fn distinct(printed: &str) -> usize {
    let packages: std::collections::BTreeSet<&str> = printed
        .lines()
        .skip(1)
        .map(|line| line.trim_end_matches("(*)").trim_end())
        .filter(|line| !line.is_empty())
        .collect();
    packages.len()
}

/// Cargo without what another cargo told this program about its package: build scripts look at it.
fn cargo(directory: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let about_this_package = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_TARGET_DIR"
        });
        if about_this_package {
            command.env_remove(name);
        }
    }
    command.current_dir(directory).stdin(Stdio::null());
    command
}

fn succeed(command: &mut Command) -> Outcome<String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "cargo failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }
}

fn write(directory: &Path, name: &str, content: &[u8]) -> Outcome<()> {
    let path = directory.join(name);
    let trouble = |error: std::io::Error| format!("cannot write {name}: {error}");
    fs::create_dir_all(path.parent().unwrap_or(directory)).map_err(trouble)?;
    fs::write(path, content).map_err(trouble)
}

/// A temporary directory, gone with this value.
struct Place(PathBuf);

impl Place {
    fn make() -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("verikit-bench-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_count_once_and_the_program_does_not() {
        let printed = "program v0.0.0 (/somewhere)\nbytes v1.12.1\nhttp v1.5.0\nbytes v1.12.1\nhttp v1.5.0 (*)\nrand v0.8.0\n\
                       rand v0.9.0\n\nserde_derive v1.0.229 (proc-macro)\nserde_derive v1.0.229 (proc-macro) (*)\n";
        assert_eq!(distinct(printed), 5);
        assert_eq!(distinct(""), 0);
    }

    #[test]
    fn programs_name_the_workspace_and_stay_outside_of_it() {
        let [by_hand, provider, signing, full] =
            programs(Path::new("some where")).map(|program| manifest(&program));
        assert!(by_hand.contains("reqwest") && !by_hand.contains("verikit"));
        assert!(provider.contains("\"reqwest\", \"idlayr\"]") && full.contains("\"reqwest\", \"full\"]"));
        assert!(signing.contains("\"reqwest\", \"cm-identity\"]"));
        for manifest in [by_hand, provider, signing, full] {
            assert!(manifest.ends_with("[workspace]\n") && manifest.contains("strip = true"));
        }
    }

    #[test]
    fn a_cold_build_is_timed_weighed_and_swept_away() {
        let place = Place::make().unwrap();
        let empty = Program {
            name: "empty",
            dependencies: String::new(),
            source: "fn main() {}\n",
        };
        let manifest = manifest(&empty).replace("tokio", "# tokio");
        write(&place.0, "Cargo.toml", manifest.as_bytes()).unwrap();
        write(&place.0, "src/main.rs", empty.source.as_bytes()).unwrap();
        let (took, bytes) = cold(&place.0, &["build", "--release", "--offline"]).unwrap();
        assert!(took.seconds > 0.0 && bytes.unwrap() > 0);
        if cfg!(target_os = "linux") {
            assert!(took.cpu_seconds.unwrap() > 0.0);
        }
        assert_eq!(crates(&place.0).unwrap(), 0);
        assert!(!place.0.join("cold").exists());
        let error = cold(&place.0, &["build", "--no-such-flag"]).unwrap_err();
        assert!(error.contains("no-such-flag"), "{error}");
        let left = place.0.clone();
        drop(place);
        assert!(!left.exists());
    }
}
