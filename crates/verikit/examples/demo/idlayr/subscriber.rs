//! SubscriberCheck v0.2: a number that belongs to the SIM in the phone, and a SIM that is an hour old.

use std::time::Duration;

use verikit::PhoneNumber;
use verikit::idlayr::{Client, DeviceReturn, Outcome as DeviceOutcome};
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, expect, headline};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The sandbox decides by the last digits: 90 is a match on a SIM that changed just now.
const STORIES: [(&str, &str, bool); 2] = [
    ("a SIM that has not changed recently", "+447700900042", true),
    ("a SIM that changed recently", "+447700900090", false),
];

pub(super) async fn emulated(client: &Client, sandbox: &Sandbox) -> Outcome {
    for (what, number, is_unchanged) in STORIES {
        headline(&format!("IDlayr SubscriberCheck v0.2: {what}"));
        let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
        let checks = client.subscriber_checks();
        let (step, check) = Step::run("create", checks.create(number).period(30 * DAY)).await?;
        step.tell(&format!(
            "check {}, about the last 30 days",
            check.check_id.as_str()
        ));
        let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.expose())).await?;
        step.tell("opens the URL over mobile data, brought back a code");
        let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
        let DeviceOutcome::Code(code) = &returned.outcome else {
            return Err(format!("the device brought back {:?}", returned.outcome));
        };
        let (step, check) = Step::run("complete", checks.complete(&check.check_id, code)).await?;
        expect("a match", check.is_match())?;
        expect(
            "an answer about the SIM that is its own",
            check.no_sim_change() == Some(is_unchanged) && check.is_sim_unchanged() == is_unchanged,
        )?;
        let bucket = check.sim_change_within.ok_or("no age of the SIM")?;
        expect(
            "an age that fits the answer",
            bucket.may_be_within(DAY) != is_unchanged,
        )?;
        step.tell(&match (is_unchanged, bucket.age().and_then(|age| age.at_most)) {
            (true, _) => String::from("match, and the SIM is older than that: accept"),
            (false, Some(age)) => format!(
                "match, but the SIM changed within {} min: do not accept on the match alone",
                age.as_secs() / 60
            ),
            (false, None) => String::from("match, but the SIM changed"),
        });
    }
    Ok(())
}
