//! The Core API's onboarding links, profiles and faces.

use verikit_sandbox::Sandbox;

use crate::capture::Captured;
use crate::needles::Needle;

pub(crate) fn needles(_: &Sandbox) -> Vec<Needle> {
    Vec::new()
}

pub(crate) async fn over_plain_http(_: &Sandbox, _: &Captured) -> Vec<(&'static str, String)> {
    Vec::new()
}
