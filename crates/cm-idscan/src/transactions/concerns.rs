//! What speaks against a result, or at least not for it.

use std::collections::{HashMap, HashSet};

use super::result::{Comparison, FieldResult, ResultTask, TransactionResult, Validity};
use super::tasks::Tasks;
use super::types::{Field, TaskState, TaskType, TransactionState};

/// Something about a result that is not known to be good. None of them holds a value that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Concern {
    /// The transaction is not completed.
    TransactionState(TransactionState),
    /// A task that was asked for is missing.
    TaskMissing(TaskType),
    /// A task is there twice, or one that was not asked for.
    TaskUnexpected(TaskType),
    /// A task is not completed.
    TaskState(TaskType, TaskState),
    /// The recognition is less sure than was asked for, or does not say.
    Score(Option<f64>),
    /// Nothing was read from the document.
    NothingRead,
    /// A field has no value.
    NoValue(Field),
    /// A field has several values from one place on the document, in one language, and they differ.
    Ambiguous(Field),
    /// A field is not known to be valid: it is invalid, nobody looked, or the answer does not say.
    Validity(Field, Option<Validity>),
    /// The places where a field stands are not known to agree: nothing was compared, the answer does not say,
    /// or it says something that is not `match`.
    Comparison(Field, Option<Comparison>),
    /// A face task is completed, and what came of it cannot be known: the members that say so are not
    /// published (contract cm-idscan, 14). Look at [`Answer::extra`](crate::Answer::extra) of the task.
    FaceOutcome(TaskType),
}

impl Concern {
    /// Whether nobody looked, as the provider says itself: a field that was `not_checked`, or a comparison
    /// that was `not_performed`. Ordinary results of genuine documents have such fields; whether they will do
    /// is yours to decide.
    #[must_use]
    pub fn is_unchecked(&self) -> bool {
        matches!(
            self,
            Self::Validity(_, Some(Validity::NotChecked))
                | Self::Comparison(_, Some(Comparison::NotPerformed))
        )
    }
}

impl TransactionResult {
    /// Everything about this result that is not known to be good, given the tasks that the transaction was
    /// created with and the least score that will do: the vendor documents no threshold.
    ///
    /// `completed` says that the tasks were done, not that the document is genuine. What this version does
    /// not know is never taken for good.
    ///
    /// ```
    /// # fn example(result: &cm_idscan::TransactionResult) -> bool {
    /// use cm_idscan::{Concern, Tasks};
    ///
    /// // For a sign-up where it will do that nothing speaks against the document; 0.8 is your own threshold:
    /// result.concerns(Tasks::DocumentScan, 0.8).iter().all(Concern::is_unchecked)
    /// # }
    /// ```
    #[must_use]
    pub fn concerns(&self, tasks: Tasks, least_score: f64) -> Vec<Concern> {
        let mut concerns = Vec::new();
        if self.state != TransactionState::Completed {
            concerns.push(Concern::TransactionState(self.state.clone()));
        }
        for asked in tasks.types() {
            if self.task(asked).is_none() {
                concerns.push(Concern::TaskMissing(asked.clone()));
            }
        }
        for (place, task) in self.tasks.iter().enumerate() {
            let earlier = self.tasks.iter().take(place);
            let doubled = earlier
                .into_iter()
                .any(|earlier| earlier.task_type == task.task_type);
            if doubled || !tasks.types().contains(&task.task_type) {
                concerns.push(Concern::TaskUnexpected(task.task_type.clone()));
            }
            of_task(task, least_score, &mut concerns);
        }
        concerns
    }

    /// Whether all is known to be good: there is no [concern](TransactionResult::concerns).
    ///
    /// This is strict. It is `false` where a field was not checked or not compared, as in many results of
    /// genuine documents; and with face tasks it is always `false`, because what came of them cannot be read
    /// from anything that is published.
    #[must_use]
    pub fn is_all_clear(&self, tasks: Tasks, least_score: f64) -> bool {
        self.concerns(tasks, least_score).is_empty()
    }
}

fn of_task(task: &ResultTask, least_score: f64, concerns: &mut Vec<Concern>) {
    if task.state != TaskState::Completed {
        concerns.push(Concern::TaskState(task.task_type.clone(), task.state.clone()));
    }
    if task.task_type != TaskType::DocumentScan {
        concerns.push(Concern::FaceOutcome(task.task_type.clone()));
        return;
    }
    // A score outside of 0 to 1, or a least score that is no number, is nothing to rely on either.
    let sure = |score: &f64| *score >= least_score && (0.0..=1.0).contains(score);
    if task.score.as_ref().is_none_or(|score| !sure(score)) {
        concerns.push(Concern::Score(task.score));
    }
    if task.result.is_empty() {
        concerns.push(Concern::NothingRead);
    }
    for entry in &task.result {
        of_field(entry, concerns);
    }
    of_places(&task.result, concerns);
}

/// A place has one value: of two, [`value`](TransactionResult::value) would give the one that comes first.
fn of_places(entries: &[FieldResult], concerns: &mut Vec<Concern>) {
    let mut places = HashMap::new();
    let mut told = HashSet::new();
    for entry in entries {
        for value in &entry.values {
            let place = (&entry.field, &entry.locale, &value.source);
            let first = *places.entry(place).or_insert(&value.value);
            if *first != value.value && told.insert(&entry.field) {
                concerns.push(Concern::Ambiguous(entry.field.clone()));
            }
        }
    }
}

fn of_field(entry: &FieldResult, concerns: &mut Vec<Concern>) {
    if entry.value().is_none_or(|value| value.expose().is_empty()) {
        concerns.push(Concern::NoValue(entry.field.clone()));
    }
    if entry.validity != Some(Validity::Valid) {
        concerns.push(Concern::Validity(entry.field.clone(), entry.validity.clone()));
    }
    if entry.comparison != Some(Comparison::Match) {
        concerns.push(Concern::Comparison(entry.field.clone(), entry.comparison.clone()));
    }
}
