//! Coverage by country, and reachability as a server and as a device ask for it.

use verikit::idlayr::{Client, CountryCode, NoReach, ProductId};
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, expect, headline};

pub(super) async fn emulated(client: &Client, sandbox: &Sandbox) -> Outcome {
    let coverage = client.coverage();
    headline("IDlayr: which countries are covered");
    let country = |code: &str| CountryCode::new(code).map_err(|error| error.to_string());
    let (step, found) = Step::run("country", coverage.country(&country("+44")?)).await?;
    let found = found.ok_or("no coverage of the United Kingdom")?;
    expect("PhoneCheck there", found.is_covered(&ProductId::PhoneCheck))?;
    step.tell("+44: PhoneCheck works there");
    let (step, found) = Step::run("country", coverage.country(&country("AQ")?)).await?;
    expect(
        "nothing about a country without reach, and no error",
        found.is_none(),
    )?;
    step.tell("AQ: no reach, which is an answer and no error");

    headline("IDlayr: is this phone reached?");
    for (address, expected) in [
        ("203.0.113.9", None),
        ("10.0.0.7", Some(NoReach::NotMobileIp)),
        ("192.0.2.7", Some(NoReach::MnoNotSupported)),
        ("198.18.0.7", Some(NoReach::Unspecified)),
    ] {
        let address = address.parse().map_err(|_| "no address")?;
        let call = coverage.device_ip(address).send_with_metadata();
        let (step, reply) = Step::run("device_ip", call).await?;
        expect(
            "the reason, if it is not reached",
            NoReach::of(&reply) == expected,
        )?;
        step.tell(match expected {
            None => "reached: offer a PhoneCheck",
            Some(NoReach::NotMobileIp) => "no mobile address: ask the user to switch Wi-Fi off",
            Some(NoReach::MnoNotSupported) => "its operator is not connected: verify in another way",
            Some(_) => "no reach: verify in another way",
        });
        let reach = reply.into_value();
        let supports = reach.is_some_and(|reach| reach.supports(&ProductId::PhoneCheck));
        expect("PhoneCheck where it is reached", supports == expected.is_none())?;
    }

    headline("IDlayr: a token for the app on the phone");
    let (step, token) = Step::run("token", client.tokens().device_token()).await?;
    step.tell(&format!(
        "it opens coverage alone, for {} min; the client's own stays here",
        token.expires_in.as_secs() / 60
    ));
    sandbox.idlayr().set_device_ip([203, 0, 113, 9].into());
    let (step, reach) = Step::run("device_ip", coverage.own_device_ip(&token.access_token)).await?;
    let supports = reach.is_some_and(|reach| reach.supports(&ProductId::PhoneCheck));
    expect("the phone to be reached", supports)?;
    step.tell("the phone asks with it, and is reached");
    Ok(())
}
