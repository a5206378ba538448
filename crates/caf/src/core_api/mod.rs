//! The Core API.

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
            config.core_token.as_ref(),
            "the Core API needs a token from Trust: set `core_token`",
        )?;
        Ok(Self {
            realm: Realm::builder(PROVIDER, config.addresses.core.as_str())
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()?,
        })
    }
}

/// The Core API.
#[derive(Debug, Clone)]
pub struct Core {
    client: Client,
}

impl Core {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}
