//! The Global API.

use std::sync::Arc;

use verikit_core::auth::Authorize;
use verikit_core::{Realm, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::bearer;
use crate::error::read_facts;

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    realm: Realm,
}

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let authorize: Arc<dyn Authorize> = bearer(
            config.global_token.as_ref(),
            "the Global API needs a token from Trust: set `global_token`",
        )?;
        Ok(Self {
            realm: Realm::builder(PROVIDER, config.addresses.global.as_str())
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()?,
        })
    }
}

/// The Global API.
#[derive(Debug, Clone)]
pub struct Global {
    client: Client,
}

impl Global {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}
