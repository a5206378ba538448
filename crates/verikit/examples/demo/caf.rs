//! CAF.

use verikit_sandbox::Sandbox;

use crate::story::Outcome;

pub(crate) async fn emulated(_: &Sandbox) -> Outcome {
    Ok(())
}
