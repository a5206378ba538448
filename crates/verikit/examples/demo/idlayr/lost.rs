//! A create whose answer is lost, and how its check is found again instead of being paid for twice.

use http::Method;
use verikit::idlayr::{Client, DeviceReturn, Outcome as DeviceOutcome};
use verikit::{Delivery, PhoneNumber};
use verikit_sandbox::{Sandbox, ScriptedAnswer};

use crate::story::{Outcome, Step, expect, headline};

pub(super) async fn emulated(client: &Client, sandbox: &Sandbox) -> Outcome {
    headline("IDlayr PhoneCheck v0.2: a create whose answer is lost");
    let number = PhoneNumber::parse("+447700900042").map_err(|error| error.to_string())?;
    let lost = ScriptedAnswer::drop_connection_after_processing();
    sandbox
        .idlayr()
        .answer_next(lost.for_method(Method::POST).for_path_prefix("/phone_check"));
    let checks = client.phone_checks();
    let create = checks.create(number).reference_id("order-77");
    let (step, error) = Step::run("create", async {
        match create.await {
            Ok(_) => Err("an answer that should have been lost"),
            Err(error) => Ok(error),
        }
    })
    .await?;
    step.tell(&format!(
        "{}: {}, and it is not sent again",
        error.kind(),
        error.delivery()
    ));
    expect(
        "an error after which nobody knows whether there is a check",
        error.delivery() == Delivery::Unknown && !error.is_safe_to_repeat(),
    )?;

    let (step, found) = Step::run("find", checks.find_by_reference("order-77")).await?;
    let [check] = found.as_slice() else {
        return Err(format!("{} checks have the reference", found.len()));
    };
    step.tell(&format!(
        "check {}, {}, by its reference",
        check.check_id.as_str(),
        check.status.as_str()
    ));
    let url = check
        .check_url
        .as_ref()
        .ok_or("the check has no URL for the device")?;
    let (step, device) = Step::run("device", sandbox.device().follow(url.expose())).await?;
    step.tell("opens the URL of the check that was found");
    let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
    let DeviceOutcome::Code(code) = &returned.outcome else {
        return Err(format!("the device brought back {:?}", returned.outcome));
    };
    let (step, result) = Step::run("complete", checks.complete(&check.check_id, code)).await?;
    expect("a match", result.is_match())?;
    step.tell("a match; one check was created, and one is billed");
    let creates = sandbox
        .idlayr()
        .checks()
        .into_iter()
        .filter(|check| check.reference_id() == Some("order-77"))
        .count();
    expect("one check in all", creates == 1)
}
