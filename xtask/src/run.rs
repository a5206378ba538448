//! Running cargo, and nothing else.

use crate::Outcome;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

/// The workspace's directory.
///
/// Cargo names the package's directory when it runs this program; the one known at compile time is for a
/// program that was started by hand.
pub(crate) fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Cargo, as if called from a shell.
///
/// `cargo run` tells this program about its own package through variables. Passed on to another cargo they
/// would make build scripts that watch them run again (aws-lc-sys takes a minute), so they stay here.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(about_this_package) {
            command.env_remove(&name);
        }
    }
    command
}

/// Whether cargo sets this variable for the program that it runs.
fn about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_MANIFEST_")
        || matches!(
            variable,
            "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR"
        )
}

/// Becomes the command: signals and exit code are then the command's own, and no parent can die before its
/// child.
#[cfg(unix)]
pub(crate) fn become_it(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt as _;
    // On Unix `cargo run` replaces itself by the program in the same way, so that Ctrl-C, or a signal sent to
    // this process alone, reaches the program and nobody else. `exec` returns only when it failed.
    let error = command.exec();
    Err(cannot_run(&command, &error))
}

/// Runs the command and passes its exit code on. Elsewhere than on Unix a process cannot be replaced.
#[cfg(not(unix))]
pub(crate) fn become_it(mut command: Command) -> Outcome {
    finish(&mut command)
}

/// Runs the command on this terminal and passes its exit code on.
pub(crate) fn finish(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) => Ok(ExitCode::from(code(status))),
        Err(error) => Err(cannot_run(command, &error)),
    }
}

/// Runs the command and gives what it printed; when it fails, what it complained about.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_run(command, &error))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed: {}", shown(command), complaint.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} did not print UTF-8", shown(command)))
}

/// The exit code as a shell would show it: 128 and the signal's number for a program that a signal ended.
pub(crate) fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(1);
        }
    }
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let mut text = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        let argument = argument.to_string_lossy();
        if argument.contains(char::is_whitespace) {
            text.push_str(&format!("'{argument}'"));
        } else {
            text.push_str(&argument);
        }
    }
    text
}

fn cannot_run(command: &Command, error: &std::io::Error) -> String {
    format!("cannot run `{}`: {error}", shown(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_variables_about_this_package_are_kept_back() {
        for kept_back in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO"] {
            assert!(about_this_package(kept_back), "{kept_back}");
        }
        for passed_on in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_INCREMENTAL",
            "CARGO_NET_OFFLINE",
            "PATH",
        ] {
            assert!(!about_this_package(passed_on), "{passed_on}");
        }
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/some/toolchain/bin/cargo");
        command.args(["clippy", "--cfg", "a b"]);
        assert_eq!(shown(&command), "cargo clippy --cfg 'a b'");
    }

    #[cfg(unix)]
    #[test]
    fn exit_codes_and_signals_are_passed_on() {
        let run = |script: &str| code(Command::new("sh").args(["-c", script]).status().unwrap());
        assert_eq!(run("exit 0"), 0);
        assert_eq!(run("exit 7"), 7);
        assert_eq!(run("kill -TERM $$"), 143);
    }
}
