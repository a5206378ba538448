//! The Mobile API.

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
        let authorize: Arc<dyn Authorize> = match &config.mobile_key {
            Some(_) => Arc::new(Missing("the Mobile API is not there yet")),
            None => Arc::new(Missing("the Mobile API needs a Mobile Key: set `mobile_key`")),
        };
        Ok(Self {
            realm: Realm::builder(PROVIDER, config.addresses.mobile.as_str())
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()?,
        })
    }
}

/// The Mobile API.
#[derive(Debug, Clone)]
pub struct Mobile {
    client: Client,
}

impl Mobile {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}
