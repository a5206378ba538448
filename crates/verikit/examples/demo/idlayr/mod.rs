//! IDlayr, a file for each product.

mod callback;
mod console;
mod coverage;
mod live;
mod lost;
mod phone;
mod server;
mod sim;
mod subscriber;

pub(crate) use live::live;

use verikit::idlayr::Config;
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, environment, headline};

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let client = Config::from_environment(&environment(sandbox))
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;

    headline("IDlayr: the access token");
    let (step, _) = Step::run("fetch", client.tokens().access_token()).await?;
    step.tell("one request; every call below shares it");

    phone::emulated(&client, sandbox).await?;
    lost::emulated(&client, sandbox).await?;
    callback::emulated(&client, sandbox).await?;
    subscriber::emulated(&client, sandbox).await?;
    sim::emulated(&client).await?;
    coverage::emulated(&client, sandbox).await?;
    console::emulated(sandbox).await?;
    server::emulated(client, sandbox).await
}
