//! The Connect API.

use std::sync::Arc;

use verikit_core::auth::Authorize;
use verikit_core::{Realm, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::Missing;
use crate::error::read_facts;

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    realm: Realm,
}

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let authorize: Arc<dyn Authorize> = Arc::new(Missing(
            "the Connect API needs an application of Trust: set `connect_application`",
        ));
        Ok(Self {
            realm: Realm::builder(PROVIDER, config.addresses.connect.as_str())
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()?,
        })
    }
}

/// The Connect API.
#[derive(Debug, Clone)]
pub struct Connect {
    client: Client,
}

impl Connect {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}
