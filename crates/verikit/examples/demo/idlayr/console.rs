//! The console: a project that is made, used and paid for, with what that cost.

use verikit::PhoneNumber;
use verikit::idlayr::console::{Console, ConsoleConfig, Interval, ProjectMode, WorkspaceId};
use verikit::idlayr::{Client, Currency, DeviceReturn, Outcome as DeviceOutcome};
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, environment, expect, headline};

pub(super) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let console = ConsoleConfig::from_environment(&environment(sandbox))
        .and_then(ConsoleConfig::build)
        .map_err(|error| error.to_string())?;
    headline("IDlayr's console: a project of its own");
    let (step, workspaces) = Step::run("workspaces", console.workspaces().list()).await?;
    let workspace = workspaces.items.first().ok_or("no workspace")?;
    let id = &workspace.workspace_id;
    step.tell("the credential of a workspace opens the console, and no product");
    let create = console.projects(id).create("shop").mode(ProjectMode::Live);
    let (step, project) = Step::run("create", create).await?;
    let credential = project.credentials.first().ok_or("no credential")?;
    step.tell("in live mode; the secret is in this answer and in no other");

    let before = available(&console, id).await?;
    let client = Client::builder(credential.client_id.as_str(), credential.client_secret.clone())
        .base_url(sandbox.idlayr().base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .map_err(|error| error.to_string())?;
    verify(&client, sandbox).await?;
    let search = "date>=2024-01";
    let (step, usage) = Step::run("usage", console.usage(id).usage(Interval::Monthly, search)).await?;
    let charged: i128 = usage
        .items
        .iter()
        .filter_map(|row| row.amount.as_ref()?.scaled(4))
        .sum();
    let after = available(&console, id).await?;
    expect(
        "one unit charged, and as much less to spend",
        charged == 10_000 && before - after == charged,
    )?;
    step.tell("one unit was charged: checks of projects in sandbox mode cost nothing");

    headline("IDlayr's console: a top-up");
    let billing = console.billing(id);
    let (step, methods) = Step::run("methods", billing.payment_methods()).await?;
    let card = methods.items.first().ok_or("no payment method")?;
    step.tell("one card, of which the last four digits are told");
    let top_up = billing.create_top_up(&card.id, &Currency::Eur, "12.50");
    let (step, _) = Step::run("top-up", top_up).await?;
    expect(
        "as much more to spend",
        available(&console, id).await? - after == 125_000,
    )?;
    step.tell("12.50 more to spend, exact to the last digit");
    Ok(())
}

/// In ten-thousandths.
async fn available(console: &Console, id: &WorkspaceId) -> Outcome<i128> {
    let workspace = console.workspaces().get(id).await;
    let workspace = workspace.map_err(|error| error.to_string())?;
    let amount = workspace
        .balance()
        .and_then(|balance| balance.amount_available.as_ref()?.scaled(4));
    amount.ok_or_else(|| String::from("no balance"))
}

async fn verify(client: &Client, sandbox: &Sandbox) -> Outcome {
    let number = PhoneNumber::parse("+447700900042").map_err(|error| error.to_string())?;
    let checks = client.phone_checks();
    let (step, check) = Step::run("check", checks.create(number)).await?;
    let device = sandbox.device().follow(check.check_url.expose()).await;
    let device = device.map_err(|error| error.to_string())?;
    let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
    let DeviceOutcome::Code(code) = &returned.outcome else {
        return Err(format!("the device brought back {:?}", returned.outcome));
    };
    let check = checks.complete(&check.check_id, code).await;
    let check = check.map_err(|error| error.to_string())?;
    expect("a match", check.is_match())?;
    step.tell("the new project verifies a number at once");
    Ok(())
}
