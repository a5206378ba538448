//! Finding the checks of a create whose answer is lost (contract idlayr, 9 and 17).

use std::collections::HashSet;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use verikit_core::{Answer, CallFuture, Delivery, Error, ErrorKind, Personal, Result, Timestamp};

use super::{Check, CheckList, Route};
use crate::client::Client;
use crate::hal::Sort;
use crate::phone_checks::PhoneCheck;

/// A caller comes here when its create went wrong, which was a moment ago.
const LOOK_BACK: Duration = Duration::from_secs(3600);
/// As many as a page has at most.
const PAGE_SIZE: u32 = 100;
/// A project that creates more checks than these pages have must look from a later moment on; what was found
/// in a part of the list could be taken for all of it.
const MOST_PAGES: usize = 100;
/// Somebody waits for the answer.
const WITHIN: Duration = Duration::from_secs(60);

/// Looks for the checks that were created with a reference. Await it to begin.
///
/// For a create that ended with "it may have been carried out": what is found can be gone on with, so that no
/// second check is paid for. The candidates come newest first; each has its `check_id` and, where it takes a
/// device, its `check_url`. Give each create a reference of its own, and there is one candidate at most.
///
/// The provider is asked for the checks that were created in the last hour, or since
/// [`created_since`](Self::created_since), newest first; the reference is compared here, letter by letter.
/// Only what the documents name is asked for: that a list can be searched for a `reference_id` is in none of
/// them. Each page of 100 checks is a call with a deadline of its own, and counts against the rate limit;
/// [`within`](Self::within) bounds them all.
///
/// **Nothing found proves nothing yet**: a create that is still on its way may be carried out after this
/// question, and that a check in the list has its reference is inferred (contract idlayr, 3.3). Ask again
/// after the time that the create had, before you create another check. Checks are looked for in one version
/// of one product, that of the handle; that a check of another version would be listed there is not
/// documented.
///
/// ```
/// # async fn example(client: &idlayr::Client, number: idlayr::PhoneNumber) -> Result<(), idlayr::Error> {
/// let checks = client.phone_checks();
/// let (check_id, check_url) = match checks.create(number).reference_id("order-77").await {
///     Ok(check) => (check.check_id.clone(), Some(check.check_url.clone())),
///     // Another create could be a second check.
///     Err(error) if !error.is_safe_to_repeat() => {
///         let found = checks.find_by_reference("order-77").await?;
///         let Some(check) = found.first() else { return Err(error) };
///         (check.check_id.clone(), check.check_url.clone())
///     }
///     Err(error) => return Err(error),
/// };
/// # let _ = (check_id, check_url);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is looked for until it is awaited"]
pub struct FindByReference<C: Check = PhoneCheck> {
    client: Client,
    route: Route,
    reference_id: Personal<String>,
    created_since: Option<SystemTime>,
    within: Duration,
    of: PhantomData<fn() -> C>,
}

impl<C: Check> FindByReference<C> {
    pub(crate) fn new(client: Client, route: Route, reference_id: String) -> Self {
        Self {
            client,
            route,
            reference_id: Personal::new(reference_id),
            created_since: None,
            within: WITHIN,
            of: PhantomData,
        }
    }

    /// The moment, by the provider's clock, from which on checks are looked for. Take one a few minutes
    /// before the create, so that clocks may differ. Default an hour ago.
    pub fn created_since(mut self, time: SystemTime) -> Self {
        self.created_since = Some(time);
        self
    }

    /// How long it goes on: no page is asked for after this time, and the last one has the deadline of a
    /// call. Default a minute.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Looks; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// An error of the kind [`InvalidInput`](ErrorKind::InvalidInput) when the reference is empty or the
    /// moment is before the year 1970 or after 9999; of the kind [`TooLarge`](ErrorKind::TooLarge) when more
    /// than 10 000 checks were created since, and [`Timeout`](ErrorKind::Timeout) when there are further
    /// pages and no time is left, since a part of the list could be taken for all of it; otherwise as the
    /// product's `list`.
    pub async fn send(self) -> Result<Vec<Answer<C>>> {
        let refuse = |detail: &'static str| Error::invalid_input(detail).with_provider("idlayr");
        if self.reference_id.expose().is_empty() {
            return Err(refuse("the reference to look for is empty"));
        }
        let since = match self.created_since {
            Some(time) => time,
            None => {
                let now = self.client.core().clock().system_time();
                now.checked_sub(LOOK_BACK).unwrap_or(SystemTime::UNIX_EPOCH)
            }
        };
        let since = Timestamp::from_system_time(since)
            .ok_or_else(|| refuse("the moment to look from is before the year 1970 or after 9999"))?;
        let clock = Arc::clone(self.client.core().clock());
        let began = clock.now();
        // Newest first: what is created meanwhile moves checks to later pages, where they come twice, and
        // none is passed over.
        let mut call = CheckList::<C>::new(self.client, self.route)
            .search(format!("created_at>={}", since.as_str()))
            .sort(Sort::descending("created_at"))
            .size(PAGE_SIZE)
            .into_call();
        let mut found: Vec<Answer<C>> = Vec::new();
        let mut known = HashSet::new();
        let incomplete = |kind, detail: &'static str| {
            Error::new(kind, detail)
                .with_delivery(Delivery::NotSent)
                .with_provider("idlayr")
        };
        for _ in 0..MOST_PAGES {
            let page = call.await?;
            let next = page.next();
            let wanted = page.checks.into_iter().filter(|check| {
                check.reference_id().map(Personal::expose) == Some(self.reference_id.expose())
            });
            found.extend(wanted.filter(|check| known.insert(check.check_id().clone())));
            let Some(next) = next else { return Ok(found) };
            if clock.now().saturating_duration_since(began) >= self.within {
                let detail = "the list has further pages, and the time for looking through it is over";
                return Err(incomplete(ErrorKind::Timeout, detail));
            }
            call = next;
        }
        let detail = "more checks were created since then than are looked through; pass a later moment";
        Err(incomplete(ErrorKind::TooLarge, detail))
    }
}

impl<C: Check> IntoFuture for FindByReference<C> {
    type Output = Result<Vec<Answer<C>>>;
    type IntoFuture = CallFuture<Vec<Answer<C>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
