//! A transaction from its creation to its end.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use url::Url;

use super::attempt::{Attempt, Source, documents};
use super::file::{Document, FileKind, StoredFile, TOKEN_LENGTH};
use super::outcome::{CmIdScanOutcome, Effect};
use super::person;
use super::picture::{Motif, Picture};
use super::request::CreateRequest;
use super::task::{Task, TaskKind, TaskState};
use crate::clock::date_time;
use crate::random::Random;

/// `pending` and `completed` are documented. `aborted` is ours: under which name an aborted transaction goes
/// is not published. Neither is one for an expired transaction: it stays `pending`, and its files are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransactionState {
    Pending,
    Completed,
    Aborted,
}

impl TransactionState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Completed => "completed",
            Self::Aborted => "aborted",
        }
    }
}

/// Why an attempt could not be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Expired,
    Ended,
    /// The outcome is one of another task; this is the one that is next.
    NotItsTurn(TaskKind),
    /// The transaction does not allow documents from there.
    Source,
}

/// What has changed, in the order in which it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Task(TaskKind, TaskState),
    Transaction,
}

pub(super) struct Transaction {
    pub(super) id: String,
    /// How many were created before it.
    pub(super) sequence: usize,
    /// The secret part of the page's URL.
    pub(super) token: String,
    pub(super) request: CreateRequest,
    pub(super) created: SystemTime,
    pub(super) expires: SystemTime,
    pub(super) state: TransactionState,
    pub(super) completed: Option<SystemTime>,
    pub(super) result_id: Option<String>,
    pub(super) tasks: Vec<Task>,
    /// The document that the scan ended with, and whether its number is invalid.
    document: Option<(Document, bool)>,
    result_files: Vec<StoredFile>,
}

impl Transaction {
    pub(super) fn new(request: CreateRequest, sequence: usize, now: SystemTime, random: &mut Random) -> Self {
        Self {
            id: random.uuid(),
            sequence,
            token: random.text(TOKEN_LENGTH),
            created: now,
            expires: now.checked_add(request.expires_in).unwrap_or(now),
            state: TransactionState::Pending,
            completed: None,
            result_id: None,
            tasks: request.tasks.iter().copied().map(Task::new).collect(),
            request,
            document: None,
            result_files: Vec::new(),
        }
    }

    /// Whether its time went by before it was finished.
    pub(super) fn is_expired(&self, now: SystemTime) -> bool {
        self.state == TransactionState::Pending && now >= self.expires
    }

    /// Whether the user may still do something.
    pub(super) fn is_open(&self, now: SystemTime) -> bool {
        self.state == TransactionState::Pending && now < self.expires
    }

    pub(super) fn next_task(&self) -> Option<&Task> {
        self.tasks.iter().find(|task| task.state == TaskState::Pending)
    }

    /// Changes with every attempt and with the end of its time: what a waiting page compares.
    pub(super) fn version(&self, now: SystemTime) -> String {
        let attempts: usize = self.tasks.iter().map(|task| task.attempts.len()).sum();
        let expired = if self.is_expired(now) { "-expired" } else { "" };
        format!("{attempts}{expired}")
    }

    /// One attempt at the task that is next.
    pub(super) fn play(
        &mut self,
        outcome: CmIdScanOutcome,
        source: Option<Source>,
        now: SystemTime,
        random: &mut Random,
    ) -> Result<Vec<Change>, Refusal> {
        if self.is_expired(now) {
            return Err(Refusal::Expired);
        }
        if self.state != TransactionState::Pending {
            return Err(Refusal::Ended);
        }
        let allowed = self.request.scan.sources();
        let source = source
            .or_else(|| allowed.first().copied())
            .unwrap_or(Source::Camera);
        if outcome.kind() == TaskKind::DocumentScan && !allowed.contains(&source) {
            return Err(Refusal::Source);
        }
        let outcome = self.as_validated(outcome);
        let redacted = self.request.scan.redacted();
        let Some(task) = self
            .tasks
            .iter_mut()
            .find(|task| task.state == TaskState::Pending)
        else {
            return Err(Refusal::Ended);
        };
        if task.kind != outcome.kind() {
            return Err(Refusal::NotItsTurn(task.kind));
        }
        let kind = task.kind;
        let mut attempt = Attempt::new(outcome, source, now);
        if kind == TaskKind::DocumentScan {
            attempt.supply(task.side_waiting(), redacted, random);
        }
        let effect = task.add(attempt);
        let mut changes = Vec::new();
        if effect != Effect::Retry {
            changes.push(Change::Task(kind, task.state));
        }
        match effect {
            Effect::Abort => {
                self.state = TransactionState::Aborted;
                changes.push(Change::Transaction);
            }
            Effect::Complete if kind == TaskKind::DocumentScan => self.keep_document(outcome, random),
            Effect::Complete | Effect::Fail | Effect::Retry => {}
        }
        if self.state == TransactionState::Pending && self.next_task().is_none() {
            self.state = TransactionState::Completed;
            self.completed = Some(now);
            self.result_id = Some(random.uuid());
            changes.push(Change::Transaction);
        }
        Ok(changes)
    }

