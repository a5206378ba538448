//! What the emulated IDlayr knows, all of it in memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use url::Url;

use super::amount::Amount;
use super::callbacks::{self, Callbacks};
use super::checks::{Check, Kind, Status, Version, unknown};
use super::console::{Account, Console, Credential};
use super::gate::Caller;
use super::mo_checks::MoCheck;
use super::problem::Problem;
use super::project::{IdlayrProject, ProjectMode};
use crate::clock::{SandboxClock, unix_seconds};
use crate::lock::lock;
use crate::random::Random;

const HOUR: u64 = 3600;

/// What the builder decides.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) projects: Vec<IdlayrProject>,
    pub(crate) rate_limit: u32,
    pub(crate) ttl: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) pending_reads: u32,
    pub(super) balance: Amount,
    pub(crate) device_ip: IpAddr,
    pub(crate) callbacks: callbacks::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            projects: Vec::new(),
            rate_limit: 1_000_000,
            ttl: Duration::from_secs(120),
            token_lifetime: Duration::from_secs(3600),
            pending_reads: 0,
            balance: Amount::whole(100),
            device_ip: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
            callbacks: callbacks::Settings::default(),
        }
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) clock: SandboxClock,
    pub(super) base_url: Url,
    pub(super) operator_url: Url,
    pub(super) callbacks: Callbacks,
    /// The one that the console's member begins with.
    pub(super) console_credential: Credential,
    /// There is a new check whose end is to be told of.
    pub(super) expiry: Notify,
    data: Mutex<Data>,
}

/// The part that changes.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) random: Random,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) checks: HashMap<String, Check>,
    /// In the order of their creation.
    pub(super) mo_checks: Vec<MoCheck>,
    /// Where the device is that asks for its own reachability.
    pub(super) device_ip: IpAddr,
    pub(super) console: Console,
    /// Credit left to live projects.
    pub(super) balance: Amount,
    created: u64,
    hour: u64,
    used: u32,
}

#[derive(Debug)]
pub(super) struct Token {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: SystemTime,
    pub(super) revoked: bool,
}

/// Where a caller stands within the hour (contract 15.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    /// Unix time of the next hour: the vendor's sample and style rules, not its text.
    pub(super) reset: u64,
    pub(super) wait: u64,
    pub(super) is_exceeded: bool,
}

/// The state as one version of one kind of check sees it.
#[derive(Clone, Debug)]
pub(super) struct Api {
    pub(super) state: Arc<State>,
    pub(super) kind: &'static Kind,
    pub(super) version: Version,
}

impl State {
    pub(super) fn new(
        settings: Settings,
        clock: SandboxClock,
        mut random: Random,
        base_url: Url,
        operator_url: Url,
        callbacks: Callbacks,
    ) -> Self {
        let now = clock.now();
        let mut of_console = random.fork();
        let console_credential = Credential::of_member(&mut of_console, now);
        let credential = console_credential.clone();
        let data = Data {
            console: Console::new(&settings.projects, credential, &mut of_console, now),
            random,
            tokens: HashMap::new(),
            checks: HashMap::new(),
            mo_checks: Vec::new(),
            device_ip: settings.device_ip,
            balance: settings.balance,
            created: 0,
            hour: 0,
            used: 0,
        };
        Self {
            settings,
            clock,
            base_url,
            operator_url,
            callbacks,
            console_credential,
            expiry: Notify::new(),
            data: Mutex::new(data),
        }
    }

