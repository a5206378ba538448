//! CM.com Mobile Identity: a SIM that was swapped, a wrong postal code, a phone that has its number.

use std::time::Duration;

use verikit::PhoneNumber;
use verikit::cm_identity::{Attribute, CallbackKeys, Client, Config, DateOfBirth, ServiceType};
use verikit_sandbox::{CmNumberVerifyOutcome, Sandbox};

use super::story::{Outcome, Step, environment, expect, headline};

const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    // The stories are told without the pauses that the vendor asks for between requests.
    let client = Config::from_environment(&environment(sandbox))
        .and_then(|config| config.without_rate_limit().build())
        .map_err(|error| error.to_string())?;
    sim_swap(&client).await?;
    identity_match(&client).await?;
    number_verify(&client, sandbox).await
}

fn number(text: &str) -> Outcome<PhoneNumber> {
    PhoneNumber::parse(text).map_err(|error| error.to_string())
}

async fn sim_swap(client: &Client) -> Outcome {
    for (what, text, changed) in [
        ("a SIM that was swapped yesterday", "+31600000012", true),
        ("a SIM that has been there for a year", "+31600000042", false),
    ] {
        headline(&format!("CM.com SIM swap: {what}"));
        let call = client.sim_swap().check(number(text)?, ServiceType::Timestamp);
        let (step, swap) = Step::run("check", call).await?;
        expect("a clear answer", swap.changed_within(7 * DAY) == Some(changed))?;
        step.tell(if changed {
            "changed within the last week: do not send a password there"
        } else {
            "the same SIM as a week ago"
        });
    }
    Ok(())
}

async fn identity_match(client: &Client) -> Outcome {
    headline("CM.com identity match: the right person with a wrong postal code");
    let born = DateOfBirth::parse("1963-12-31").map_err(|error| error.to_string())?;
    let compare = client
        .identity_match()
        .compare(number("+31610000001")?)
        .first_name("Joris")
        .last_name("Verhoeven")
        .postal_code("4321 ZZ")
        .date_of_birth(born);
    let (step, result) = Step::run("compare", compare).await?;
    let person = [Attribute::Name, Attribute::DateOfBirth];
    expect("name and date of birth to match", result.all_match(&person))?;
    expect("the postal code not to", result.postal_code == Some(false))?;
    step.tell("name and date of birth match, the postal code does not");
    Ok(())
}

async fn number_verify(client: &Client, sandbox: &Sandbox) -> Outcome {
    headline("CM.com number verify: the end comes as a callback");
    let create = client
        .number_verify()
        .create(number("+31600000042")?, "https://app.example.net/callbacks/cm");
    let (step, check) = Step::run("create", create).await?;
    step.tell(&format!("check {}, {}", check.id.as_str(), check.state.as_str()));

    let cm = sandbox.cm();
    let mobile_identity = cm.mobile_identity();
    expect(
        "the phone to open the session URL",
        mobile_identity.finish_number_verify(check.id.as_str(), CmNumberVerifyOutcome::Match),
    )?;
    let sent = mobile_identity.callbacks().pop().ok_or("no callback was made")?;
    let keys = CallbackKeys::new([cm.secret()]).map_err(|error| error.to_string())?;
    let (step, callback) = Step::run("callback", async {
        keys.verify(sent.headers(), sent.body().clone())
    })
    .await?;
    let told = callback
        .number_verify
        .as_ref()
        .ok_or("the callback tells of no check")?;
    expect("the callback to be about the check", told.id == check.id)?;
    expect("a match", told.is_match())?;
    step.tell("the signature fits; completed: the phone has the number");
    expect(
        "a changed callback to be refused",
        keys.verify(sent.headers(), "{}")
            .is_err_and(|error| error.is_signature()),
    )
}