    /// An invalid field that has to be valid is an error of the scan (contract cm-idscan, 4.3).
    fn as_validated(&self, outcome: CmIdScanOutcome) -> CmIdScanOutcome {
        if outcome == CmIdScanOutcome::InvalidDocumentNumber && self.request.scan.validates("document_number")
        {
            CmIdScanOutcome::FieldValidationFailed
        } else {
            outcome
        }
    }

    /// Makes the files of the result, those only that were asked for (contract cm-idscan, 4.3).
    fn keep_document(&mut self, outcome: CmIdScanOutcome, random: &mut Random) {
        let document = Document::of(outcome);
        self.document = Some((document, outcome == CmIdScanOutcome::InvalidDocumentNumber));
        let redacted = self.request.scan.redacted();
        self.result_files = documents(document, outcome.score(), redacted, random);
        if self.request.scan.extracts("portrait") {
            let picture = Picture::plain(Motif::Portrait);
            self.result_files
                .push(StoredFile::new(FileKind::Portrait, None, picture, random));
        }
    }

    /// What a download gives now. The files of attempts outlive the completion, although no answer names them
    /// any more (ours); those of a transaction that expired unfinished or was aborted are gone.
    pub(super) fn picture(&self, token: &str, now: SystemTime) -> Option<Picture> {
        if self.is_expired(now) || self.state == TransactionState::Aborted {
            return None;
        }
        let of_attempts = self
            .tasks
            .iter()
            .flat_map(|task| &task.attempts)
            .flat_map(|attempt| &attempt.files);
        let of_result = self
            .result_files
            .iter()
            .filter(|file| self.state == TransactionState::Completed && self.is_offered(file));
        of_attempts
            .chain(of_result)
            .find(|file| file.token == token)
            .map(|file| file.picture)
    }

    /// Whether the result gives the file's URL.
    fn is_offered(&self, file: &StoredFile) -> bool {
        match file.kind {
            FileKind::Document(..) => self.request.scan.extracts("document_image"),
            FileKind::Raw | FileKind::Portrait => true,
        }
    }

    pub(super) fn page_url(&self, page_host: &Url) -> Url {
        let mut url = page_host.clone();
        url.set_path(&format!(
            "/{}/identifications/{}",
            self.request.locale.to_ascii_lowercase(),
            self.token
        ));
        url
    }

    /// The answer to its creation (contract cm-idscan, 4.4).
    pub(super) fn created_json(&self, page_host: &Url) -> Value {
        let tasks: Vec<&str> = self.tasks.iter().map(|task| task.kind.as_str()).collect();
        json!({
            "id": self.id,
            "state": self.state.as_str(),
            "tasks": tasks,
            "settings": self.request.settings,
            "url": self.page_url(page_host).as_str(),
            "locale": self.request.locale,
            "mobileOnly": self.request.mobile_only,
            "created": date_time(self.created),
            "expires": date_time(self.expires),
        })
    }

    /// Its details (contract cm-idscan, 5), files while it is pending and not expired.
    pub(super) fn details(&self, download_url: impl Fn(&str) -> String, now: SystemTime) -> Value {
        let has_files = self.is_open(now);
        let url = |file: &StoredFile| has_files.then(|| download_url(&file.token));
        let level = self.request.scan.level.as_deref();
        let tasks: Vec<Value> = self.tasks.iter().map(|task| task.details(level, url)).collect();
        json!({
            "id": self.id,
            "state": self.state.as_str(),
            "created": date_time(self.created),
            "expires": date_time(self.expires),
            "completed": self.completed.map(date_time),
            "tasks": tasks,
        })
    }

    /// Its result (contract cm-idscan, 6), if this is the result's id. What the face tasks have beyond these
    /// members is on no readable page.
    pub(super) fn result(&self, result_id: &str, download_url: impl Fn(&str) -> String) -> Option<Value> {
        if self.result_id.as_deref() != Some(result_id) {
            return None;
        }
        let tasks: Vec<Value> = self
            .tasks
            .iter()
            .map(|task| {
                let mut body = Map::new();
                let mut set = |name: &str, value| body.insert(name.to_owned(), value);
                set("type", json!(task.kind.as_str()));
                set("state", json!(task.state.as_str()));
                set("attempts", json!(task.attempts.len()));
                let score = task.attempts.last().and_then(|attempt| attempt.outcome.score());
                set("score", json!(score));
                if let (TaskKind::DocumentScan, Some((document, is_invalid))) = (task.kind, self.document) {
                    let fields = person::fields(document, &self.request.scan, is_invalid);
                    set("result", Value::Array(fields));
                    set("files", self.result_files_json(&download_url));
                }
                Value::Object(body)
            })
            .collect();
        Some(json!({ "id": self.id, "state": self.state.as_str(), "tasks": tasks }))
    }

    fn result_files_json(&self, download_url: impl Fn(&str) -> String) -> Value {
        self.result_files
            .iter()
            .map(|file| {
                let url = self.is_offered(file).then(|| download_url(&file.token));
                file.json(url.as_deref())
            })
            .collect()
    }
}

/// Tokens and what they open are left out.
impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}
