//! PhoneCheck in both versions, with all three outcomes.

use verikit::PhoneNumber;
use verikit::idlayr::{CheckStatus, Client, DeviceReturn, Outcome as DeviceOutcome, PhoneCheck};
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, expect, headline};

/// The sandbox decides by the number's last digits, as the vendor's own does.
const STORIES: [(&str, &str, Ending); 3] = [
    ("a number that belongs to the SIM", "+447700900042", Ending::Match),
    ("a number that does not", "+447700900041", Ending::Mismatch),
    ("an operator that fails", "+447700900099", Ending::OperatorError),
];

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Match,
    Mismatch,
    OperatorError,
}

pub(super) async fn emulated(client: &Client, sandbox: &Sandbox) -> Outcome {
    for (what, number, ending) in STORIES {
        headline(&format!("IDlayr PhoneCheck v0.2: {what}"));
        with_code(client, sandbox, number, ending).await?;
    }
    for (what, number, ending) in STORIES {
        headline(&format!("IDlayr PhoneCheck v0.1: {what}"));
        without_code(client, sandbox, number, ending).await?;
    }
    Ok(())
}

async fn with_code(client: &Client, sandbox: &Sandbox, number: &str, ending: Ending) -> Outcome {
    let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
    let (step, check) = Step::run(
        "create",
        client.phone_checks().create(number).reference_id("demo"),
    )
    .await?;
    step.tell(&format!(
        "check {}, {}",
        check.check_id.as_str(),
        check.status.as_str()
    ));
    let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.expose())).await?;
    let hops = device.hops().len();
    let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
    expect(
        "the device to bring back its own check",
        returned.check_id == check.check_id,
    )?;
    let code = match (&returned.outcome, ending) {
        (DeviceOutcome::Error { error, .. }, Ending::OperatorError) => {
            step.tell(&format!(
                "{hops} hops over mobile data, brought back the error {}",
                error.as_str()
            ));
            let (step, check) = Step::run("read", client.phone_checks().get(&check.check_id)).await?;
            step.tell(&described(&check));
            return ended(&check, ending);
        }
        (DeviceOutcome::Code(code), Ending::Match | Ending::Mismatch) => code,
        (other, _) => return Err(format!("the device brought back {other:?}")),
    };
    step.tell(&format!("{hops} hops over mobile data, brought back a code"));
    let (step, check) = Step::run("complete", client.phone_checks().complete(&check.check_id, code)).await?;
    step.tell(&described(&check));
    ended(&check, ending)
}

async fn without_code(client: &Client, sandbox: &Sandbox, number: &str, ending: Ending) -> Outcome {
    let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
    let (step, check) = Step::run(
        "create",
        client.phone_checks_v0_1().create(number).reference_id("demo"),
    )
    .await?;
    step.tell(&format!(
        "check {}, {}",
        check.check_id.as_str(),
        check.status.as_str()
    ));
    let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.expose())).await?;
    step.tell(&format!("{} hops over mobile data", device.hops().len()));
    let (step, check) = Step::run("wait", client.phone_checks_v0_1().until_final(&check)).await?;
    step.tell(&described(&check));
    ended(&check, ending)
}

pub(super) fn described(check: &PhoneCheck) -> String {
    let verdict = match check.verdict() {
        Some(true) => "match",
        Some(false) => "no match",
        None => "no result",
    };
    let reason = check
        .error_code
        .as_ref()
        .map_or(String::new(), |code| format!(" ({})", code.as_str()));
    format!("{}: {verdict}{reason}", check.status.as_str())
}

fn ended(check: &PhoneCheck, ending: Ending) -> Outcome {
    match ending {
        Ending::Match => expect("a match", check.is_match()),
        Ending::Mismatch => expect(
            "a completed check without a match",
            check.verdict() == Some(false),
        ),
        Ending::OperatorError => {
            expect(
                "the status ERROR and no verdict",
                check.status == CheckStatus::Error && check.verdict().is_none(),
            )?;
            expect(
                "a documented error code",
                check.error_code.as_ref().is_some_and(|code| !code.is_unknown()),
            )
        }
    }
}