    /// Who has this client id: a project or, for the console, the workspace.
    pub(super) fn account(&self, client_id: &str) -> Option<Account> {
        self.data().console.account(client_id)
    }

    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.data)
    }

    /// Counts one product call. The window is the clock hour (ours: no rule is documented).
    pub(super) fn count_call(&self) -> Quota {
        let seconds = unix_seconds(self.clock.now());
        let hour = seconds / HOUR;
        let limit = self.settings.rate_limit;
        let mut data = self.data();
        if data.hour != hour {
            data.hour = hour;
            data.used = 0;
        }
        let is_exceeded = data.used >= limit;
        if !is_exceeded {
            data.used += 1;
        }
        let remaining = limit - data.used;
        let reset = (hour + 1) * HOUR;
        Quota {
            limit,
            remaining,
            reset,
            wait: reset - seconds,
            is_exceeded,
        }
    }

    pub(super) fn revoke_all_tokens(&self) {
        for token in self.data().tokens.values_mut() {
            token.revoked = true;
        }
    }

    /// Runs `use_check` with a check that was first expired if its time is up.
    pub(super) fn with_any_check<T>(
        &self,
        check_id: &str,
        use_check: impl FnOnce(&mut Check, &mut Random, SystemTime) -> T,
    ) -> Option<T> {
        let now = self.clock.now();
        let mut data = self.data();
        let Data {
            checks,
            random,
            balance,
            ..
        } = &mut *data;
        let check = checks.get_mut(check_id)?;
        if check.is_due(now) {
            let at = check.expires_at();
            check.expire(at);
        }
        let used = use_check(check, random, now);
        settle(check, balance);
        self.callbacks.report(check, &self.base_url, now, random);
        Some(used)
    }

    /// All checks in their present state, oldest first.
    pub(super) fn present_checks<'a>(&self, data: &'a mut Data) -> Vec<&'a Check> {
        let now = self.clock.now();
        let Data {
            checks,
            balance,
            random,
            ..
        } = data;
        let mut all: Vec<&Check> = checks
            .values_mut()
            .map(|check| {
                if check.is_due(now) {
                    let at = check.expires_at();
                    check.expire(at);
                }
                settle(check, balance);
                self.callbacks.report(check, &self.base_url, now, random);
                &*check
            })
            .collect();
        all.sort_by_key(|check| check.sequence);
        all
    }

    /// Lets checks expire when their time is up, and not only when somebody asks: a callback tells of it.
    pub(super) async fn expire_in_time(self: Arc<Self>) {
        loop {
            let next = {
                let mut data = self.data();
                let open = self.present_checks(&mut data).into_iter();
                open.filter(|check| check.callback_url.is_some() && !check.status.is_final())
                    .map(Check::expires_at)
                    .min()
            };
            match next {
                None => self.expiry.notified().await,
                Some(time) => tokio::select! {
                    () = self.clock.reached(time) => {}
                    () = self.expiry.notified() => {}
                },
            }
        }
    }
}

impl Data {
    pub(super) fn next_sequence(&mut self) -> u64 {
        self.created += 1;
        self.created
    }

    /// Takes a live project's unit out of the balance; `false` when nothing is left.
    pub(super) fn reserve(&mut self, mode: ProjectMode) -> bool {
        match (mode, self.balance.checked_sub(Amount::ONE)) {
            (ProjectMode::Sandbox, _) => true,
            (ProjectMode::Live, Some(left)) => {
                self.balance = left;
                true
            }
            (ProjectMode::Live, None) => false,
        }
    }
}

/// Gives the reserved unit of a check back that ended without a result: only completed checks are
/// billed (contract 15.4).
pub(super) fn settle(check: &mut Check, balance: &mut Amount) {
    if check.reserved && check.status.is_final() {
        check.reserved = false;
        check.is_paid = check.status == Status::Completed;
        if !check.is_paid {
            *balance = balance.saturating_add(Amount::ONE);
        }
    }
}

impl Api {
    /// Whether the check was created here.
    pub(super) fn knows(&self, check: &Check) -> bool {
        check.kind == self.kind && check.version == self.version
    }

    /// Runs `use_check` with the caller's own check of this version.
    pub(super) fn with_check<T>(
        &self,
        caller: &Caller,
        check_id: &str,
        use_check: impl FnOnce(&mut Check, SystemTime) -> T,
    ) -> Result<T, Problem> {
        self.with_check_and_random(caller, check_id, |check, _, now| use_check(check, now))
    }

    pub(super) fn with_check_and_random<T>(
        &self,
        caller: &Caller,
        check_id: &str,
        use_check: impl FnOnce(&mut Check, &mut Random, SystemTime) -> T,
    ) -> Result<T, Problem> {
        self.state
            .with_any_check(check_id, |check, random, now| {
                let is_own = check.client_id == caller.client_id && self.knows(check);
                is_own.then(|| use_check(check, random, now))
            })
            .flatten()
            .ok_or_else(unknown)
    }
}
