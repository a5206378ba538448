//! PhoneCheck with real credentials, a real phone and a person who holds it.

use std::io::BufRead as _;

use verikit::PhoneNumber;
use verikit::idlayr::{Client, CreatedPhoneCheck, DeviceReturn, Outcome as DeviceOutcome};

use super::phone::described;
use crate::story::{Outcome, Step, expect, headline};

pub(crate) async fn live() -> Outcome {
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let number = ask(
        "The phone's number, with its country code (a check that is completed is billed, and there are two):",
    )?;
    let number = PhoneNumber::parse(&number).map_err(|error| error.to_string())?;

    headline("IDlayr: the access token");
    let (step, _) = Step::run("fetch", client.tokens().access_token()).await?;
    step.tell("the credentials are good");

    headline("IDlayr PhoneCheck v0.2");
    let (step, check) = Step::run("create", client.phone_checks().create(number.clone())).await?;
    step.tell(&format!(
        "check {}, {}",
        check.check_id.as_str(),
        check.status.as_str()
    ));
    show_to_phone(&check);
    let brought = ask("Paste what the phone shows at the end (JSON), or the URL that it was sent to:")?;
    let returned = if brought.starts_with('{') {
        DeviceReturn::from_json(brought.as_bytes())
    } else {
        DeviceReturn::from_url(&brought)
    };
    let returned = returned.map_err(|error| error.to_string())?;
    expect(
        "the phone to bring back its own check",
        returned.check_id == check.check_id,
    )?;
    let (step, check) = match &returned.outcome {
        DeviceOutcome::Code(code) => {
            Step::run("complete", client.phone_checks().complete(&check.check_id, code)).await?
        }
        _ => Step::run("wait", client.phone_checks().until_final(&check)).await?,
    };
    step.tell(&described(&check));
    expect("a check that has come to its end", check.status.is_final())?;

    headline("IDlayr PhoneCheck v0.1");
    let (step, check) = Step::run("create", client.phone_checks_v0_1().create(number)).await?;
    step.tell(&format!(
        "check {}, {}",
        check.check_id.as_str(),
        check.status.as_str()
    ));
    show_to_phone(&check);
    let (step, check) = Step::run("wait", client.phone_checks_v0_1().until_final(&check)).await?;
    step.tell(&described(&check));
    expect("a check that has come to its end", check.status.is_final())
}

fn show_to_phone(check: &CreatedPhoneCheck) {
    println!(
        "\n  Switch Wi-Fi off and open this on the phone:\n\n  {}\n",
        check.check_url.expose()
    );
}

fn ask(question: &str) -> Outcome<String> {
    println!("{question}");
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| error.to_string())?;
    Ok(line.trim().to_owned())
}
