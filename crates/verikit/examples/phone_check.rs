//! The smallest program: creates a PhoneCheck with the credentials of the environment. `cargo xtask bench --compile`
//! builds it beside the same by hand.

#![allow(clippy::print_stdout, reason = "a program talks to its terminal")]

use verikit::PhoneNumber;
use verikit::idlayr::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let number = PhoneNumber::parse("447700900042")?;
    let created = client.phone_checks().create(number).await?;
    println!("{} {}", created.check_id.as_str(), created.check_url.expose());
    Ok(())
}
