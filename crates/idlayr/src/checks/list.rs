//! Lists of checks (contract idlayr, 9).

use std::marker::PhantomData;

use serde_json::value::RawValue;
use verikit_core::{Answer, Call, CallOptions, Items, Operation, Page, Personal, RawReply, Result};

use super::{Check, Route};
use crate::client::Client;
use crate::hal::{EmbeddedChecks, List, PageInfo, Sort, object};
use crate::pages::{HalPage, ListQuery, NextPage, page_call};
use crate::phone_checks::PhoneCheck;

/// A list of checks of one product that is about to be asked for. Awaiting it gives the first page.
///
/// ```
/// # async fn example(client: &idlayr::Client) -> idlayr::Result<()> {
/// use idlayr::Sort;
///
/// let mut completed = client
///     .phone_checks()
///     .list()
///     .search("status==COMPLETED")
///     .sort(Sort::descending("created_at"))
///     .size(100)
///     .items();
/// while let Some(check) = completed.next().await {
///     println!("{} is completed", check?.check_id.as_str());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CheckList<C: Check = PhoneCheck> {
    client: Client,
    route: Route,
    query: ListQuery,
    options: CallOptions,
    of: PhantomData<fn() -> C>,
}

impl<C: Check> CheckList<C> {
    pub(crate) fn new(client: Client, route: Route) -> Self {
        Self {
            client,
            route,
            query: ListQuery::default(),
            options: CallOptions::default(),
            of: PhantomData,
        }
    }

    /// The page to begin with. The first is 1, which is the default.
    pub fn page(mut self, page: u32) -> Self {
        self.query.page = Some(page);
        self
    }

    /// How many checks a page has: 1 to 100. The provider's default is 10.
    pub fn size(mut self, size: u32) -> Self {
        self.query.size = Some(size);
        self
    }

    /// A condition in RSQL, such as `status==COMPLETED` or `created_at>=2024-05-02T00:00:00Z`. An
    /// empty one is an error, and nothing is sent.
    pub fn search(mut self, condition: impl Into<String>) -> Self {
        self.query.search = Some(Personal::new(condition.into()));
        self
    }

    /// The order.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.query.sort = Some(sort);
        self
    }

    /// All checks from the first page on, as a stream. Each page is a call with a deadline of its own.
    pub fn items(self) -> Items<CheckPage<C>> {
        Items::new(self.into_call())
    }

    fn operation(&self) -> Result<Operation> {
        let operation = Operation::get(self.route.name, self.client.realm(), self.route.path, &[])?;
        self.query.add_to(operation)
    }

    pub(super) fn into_call(self) -> Call<CheckPage<C>> {
        let operation = self.operation().map_err(|error| error.with_provider("idlayr"));
        page_call(&self.client, self.route, operation, self.options, None)
    }
}

verikit_core::forward_call!(CheckList<C: Check> => CheckPage<C>);

/// One page of checks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckPage<C: Check = PhoneCheck> {
    /// The checks.
    pub checks: Vec<Answer<C>>,
    /// Where the page stands, if the answer says so.
    pub page: Option<PageInfo>,
    next: NextPage,
}

impl<C: Check> CheckPage<C> {
    /// The call for the page after this one, or nothing at the end.
    ///
    /// The provider's link is followed, on the configured origin only: a link to anywhere else ends in an
    /// error of the kind [`Untrusted`](crate::ErrorKind::Untrusted), and nothing is sent.
    #[must_use]
    pub fn next(&self) -> Option<Call<Self>> {
        self.next.call()
    }
}

impl<C: Check> HalPage for CheckPage<C> {
    fn read_list(body: &[u8]) -> Option<List<Vec<&RawValue>>> {
        List::read_with(body, |embedded| {
            object::<EmbeddedChecks<'_>>(embedded).map(|embedded| embedded.checks)
        })
    }

    fn new(reply: &RawReply, items: &[&RawValue], page: Option<PageInfo>, next: NextPage) -> Result<Self> {
        let body = reply.body();
        let checks = items
            .iter()
            .map(|check| Answer::from_json(body.slice_ref(check.get().as_bytes())))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { checks, page, next })
    }
}

impl<C: Check> Page for CheckPage<C> {
    type Item = Answer<C>;

    fn into_parts(self) -> (Vec<Self::Item>, Option<Call<Self>>) {
        let next = self.next();
        (self.checks, next)
    }
}
