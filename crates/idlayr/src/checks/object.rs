//! What a check is (contract idlayr, 3.3 and 4). The products share their members; each has a type of its
//! own.

use std::time::Duration;

use serde::{Deserializer, de::DeserializeOwned};
use verikit_core::value::lenient;

use super::device_url::DeviceUrl;
use super::values::CheckId;

/// Declares the type of a check by the parts that it has: `device` is the outcome of a device's journey,
/// `device_url` where that begins and for how long it can, `sim_change` an answer about the SIM, `balance`
/// what its creation left in the workspace.
///
/// What decides is strict: a wrong type there is an error. What informs is lenient: a wrong type there leaves
/// the member empty, and the raw answer shows it.
macro_rules! check {
    ($(#[$meta:meta])* pub struct $name:ident: $($part:ident),+;) => {
        $crate::checks::check!(@ [$($part)+] [$(#[$meta])*] $name {});
        $($crate::checks::check_part!($part $name);)+

        impl $crate::checks::sealed::Sealed for $name {}

        impl $crate::checks::Check for $name {
            fn check_id(&self) -> &$crate::CheckId {
                &self.check_id
            }

            fn status(&self) -> &$crate::CheckStatus {
                &self.status
            }

            fn reference_id(&self) -> Option<&$crate::Personal<String>> {
                self.reference_id.as_ref()
            }
        }
    };
    (@ [device $($rest:ident)*] $meta:tt $name:ident {$($members:tt)*}) => {
        $crate::checks::check!(@ [$($rest)*] $meta $name {
            $($members)*
            #[serde(default, rename = "match")]
            matched: Option<bool>,
        });
    };
    (@ [device_url $($rest:ident)*] $meta:tt $name:ident {$($members:tt)*}) => {
        $crate::checks::check!(@ [$($rest)*] $meta $name {
            $($members)*
            /// How long it lives.
            #[serde(default, deserialize_with = "crate::checks::read_ttl")]
            pub ttl: Option<::std::time::Duration>,
            /// The URL for the device.
            #[serde(default, rename = "_links", deserialize_with = "crate::checks::read_check_url")]
            pub check_url: Option<$crate::DeviceUrl>,
        });
    };
    (@ [sim_change $($rest:ident)*] $meta:tt $name:ident {$($members:tt)*}) => {
        $crate::checks::check!(@ [$($rest)*] $meta $name {
            $($members)*
            #[serde(default)]
            no_sim_change: Option<bool>,
            /// The window that the SIM was asked about. With the status `COMPLETED` only.
            #[serde(default, deserialize_with = "crate::sim_change::read_period")]
            pub no_sim_change_period: Option<::std::time::Duration>,
            /// How long ago the SIM changed, if the operator says so. With the status `COMPLETED` only.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub sim_change_within: Option<$crate::SimChangeWithin>,
            /// When the SIM changed. The documents dropped this member in 2021: it is read if it is there,
            /// and nothing may rely on it.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub last_sim_change_at: Option<verikit_core::Timestamp>,
        });
    };
    (@ [balance $($rest:ident)*] $meta:tt $name:ident {$($members:tt)*}) => {
        $crate::checks::check!(@ [$($rest)*] $meta $name {
            $($members)*
            /// The workspace's balance after the charge. In the answer to the creation only.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub snapshot_balance: Option<verikit_core::value::Amount>,
        });
    };
    (@ [] [$(#[$meta:meta])*] $name:ident {$($members:tt)*}) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            /// The check.
            pub check_id: $crate::CheckId,
            /// Where it stands.
            pub status: $crate::CheckStatus,
            /// Why there is no result, with the status `ERROR`.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub error_code: Option<$crate::CheckErrorCode>,
            /// Your own reference.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub reference_id: Option<verikit_core::Personal<String>>,
            /// What it cost. While it is not `COMPLETED`, a reservation.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub charge_amount: Option<verikit_core::value::Amount>,
            /// What the amount is counted in.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub charge_currency: Option<$crate::Currency>,
            /// The operator, by its network code. With the status `COMPLETED` only.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub network_id: Option<$crate::NetworkId>,
            /// When it was created.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub created_at: Option<verikit_core::Timestamp>,
            /// When it last changed.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub updated_at: Option<verikit_core::Timestamp>,
            $($members)*
        }
    };
}

/// What each part of a check decides.
macro_rules! check_part {
    (balance $name:ident) => {};
    (device_url $name:ident) => {};
    (device $name:ident) => {
        impl $name {
            /// Whether the number belongs to the SIM: `true` only when the status is `COMPLETED` and `match`
            /// is the JSON boolean `true`.
            #[must_use]
            pub fn is_match(&self) -> bool {
                self.verdict() == Some(true)
            }

            /// Whether the number belongs to the SIM, if that is known: `Some(false)` is a completed check
            /// whose number does not match. `None` before the end, and at an end without a result.
            #[must_use]
            pub fn verdict(&self) -> Option<bool> {
                match self.status {
                    $crate::CheckStatus::Completed => self.matched,
                    _ => None,
                }
            }
        }
    };
    (sim_change $name:ident) => {
        impl $name {
            /// Whether the SIM did not change within the period: `true` only when the status is `COMPLETED`
            /// and `no_sim_change` is the JSON boolean `true`.
            #[must_use]
            pub fn is_sim_unchanged(&self) -> bool {
                self.no_sim_change() == Some(true)
            }

            /// Whether the SIM did not change for at least this time, whatever period was asked about: `true`
            /// only where [`is_sim_unchanged`](Self::is_sim_unchanged) is, and the bucket of the last change
            /// lies altogether before the time; or, where there is no documented bucket, the period that the
            /// platform used covers it. Answers to the completion of a check state no period: get the check
            /// for it.
            #[must_use]
            pub fn is_sim_unchanged_for(&self, time: ::std::time::Duration) -> bool {
                let age = self
                    .sim_change_within
                    .and_then($crate::SimChangeWithin::age);
                let covered = match (age, self.no_sim_change_period) {
                    (Some(age), _) => age.more_than >= time,
                    (None, period) => period.is_some_and(|period| period >= time),
                };
                self.is_sim_unchanged() && covered
            }

            /// Whether the SIM did not change within the period, if that is known: `Some(false)` is a SIM
            /// that did change. `None` before the end, and at an end without a result.
            #[must_use]
            pub fn no_sim_change(&self) -> Option<bool> {
                match self.status {
                    $crate::CheckStatus::Completed => self.no_sim_change,
                    _ => None,
                }
            }
        }
    };
}

/// Declares the answer to the creation of a check that a device takes part in.
macro_rules! created_check {
    ($(#[$meta:meta])* pub struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            /// The check.
            pub check_id: $crate::CheckId,
            /// Always `ACCEPTED`, as documented.
            pub status: $crate::CheckStatus,
            /// The URL for the device.
            #[serde(rename = "_links", deserialize_with = "crate::checks::require_check_url")]
            pub check_url: $crate::DeviceUrl,
            /// How long the check lives. 60 s and 120 s are both documented; this is what the answer says.
            #[serde(default, deserialize_with = "crate::checks::read_ttl")]
            pub ttl: Option<::std::time::Duration>,
            /// Your own reference.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub reference_id: Option<verikit_core::Personal<String>>,
            /// What the check will cost if it is completed; until then a reservation.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub charge_amount: Option<verikit_core::value::Amount>,
            /// What the amount is counted in.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub charge_currency: Option<$crate::Currency>,
            /// The workspace's balance after the charge. In this answer only.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub snapshot_balance: Option<verikit_core::value::Amount>,
            /// When it was created.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub created_at: Option<verikit_core::Timestamp>,
            /// When it last changed.
            #[serde(default, deserialize_with = "verikit_core::value::lenient")]
            pub updated_at: Option<verikit_core::Timestamp>,
        }

        impl $crate::checks::Created for $name {
            fn check_id(&self) -> &$crate::CheckId {
                &self.check_id
            }

            fn ttl(&self) -> Option<::std::time::Duration> {
                self.ttl
            }

            fn check_url(&self) -> &$crate::DeviceUrl {
                &self.check_url
            }
        }
    };
}

pub(crate) use {check, check_part, created_check};

/// A check that was just created, whatever its product.
pub(crate) trait Created: DeserializeOwned {
    fn check_id(&self) -> &CheckId;
    fn ttl(&self) -> Option<Duration>;
    fn check_url(&self) -> &DeviceUrl;
}

/// A life that a check could have. What is stated beyond a day is not taken for one; the raw answer shows it.
pub(crate) fn read_ttl<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let seconds: Option<u64> = lenient(deserializer)?;
    let plausible = seconds.filter(|seconds| *seconds <= 24 * 3600);
    Ok(plausible.map(Duration::from_secs))
}
