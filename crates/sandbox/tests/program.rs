//! The program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_verikit-sandbox");

fn output(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_explains_every_argument() {
    let (code, stdout, stderr) = output(&["--help"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    for argument in [
        "--host",
        "--port",
        "--seed",
        "--cm-plain-http-callbacks",
        "--identomat-require-hmac",
        "--identomat-callback-url",
        "--help",
        "--version",
        "7070",
    ] {
        assert!(stdout.contains(argument), "{argument}");
    }
}

#[test]
fn a_wrong_argument_is_named() {
    let (code, stdout, stderr) = output(&["--port", "many"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(
        stderr,
        "verikit-sandbox: --port must be a number from 0 to 65535, not \"many\".\n"
    );
}

#[test]
fn a_taken_port_is_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, _, stderr) = output(&["--port", &port]);
    assert_eq!(code, Some(1));
    assert!(
        stderr.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{stderr}"
    );
    assert!(stderr.contains("--port 0"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_stops_when_asked() {
    for signal in ["-INT", "-TERM"] {
        let mut program = Command::new(PROGRAM)
            .args(["--port", "0", "--seed", "7"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = String::new();
        for line in BufReader::new(program.stdout.as_mut().unwrap()).lines() {
            let line = line.unwrap();
            banner.push_str(&line);
            banner.push('\n');
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        let stopped = Command::new("kill")
            .args([signal, &program.id().to_string()])
            .status()
            .unwrap();
        assert!(stopped.success());
        assert_eq!(program.wait().unwrap().code(), Some(0), "{signal}");
        assert!(banner.contains("Control page      http://127.0.0.1:"), "{banner}");
        assert!(
            banner.contains("export IDLAYR_BASE_URL=http://127.0.0.1:"),
            "{banner}"
        );
        assert!(banner.contains("export IDLAYR_ALLOW_PLAIN_HTTP=true"), "{banner}");
        let scopes = "phone_check coverage subscriber_check sim_check mo_check";
        assert!(
            banner.contains(&format!("  export IDLAYR_SCOPES=\"{scopes}\"\n")),
            "{banner}"
        );
        for (name, path) in [
            ("CM_IDENTITY", "/mobile-identity/v1"),
            ("CM_IDSCAN", "/id-scan/v1"),
        ] {
            let base = format!("export {name}_BASE_URL=http://127.0.0.1:");
            let line = banner.lines().find(|line| line.contains(&base));
            assert!(line.is_some_and(|line| line.ends_with(path)), "{banner}");
            assert!(banner.contains(&format!("export {name}_SECRET=")), "{banner}");
        }
        assert!(banner.contains("/mobile-identity-sandbox/v1"), "{banner}");
        let base = "export IDENTOMAT_BASE_URL=http://127.0.0.1:";
        let line = banner.lines().find(|line| line.contains(base));
        assert!(
            line.is_some_and(|line| line.ends_with("/external-api")),
            "{banner}"
        );
        for name in [
            "WIDGET_URL=http://127.0.0.1:",
            "COMPANY_KEY=",
            "SECRET_KEY=",
            "ALLOW_PLAIN_HTTP=true",
        ] {
            assert!(banner.contains(&format!("export IDENTOMAT_{name}")), "{banner}");
        }
        for name in [
            "MOBILE_BASE_URL=http://127.0.0.1:",
            "CONNECT_BASE_URL=http://127.0.0.1:",
            "MOBILE_CLIENT_SECRET=",
            "CORE_TOKEN=",
            "ALLOW_PLAIN_HTTP=true",
        ] {
            assert!(banner.contains(&format!("export CAF_{name}")), "{banner}");
        }
    }
}
