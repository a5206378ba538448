//! Lists that come in pages (contract idlayr, 9), whatever is listed.

use serde_json::value::RawValue;
use verikit_core::{Call, CallOptions, Delivery, Error, Operation, Personal, RawReply, Result};

use crate::checks::Route;
use crate::client::Client;
use crate::hal::{List, PageInfo, Sort};

/// What lists are asked with.
#[derive(Debug, Default)]
pub(crate) struct ListQuery {
    pub(crate) page: Option<u32>,
    pub(crate) size: Option<u32>,
    pub(crate) search: Option<Personal<String>>,
    pub(crate) sort: Option<Sort>,
}

impl ListQuery {
    pub(crate) fn add_to(&self, mut operation: Operation) -> Result<Operation> {
        match self.page {
            Some(0) => return Err(Error::invalid_input("pages are counted from 1")),
            Some(page) => operation = operation.query("page", &page.to_string()),
            None => {}
        }
        match self.size {
            Some(size) if (1..=100).contains(&size) => operation = operation.query("size", &size.to_string()),
            Some(_) => return Err(Error::invalid_input("a page has 1 to 100 items")),
            None => {}
        }
        if let Some(search) = &self.search {
            if search.expose().trim().is_empty() {
                return Err(Error::invalid_input(
                    "the condition to search by is empty; leave it out",
                ));
            }
            operation = operation.query("search", search.expose());
        }
        if let Some(sort) = &self.sort {
            operation = operation.query("sort", &sort.to_query()?);
        }
        Ok(operation)
    }
}

/// A page of one kind of items.
pub(crate) trait HalPage: Sized + Send + 'static {
    /// Reads a list of these items, or nothing where it is none.
    fn read_list(body: &[u8]) -> Option<List<Vec<&RawValue>>>;

    /// Makes the page.
    fn new(reply: &RawReply, items: &[&RawValue], page: Option<PageInfo>, next: NextPage) -> Result<Self>;

    /// How its call is made.
    fn call(
        client: &Client,
        operation: Result<Operation>,
        read: impl FnOnce(&RawReply) -> Result<Self> + Send + 'static,
    ) -> Call<Self> {
        client.core().call(operation, read)
    }
}

/// What is needed to ask for the page after this one.
#[derive(Debug, Clone)]
pub(crate) struct NextPage {
    client: Client,
    route: Route,
    options: CallOptions,
    asked: Personal<String>,
    link: Option<Personal<String>>,
    /// What is sent in its place may be anybody's number.
    number: Option<Personal<u64>>,
}

/// The call for a page. `after` is the number of the page before, if it had one.
pub(crate) fn page_call<P: HalPage>(
    client: &Client,
    route: Route,
    operation: Result<Operation>,
    options: CallOptions,
    after: Option<u64>,
) -> Call<P> {
    let asked = operation
        .as_ref()
        .map(|operation| operation.path_and_query().to_owned())
        .unwrap_or_default();
    let next = NextPage {
        client: client.clone(),
        route,
        options: options.clone(),
        asked: Personal::new(asked),
        link: None,
        number: None,
    };
    P::call(client, operation, move |reply| read_page(reply, after, next)).with_options(options)
}

fn read_page<P: HalPage>(reply: &RawReply, after: Option<u64>, mut next: NextPage) -> Result<P> {
    let list = P::read_list(reply.body())
        .ok_or_else(|| Error::decode("it is no HAL list with the expected items in _embedded"))?;
    // A row of pages that does not get on would be read for ever.
    if let (Some(before), Some(page)) = (after, &list.page)
        && (1..=before).contains(&page.number)
    {
        return Err(Error::decode("the next page of the list is not behind this one"));
    }
    let link = list.links.unwrap_or_default().next;
    next.link = link.map(|link| Personal::new(link.href));
    next.number = list.page.map(|page| Personal::new(page.number));
    P::new(reply, &list.embedded, list.page, next)
}

impl NextPage {
    /// The call for the page after this one, or nothing at the end.
    pub(crate) fn call<P: HalPage>(&self) -> Option<Call<P>> {
        let link = self.link.as_ref()?;
        let operation = Operation::follow(
            self.route.name,
            self.client.realm(),
            self.route.path,
            link.expose(),
        )
        .and_then(|operation| {
            if operation.path_and_query() == self.asked.expose() {
                Err(Error::decode("the link to the next page leads to the same page")
                    .with_delivery(Delivery::NotSent)
                    .with_provider("idlayr"))
            } else {
                Ok(operation)
            }
        });
        let options = self.options.clone();
        Some(page_call(
            &self.client,
            self.route,
            operation,
            options,
            self.number.map(Personal::into_inner),
        ))
    }
}
