//! A transaction and what happens to it.

use std::time::SystemTime;

use super::change::Change;
use super::document::DocumentType;
use super::outcome::Outcome;
use super::request::CreateRequest;
use super::review::CafReview;
use crate::random::Random;

/// Why the status is what it is.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    /// A rule of the template was looked at.
    Rule { code: &'static str, is_met: bool },
    /// Somebody has decided.
    Review {
        status: String,
        code: Option<String>,
        date: SystemTime,
    },
}

#[derive(Clone)]
pub(in crate::caf) struct Transaction {
    pub(in crate::caf) id: String,
    pub(in crate::caf) request: CreateRequest,
    pub(in crate::caf) onboarding_id: Option<String>,
    pub(in crate::caf) created: SystemTime,
    pub(in crate::caf) status: String,
    pub(super) outcome: Outcome,
    pub(super) document: Option<DocumentType>,
    pub(super) documentscopy: Option<SystemTime>,
    pub(super) history: Vec<(String, SystemTime)>,
    pub(super) reasons: Vec<Reason>,
    /// Code and text.
    pub(super) reprovals: Vec<(String, &'static str)>,
    /// How many reads still find it in progress.
    reads_left: u32,
    is_settled: bool,
}

impl Transaction {
    pub(super) fn new(request: CreateRequest, reads_left: u32, now: SystemTime, random: &mut Random) -> Self {
        Self {
            id: random.hex(24),
            outcome: Outcome::of(&request),
            document: DocumentType::of(&request),
            request,
            onboarding_id: None,
            created: now,
            status: "PROCESSING".to_owned(),
            documentscopy: None,
            history: vec![("PROCESSING".to_owned(), now)],
            reasons: Vec::new(),
            reprovals: Vec::new(),
            reads_left,
            is_settled: false,
        }
    }

    /// The transaction of an onboarding link, whose end user's choice decides instead of the input.
    pub(super) fn of_link(mut self, onboarding_id: String, outcome: Outcome) -> Self {
        self.onboarding_id = Some(onboarding_id);
        self.outcome = outcome;
        self
    }

    /// Comes to what the input asks for, unless there are reads to wait for.
    pub(super) fn settle(&mut self, now: SystemTime) -> Vec<Change> {
        if self.is_settled || self.reads_left > 0 {
            return Vec::new();
        }
        self.is_settled = true;
        self.reasons = self.rules();
        if let Outcome::Reproved(code) = self.outcome {
            let text = super::outcome::reproval_reason(code);
            self.reprovals = vec![(code.to_owned(), text)];
        }
        if self.outcome == Outcome::Documentscopy {
            self.documentscopy = Some(now);
            return vec![Change::DocumentscopyRequested];
        }
        self.set_status(self.outcome.status(), now)
    }

    /// One read more.
    pub(super) fn read(&mut self, now: SystemTime) -> Vec<Change> {
        let changes = self.settle(now);
        self.reads_left = self.reads_left.saturating_sub(1);
        changes
    }

    /// A manual review, of which there may be any number.
    pub(super) fn review(&mut self, review: &CafReview, now: SystemTime) -> Vec<Change> {
        self.is_settled = true;
        self.reprovals = review
            .reproval()
            .map(|(code, text)| (code.to_owned(), text))
            .into_iter()
            .collect();
        self.reasons.push(Reason::Review {
            status: review.status().to_owned(),
            code: review.reproval().map(|(code, _)| code.to_owned()),
            date: now,
        });
        self.set_status(review.status(), now)
    }

    /// A status that does not change is no news.
    fn set_status(&mut self, status: &str, now: SystemTime) -> Vec<Change> {
        if self.status == status {
            return Vec::new();
        }
        self.status = status.to_owned();
        self.history.push((status.to_owned(), now));
        vec![Change::StatusUpdated]
    }

    fn rules(&self) -> Vec<Reason> {
        let mut codes = Vec::new();
        if self.request.attributes.contains_key("cpf") {
            codes.extend(["cpf_has_not_dead", "cpf_equal_name"]);
        }
        if self.request.attributes.contains_key("cnpj") {
            codes.push("active_cnpj_number");
        }
        if self.document.is_some() {
            codes.push("authentic_document");
        }
        let broken = self.outcome.broken_rule();
        codes
            .into_iter()
            .map(|code| Reason::Rule {
                code,
                is_met: Some(code) != broken,
            })
            .collect()
    }
}
