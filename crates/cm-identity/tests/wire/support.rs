//! A client whose transport plays a script and whose clock stands still until somebody waits for it.

use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use cm_identity::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use cm_identity::{Client, Config, NumberVerifyId, PhoneNumber};

pub(crate) const KEY_ID: &str = "3b438437-04a4-40bb-8389-54bb02766fba";
pub(crate) const SECRET: &str = "AC4Etykn7jusGR5FwLDAtILtQbiQbTMKedP31szXg4WlSbjGEXyNMZ";
pub(crate) const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
pub(crate) const CALLBACK_URL: &str = "https://app.example.net/callbacks/cm?x=1";
pub(crate) const SESSION_URL: &str = "http://session.example.net/s/4fa09c17be";
/// 2025-02-10T04:05:06Z.
pub(crate) const NOW: u64 = 1_739_160_306;

pub(crate) fn number() -> PhoneNumber {
    PhoneNumber::parse("+31 6 0000 0042").unwrap()
}

pub(crate) fn id() -> NumberVerifyId {
    NumberVerifyId::new(ID).unwrap()
}

pub(crate) fn created() -> String {
    format!(r#"{{"id":"{ID}","state":"pending","match":null,"sessionUrl":"{SESSION_URL}"}}"#)
}

pub(crate) fn check(state: &str, matched: &str) -> String {
    format!(r#"{{"id":"{ID}","state":"{state}","match":{matched}}}"#)
}

pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    pub(crate) clock: ManualClock,
}

impl Scripted {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |config| config)
    }

    pub(crate) fn with(
        steps: impl IntoIterator<Item = Step>,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::at(NOW, steps, configure)
    }

    pub(crate) fn at(
        now: u64,
        steps: impl IntoIterator<Item = Step>,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        let clock = ManualClock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(now));
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder(KEY_ID, SECRET)
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1);
        Self {
            client: configure(config).build().unwrap(),
            transport,
            clock,
        }
    }

    /// Runs a call to its end, in no time.
    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// The one request that was sent.
    #[track_caller]
    pub(crate) fn asked(&self) -> Seen {
        self.transport.only()
    }
}
