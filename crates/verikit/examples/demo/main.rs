//! The tour: every story of the providers, told on real HTTP.
//!
//! `cargo xtask demo` runs it against the sandbox, `cargo xtask demo --live` with the credentials of the
//! environment. It ends with 1 if anything comes out differently than told.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to its terminal"
)]

mod caf;
mod cm_identity;
mod cm_idscan;
mod identomat;
mod idlayr;
mod story;

use std::process::ExitCode;

use verikit_sandbox::{IdentomatHmac, Sandbox};

use story::Outcome;

const HELP: &str = "\
usage: cargo xtask demo [--live]

Without an argument the stories run against a sandbox that is started for them.
--live runs PhoneCheck, v0.2 and then v0.1, with your own credentials and your own phone:
  IDLAYR_CLIENT_ID, IDLAYR_CLIENT_SECRET   of a project
  IDLAYR_DATA_RESIDENCY or IDLAYR_BASE_URL  where it lives
A check that is completed is billed, unless the project is in sandbox mode.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => emulated().await,
        ["--live"] => idlayr::live().await,
        ["--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => {
            println!("\nEvery story ended as expected.");
            ExitCode::SUCCESS
        }
        Err(surprise) => {
            eprintln!("\nThis is not how the story goes: {surprise}");
            ExitCode::FAILURE
        }
    }
}

async fn emulated() -> Outcome {
    let sandbox = Sandbox::builder()
        .identomat_hmac(IdentomatHmac::Required)
        .start()
        .await
        .map_err(|error| error.to_string())?;
    println!(
        "The sandbox stands in for the providers at {}",
        sandbox.control_url()
    );
    idlayr::emulated(&sandbox).await?;
    cm_identity::emulated(&sandbox).await?;
    cm_idscan::emulated(&sandbox).await?;
    identomat::emulated(&sandbox).await?;
    caf::emulated(&sandbox).await?;
    sandbox.shutdown().await;
    Ok(())
}
