//! Mobile Keys: what signs the tokens of the Mobile API and of the SDKs (contract caf, 2.1).

use std::fmt;

/// A product of the Mobile API that a key may run. The names are ours: Trust's are not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CafMobileProduct {
    /// `POST /faces/liveness`.
    FaceLiveness,
    /// `POST /faces/register`.
    FaceRegistration,
    /// `POST /faces/authenticate`, and the look-up of attempts.
    FaceAuthentication,
}

impl CafMobileProduct {
    const ALL: [Self; 3] = [
        Self::FaceLiveness,
        Self::FaceRegistration,
        Self::FaceAuthentication,
    ];
}

/// One more Mobile Key, known to the emulated CAF from the start.
///
/// ```
/// use verikit_sandbox::{CafMobileKey, CafMobileProduct};
///
/// let key = CafMobileKey::new("my-client", "my secret").products([CafMobileProduct::FaceLiveness]);
/// # let _ = key;
/// ```
#[derive(Clone)]
#[must_use = "hand it to `SandboxBuilder::caf_mobile_key`"]
pub struct CafMobileKey {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    products: Vec<CafMobileProduct>,
}

impl CafMobileKey {
    /// A key for all products.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            products: CafMobileProduct::ALL.to_vec(),
        }
    }

    /// Replaces the products that the key may run.
    pub fn products(mut self, products: impl IntoIterator<Item = CafMobileProduct>) -> Self {
        self.products = products.into_iter().collect();
        self
    }

    pub(super) fn may_run(&self, product: CafMobileProduct) -> bool {
        self.products.contains(&product)
    }
}

impl fmt::Debug for CafMobileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafMobileKey")
            .field("client_id", &"[redacted]")
            .field("client_secret", &"[redacted]")
            .field("products", &self.products)
            .finish()
    }
}
