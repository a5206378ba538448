//! CAF.

mod connect;
mod core;
mod mobile;

use verikit::Environment;
use verikit::caf::Config;
use verikit_sandbox::Sandbox;

use crate::story::Outcome;

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let exports = sandbox.exports();
    let environment = Environment::new(move |name| {
        exports
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    });
    let client = Config::from_environment(&environment)
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;

    mobile::mobile(&client, sandbox).await?;
    core::core(&client, sandbox).await?;
    connect::connect(&client, sandbox).await
}
