//! The deadline of calls: CAF has 30 s of its own (contract caf, 1), and a caller that gives up first does
//! not hear what came of a creation.

use std::future::IntoFuture as _;
use std::time::Duration;

use caf::testing::Step;
use caf::{Clock as _, Config, Delivery, ErrorKind};

use crate::core_support::template;
use crate::support::Scripted;

#[test]
fn a_call_has_ten_seconds_more_than_the_provider_unless_it_is_told_otherwise() {
    type Set = fn(Config) -> Config;
    let cases: [(Set, u64); 2] = [
        (|config| config, 40),
        (|config| config.timeout(Duration::from_secs(7)), 7),
    ];
    for (set, seconds) in cases {
        let scripted = Scripted::core_with([Step::Silence], set);
        let began = scripted.clock.now();
        let create = scripted.transactions().create(&template());
        let error = scripted.run(create.into_future()).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Timeout, Delivery::Unknown)
        );
        assert_eq!(scripted.clock.now() - began, Duration::from_secs(seconds));
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}
