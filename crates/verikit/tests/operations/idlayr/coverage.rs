//! Coverage by country, and reachability by address.

use idlayr::{Client, CountryCode, Secret};

use crate::operations::{Connect, Operation, operation};

const COUNTRY: &str =
    r#"{"country_code":"GB","dialing_code":44,"products":[{"product_id":"PCK","coverage":"FULL"}]}"#;
const REACH: &str = r#"{"country_code":"GB","network_id":"23410","mobile_data_ip":"198.51.100.7","products":[{"product_id":"PCK"}]}"#;

#[rustfmt::skip]
#[expect(deprecated, reason = "a deprecated call is an operation too")]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Safe Token "coverage.country", "GET /coverage/v0.1/countries/GB", 200 COUNTRY,
            |client: Client| client.coverage().country(&CountryCode::new("GB").unwrap())),
        operation!(Safe Token "coverage.device_ip", "GET /coverage/v0.1/device_ips/198.51.100.7", 200 REACH,
            |client: Client| client.coverage().device_ip([198, 51, 100, 7].into())),
        operation!(Safe Secret "coverage.own_device_ip", "GET /coverage/v0.1/device_ip", 200 REACH,
            |client: Client| client.coverage().own_device_ip(&Secret::new("device-1"))),
        operation!(Safe Secret "coverage.public_device_ip", "GET /public/coverage/v0.1/device_ip", 200 REACH,
            |client: Client| client.coverage().public_device_ip()),
    ]
}
