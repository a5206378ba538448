//! A session with each family of CAF's APIs.

pub(crate) mod connect;
pub(crate) mod core_faces;
pub(crate) mod core_transactions;
pub(crate) mod global;
pub(crate) mod mobile;

use verikit_sandbox::Sandbox;

use crate::capture::Captured;
use crate::needles::Needle;

/// What must not be shown.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let mut needles = mobile::needles(sandbox);
    needles.extend(core_transactions::needles(sandbox));
    needles.extend(core_faces::needles(sandbox));
    needles.extend(connect::needles(sandbox));
    needles.extend(global::needles(sandbox));
    needles
}

/// The sessions. Gives the secrets that they met, with their names.
pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Vec<(&'static str, String)> {
    let mut met = mobile::over_plain_http(sandbox, captured).await;
    met.extend(core_transactions::over_plain_http(sandbox, captured).await);
    met.extend(core_faces::over_plain_http(sandbox, captured).await);
    met.extend(connect::over_plain_http(sandbox, captured).await);
    met.extend(global::over_plain_http(sandbox, captured).await);
    met
}
