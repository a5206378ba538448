//! What the builder can be told about IDlayr.

use std::net::IpAddr;
use std::time::Duration;

use super::amount::Amount;
use super::callbacks::IdlayrDigest;
use super::keys::IdlayrSigningKey;
use super::project::IdlayrProject;
use crate::sandbox::SandboxBuilder;

/// IDlayr.
impl SandboxBuilder {
    /// Adds an IDlayr project besides the default one.
    pub fn idlayr_project(mut self, project: IdlayrProject) -> Self {
        self.providers.idlayr.projects.push(project);
        self
    }

    /// How many product calls IDlayr allows in an hour; a million unless set, as no number is
    /// documented.
    pub fn idlayr_rate_limit(mut self, per_hour: u32) -> Self {
        self.providers.idlayr.rate_limit = per_hour;
        self
    }

    /// How long a check waits for its result; 120 s unless set. The documents say 60 s or 120 s.
    pub fn idlayr_ttl(mut self, ttl: Duration) -> Self {
        self.providers.idlayr.ttl = ttl;
        self
    }

    /// How long a token is valid; 3600 s unless set.
    pub fn idlayr_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.providers.idlayr.token_lifetime = lifetime;
        self
    }

    /// How many reads of a v0.1 check still say `PENDING` after the device is done; 0 unless set.
    pub fn idlayr_v0_1_pending_reads(mut self, reads: u32) -> Self {
        self.providers.idlayr.pending_reads = reads;
        self
    }

    /// How many checks the projects in live mode can pay for together; 100 unless set.
    pub fn idlayr_balance(mut self, checks: u32) -> Self {
        self.providers.idlayr.balance = Amount::whole(checks);
        self
    }

    /// Where the device is that asks whether it can be reached; `203.0.113.9` unless set, an address of
    /// the operator of every number. See the table of addresses in `docs/sandbox.md`.
    pub fn idlayr_device_ip(mut self, ip: IpAddr) -> Self {
        self.providers.idlayr.device_ip = ip;
        self
    }

    /// What callbacks and redirects are signed with; RSA unless set. A [seed](Self::seed) does not choose the
    /// key.
    pub fn idlayr_signing_key(mut self, key: IdlayrSigningKey) -> Self {
        self.providers.idlayr.callbacks.signing_key = key;
        self
    }

    /// How the digest of a callback is written; base64 unless set.
    pub fn idlayr_digest(mut self, digest: IdlayrDigest) -> Self {
        self.providers.idlayr.callbacks.digest = digest;
        self
    }

    /// Whether the URL that a v0.2 check sends the device to is signed. It is unless set; the platform "may"
    /// do so.
    pub fn idlayr_signed_redirects(mut self, are_signed: bool) -> Self {
        self.providers.idlayr.callbacks.signs_redirects = are_signed;
        self
    }
}
