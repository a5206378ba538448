//! Tokens for apps and SDKs (contract caf, 2.2).

use std::time::{Duration, SystemTime};

use verikit_core::{Error, Result, Secret, TokenIssued};

use crate::client::Client;
use crate::config::PROVIDER;
use crate::cpf::Cpf;

/// The vendor's advice is a few minutes.
const DEFAULT_LIFE: Duration = Duration::from_secs(5 * 60);
const LONGEST_LIFE: Duration = Duration::from_secs(15 * 60);
/// Of less there would be nothing left when it arrives.
const SHORTEST_LIFE: Duration = Duration::from_secs(10);

/// Makes tokens to hand to an app or an SDK. Nothing is sent: they are signed here, with the secret that must
/// never get into the app.
///
/// ```
/// # fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use caf::Cpf;
///
/// // The person who is logged in, by your own records: never a number that the app sends.
/// let person = Cpf::parse("123.456.789-09")?;
/// let token = client.mobile().tokens().for_person(&person).issue()?;
/// // Over https, to that person's app alone:
/// let body = token.token.expose();
/// # drop(body.len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MobileTokens {
    client: Client,
}

impl MobileTokens {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// A token that is limited to one person, which the vendor recommends: if it leaks, it exposes that
    /// person alone, and not for long (contract caf, 2.2).
    pub fn for_person(&self, person: &Cpf) -> IssueMobileToken {
        IssueMobileToken::new(self.client.clone(), Some(*person))
    }

    /// A token that is limited to nobody, for an app that does not know yet who uses it. **If it leaks, it
    /// opens all that the key may run, about anybody**, until its end.
    pub fn for_anybody(&self) -> IssueMobileToken {
        IssueMobileToken::new(self.client.clone(), None)
    }
}

/// A token that is about to be made.
#[derive(Debug, Clone)]
#[must_use = "a token is made by `issue`"]
pub struct IssueMobileToken {
    client: Client,
    person: Option<Cpf>,
    lifetime: Duration,
    long_life: bool,
}

impl IssueMobileToken {
    fn new(client: Client, person: Option<Cpf>) -> Self {
        Self {
            client,
            person,
            lifetime: DEFAULT_LIFE,
            long_life: false,
        }
    }

    /// How long it is valid, in whole seconds: 10 s at least, 15 minutes at most. Default 5 minutes.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Lets the token live longer than 15 minutes. Nothing calls a token back: whoever gets hold of it can
    /// use it until its end. What the vendor allows at most is not documented (contract caf, 2.2).
    pub fn dangerously_allow_long_life(mut self, allow: bool) -> Self {
        self.long_life = allow;
        self
    }

    /// Signs it. The observer's [`token_issued`](crate::Observer::token_issued) hears of it, and so does the
    /// log.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the life is shorter than 10 s, or longer than 15
    /// minutes and this was not [allowed](Self::dangerously_allow_long_life). A configuration error when the
    /// client has no Mobile Key.
    pub fn issue(&self) -> Result<MobileToken> {
        let refuse = |detail: &'static str| Err(Error::invalid_input(detail).with_provider(PROVIDER));
        if self.lifetime < SHORTEST_LIFE {
            return refuse("a token for an app must live 10 seconds at least");
        }
        if self.lifetime > LONGEST_LIFE && !self.long_life {
            return refuse(
                "a token for an app may live 15 minutes at most, since nothing calls it back; \
                 if it has to live longer, opt in with dangerously_allow_long_life",
            );
        }
        let key = self.client.mobile_access().key()?;
        let lifetime = Duration::from_secs(self.lifetime.as_secs());
        let (token, expires_at) = key.issue(self.person.as_ref(), lifetime);
        let issued = TokenIssued::new(PROVIDER, key.hash(), lifetime, self.person.is_some());
        self.client.core_loop().token_issued(&issued);
        Ok(MobileToken {
            token,
            expires_at: SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(u64::try_from(expires_at).unwrap_or(0)))
                .unwrap_or(SystemTime::UNIX_EPOCH),
            lifetime,
        })
    }
}

/// A token for an app or an SDK, which sends it bare in `Authorization`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MobileToken {
    /// The token itself.
    pub token: Secret,
    /// Its end, by the provider's clock as far as it is known.
    pub expires_at: SystemTime,
    /// How long it was valid when it was made.
    pub lifetime: Duration,
}
