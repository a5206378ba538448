//! CAF.

mod connect;
mod core;
mod global;
mod mobile;

use verikit::caf::Config;
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, environment};

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let client = Config::from_environment(&environment(sandbox))
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;

    mobile::mobile(&client, sandbox).await?;
    core::core(&client, sandbox).await?;
    connect::connect(&client, sandbox).await?;
    global::global(&client).await
}
