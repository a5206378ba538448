//! Lists of checks (contract idlayr, 9).

use std::marker::PhantomData;

use verikit_core::{
    Answer, Call, CallOptions, Delivery, Error, Items, Operation, Page, Personal, RawReply, Result,
};

use super::{Check, Route};
use crate::client::Client;
use crate::hal::{EmbeddedChecks, List, PageInfo, Sort};
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
///     println!("{} {:?}", check?.check_id, "completed");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CheckList<C: Check = PhoneCheck> {
    client: Client,
    route: Route,
    page: Option<u32>,
    size: Option<u32>,
    search: Option<Personal<String>>,
    sort: Option<Sort>,
    options: CallOptions,
    of: PhantomData<fn() -> C>,
}

impl<C: Check> CheckList<C> {
    pub(crate) fn new(client: Client, route: Route) -> Self {
        Self {
            client,
            route,
            page: None,
            size: None,
            search: None,
            sort: None,
            options: CallOptions::default(),
            of: PhantomData,
        }
    }

    /// The page to begin with. The first is 1, which is the default.
    pub fn page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// How many checks a page has: 1 to 100. The provider's default is 10.
    pub fn size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    /// A condition in RSQL, such as `status==COMPLETED` or `created_at>=2024-05-02T00:00:00Z`.
    pub fn search(mut self, condition: impl Into<String>) -> Self {
        self.search = Some(Personal::new(condition.into()));
        self
    }

    /// The order.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// All checks from the first page on, as a stream. Each page is a call with a deadline of its own.
    pub fn items(self) -> Items<CheckPage<C>> {
        Items::new(self.into_call())
    }

    fn operation(&self) -> Result<Operation> {
        let mut operation = Operation::get(self.route.name, self.client.realm(), self.route.path, &[])?;
        match self.page {
            Some(0) => return Err(Error::invalid_input("pages are counted from 1")),
            Some(page) => operation = operation.query("page", &page.to_string()),
            None => {}
        }
        match self.size {
            Some(size) if (1..=100).contains(&size) => operation = operation.query("size", &size.to_string()),
            Some(_) => return Err(Error::invalid_input("a page has 1 to 100 checks")),
            None => {}
        }
        if let Some(search) = &self.search {
            operation = operation.query("search", search.expose());
        }
        if let Some(sort) = &self.sort {
            operation = operation.query("sort", &sort.to_query()?);
        }
        Ok(operation)
    }

    pub(super) fn into_call(self) -> Call<CheckPage<C>> {
        let operation = self.operation().map_err(|error| error.with_provider("idlayr"));
        page_call(&self.client, self.route, operation, self.options, None)
    }
}

verikit_core::forward_call!(CheckList<C: Check> => CheckPage<C>);

fn page_call<C: Check>(
    client: &Client,
    route: Route,
    operation: Result<Operation>,
    options: CallOptions,
    after: Option<u64>,
) -> Call<CheckPage<C>> {
    let asked = operation
        .as_ref()
        .map(|operation| operation.path_and_query().to_owned())
        .unwrap_or_default();
    let next = Next {
        client: client.clone(),
        route,
        options: options.clone(),
        asked: Personal::new(asked),
        after,
    };
    client
        .core()
        .call(operation, |reply| CheckPage::read(reply, next))
        .with_options(options)
}

/// What is needed to ask for the page after this one.
#[derive(Debug, Clone)]
struct Next {
    client: Client,
    route: Route,
    options: CallOptions,
    asked: Personal<String>,
    /// The number of the page before, if it had one.
    after: Option<u64>,
}

/// One page of checks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckPage<C: Check = PhoneCheck> {
    /// The checks.
    pub checks: Vec<Answer<C>>,
    /// Where the page stands, if the answer says so.
    pub page: Option<PageInfo>,
    link: Option<Personal<String>>,
    next: Next,
}

impl<C: Check> CheckPage<C> {
    fn read(reply: &RawReply, next: Next) -> Result<Self> {
        let body = reply.body();
        let list: List<EmbeddedChecks<'_>> =
            List::read(body).ok_or_else(|| Error::decode("it is no HAL list with checks in _embedded"))?;
        let checks = list
            .embedded
            .checks
            .iter()
            .map(|check| Answer::from_json(body.slice_ref(check.get().as_bytes())))
            .collect::<Result<Vec<_>>>()?;
        // A row of pages that does not get on would be read for ever.
        if let (Some(before), Some(page)) = (next.after, &list.page)
            && (1..=before).contains(&page.number)
        {
            return Err(Error::decode("the next page of the list is not behind this one"));
        }
        let link = list
            .links
            .unwrap_or_default()
            .next
            .map(|link| Personal::new(link.href));
        Ok(Self {
            checks,
            page: list.page,
            link,
            next,
        })
    }

    /// The call for the page after this one, or nothing at the end.
    ///
    /// The provider's link is followed, on the configured origin only: a link to anywhere else ends in an
    /// error of the kind [`Untrusted`](crate::ErrorKind::Untrusted), and nothing is sent.
    #[must_use]
    pub fn next(&self) -> Option<Call<Self>> {
        let link = self.link.as_ref()?;
        let Next {
            client,
            route,
            options,
            asked,
            ..
        } = self.next.clone();
        let operation =
            Operation::follow(route.name, client.realm(), route.path, link.expose()).and_then(|operation| {
                if operation.path_and_query() == asked.expose() {
                    Err(Error::decode("the link to the next page leads to the same page")
                        .with_delivery(Delivery::NotSent)
                        .with_provider("idlayr"))
                } else {
                    Ok(operation)
                }
            });
        Some(page_call(
            &client,
            route,
            operation,
            options,
            self.page.map(|page| page.number),
        ))
    }
}

impl<C: Check> Page for CheckPage<C> {
    type Item = Answer<C>;

    fn into_parts(self) -> (Vec<Self::Item>, Option<Call<Self>>) {
        let next = self.next();
        (self.checks, next)
    }
}
