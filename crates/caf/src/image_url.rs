//! The addresses of pictures.

use verikit_core::value::check_callback_url;
use verikit_core::{Error, Result};

/// Refuses a picture's address that the provider could not fetch, or that would go over the wire in the open.
/// The rules are those of callbacks: CAF follows both. `plain_http` is for the client of a sandbox, around
/// which everything is on this machine.
pub(crate) fn check_image_url(url: &str, plain_http: bool) -> Result<()> {
    check_callback_url(url, plain_http)
        .map_err(|_| Error::invalid_input("the image URL must be an absolute URL that starts with https://"))
}
