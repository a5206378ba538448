//! CAF: a family of its APIs after the other.

mod mobile;

use verikit::Environment;
use verikit::caf::{Client, Config};
use verikit_sandbox::Sandbox;

use crate::story::Outcome;

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let exports = sandbox.exports();
    let environment = Environment::new(move |name| {
        let found = exports.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    });
    let client: Client = Config::from_environment(&environment)
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;
    mobile::mobile(&client, sandbox.caf()).await
}
