//! Coverage by country, and reachability by a device's address (contract idlayr, 10).

mod answers;
mod country;
mod no_reach;

use std::net::IpAddr;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use verikit_core::auth::{NoAuthorization, StaticAuthorization};
use verikit_core::{Answer, Call, Operation, RawReply, Result, Secret, read_json};

use crate::client::Client;

pub use answers::{
    CountryCoverage, CoverageLevel, CoverageNetwork, CoverageProduct, Price, ProductId, Reachability,
    ReachableProduct,
};
pub use country::CountryCode;
pub use no_reach::NoReach;

/// Where the products work. Needs the scope [`Scope::Coverage`](crate::Scope::Coverage); nothing of it is
/// billed.
///
/// ```
/// # async fn example(client: &idlayr::Client, phone_ip: std::net::IpAddr) -> idlayr::Result<bool> {
/// use idlayr::ProductId;
///
/// let Some(reach) = client.coverage().device_ip(phone_ip).await? else {
///     return Ok(false); // Wi-Fi, or an operator that is not connected
/// };
/// Ok(reach.supports(&ProductId::PhoneCheck))
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Coverage {
    client: Client,
}

impl Coverage {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What is covered in a country, or nothing where the platform has no reach there. May be repeated.
    ///
    /// `GET /coverage/v0.1/countries/{code}`, contract idlayr 10.
    ///
    /// # Errors
    ///
    /// 429, and a 404 that is no answer of the platform, such as that of a proxy.
    pub fn country(&self, country: &CountryCode) -> Call<Option<Answer<CountryCoverage>>> {
        let operation = Operation::get(
            "coverage.country",
            self.client.realm(),
            "/coverage/v0.1/countries/{code}",
            &[country.as_str()],
        )
        .map(|operation| operation.also_accept(no_reach::in_country));
        self.client.core().call(operation, read)
    }

    /// What can be done with the device at this address, or nothing where the platform does not reach it: its
    /// operator is not connected, or the address is not mobile. May be repeated. [`NoReach::of`] says why.
    ///
    /// `GET /coverage/v0.1/device_ips/{ip}`, contract idlayr 10.
    ///
    /// # Errors
    ///
    /// 400 other than `mno_not_supported`, 429, and a 404 that is no answer of the platform.
    pub fn device_ip(&self, address: IpAddr) -> Call<Option<Answer<Reachability>>> {
        let operation = Operation::get(
            "coverage.device_ip",
            self.client.realm(),
            "/coverage/v0.1/device_ips/{ip}",
            &[&address.to_string()],
        )
        .map(|operation| operation.also_accept(no_reach::at_address));
        self.client.core().call(operation, read)
    }

    /// The same for the address that this request comes from, as a device asks it, with a token that was
    /// [made for devices](crate::Tokens::device_token). A server learns about itself from it, which is seldom
    /// what it wants. May be repeated.
    ///
    /// `GET /coverage/v0.1/device_ip`, contract idlayr 10.
    ///
    /// # Errors
    ///
    /// As [`device_ip`](Self::device_ip); 401 when the token has expired.
    pub fn own_device_ip(&self, device_token: &Secret) -> Call<Option<Answer<Reachability>>> {
        let realm = StaticAuthorization::new("Bearer", device_token)
            .map(|token| self.client.realm().authorized_by(Arc::new(token)))
            .map_err(|error| error.with_provider("idlayr"));
        let operation = realm.and_then(|realm| {
            let route = "/coverage/v0.1/device_ip";
            Operation::get("coverage.own_device_ip", &realm, route, &[])
        });
        let operation = operation.map(|operation| operation.also_accept(no_reach::at_address));
        self.client.core().call(operation, read)
    }

    /// The same without a token, as the vendor's browser SDK asks before it opens a check. May be repeated.
    ///
    /// `GET /public/coverage/v0.1/device_ip`, contract idlayr 10.
    ///
    /// # Errors
    ///
    /// As [`device_ip`](Self::device_ip).
    #[deprecated = "IDlayr deprecated this route in January 2023: ask own_device_ip, with a device token"]
    pub fn public_device_ip(&self) -> Call<Option<Answer<Reachability>>> {
        let realm = self.client.realm().authorized_by(Arc::new(NoAuthorization));
        let route = "/public/coverage/v0.1/device_ip";
        let operation = Operation::get("coverage.public_device_ip", &realm, route, &[])
            .map(|operation| operation.also_accept(no_reach::at_address));
        self.client.core().call(operation, read)
    }
}

/// What has no 2xx status comes here only if it says that there is no reach.
fn read<T: DeserializeOwned>(reply: &RawReply) -> Result<Option<Answer<T>>> {
    if reply.status().is_success() {
        read_json(reply).map(Some)
    } else {
        Ok(None)
    }
}
