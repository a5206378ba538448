//! The smallest program with a client that signs its tokens: asks whether a SIM was swapped within a day.
//! `cargo xtask bench --compile` builds it beside a program by hand.

#![allow(clippy::print_stdout, reason = "a program talks to its terminal")]

use std::time::Duration;

use verikit::PhoneNumber;
use verikit::cm_identity::{Client, ServiceType};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let number = PhoneNumber::parse("447700900042")?;
    let swap = client.sim_swap().check(number, ServiceType::Timestamp).await?;
    println!("{:?}", swap.changed_within(Duration::from_secs(86_400)));
    Ok(())
}
