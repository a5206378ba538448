//! Lists of the console (contract idlayr, 9 and 13).

use std::marker::PhantomData;

use serde_json::value::RawValue;
use verikit_core::{Answer, Call, CallOptions, Error, Items, Operation, Page, Personal, RawReply, Result};

use super::redact::{answer, redact};
use super::{Project, WorkspaceId, get};
use crate::checks::Route;
use crate::client::Client;
use crate::hal::{List, PageInfo, Sort};
use crate::pages::{HalPage, ListQuery, NextPage, page_call};

pub(super) mod sealed {
    use serde::de::DeserializeOwned;
    use serde_json::value::RawValue;

    pub trait Listed: DeserializeOwned + Clone + std::fmt::Debug + Send + Sync + Unpin + 'static {
        /// The items in a list's `_embedded`, or nothing where there is no such collection.
        fn items(embedded: &[u8]) -> Option<Vec<&RawValue>>;
    }
}

/// What is in lists of the console. The console's own types implement it, and no others can.
pub trait ConsoleItem: sealed::Listed {}

/// `listed!(Project in projects)`: the collection's name in `_embedded`.
macro_rules! listed {
    ($item:ident in $collection:ident) => {
        impl $crate::console::list::sealed::Listed for $item {
            fn items(embedded: &[u8]) -> Option<Vec<&serde_json::value::RawValue>> {
                #[derive(serde::Deserialize)]
                struct Embedded<'a> {
                    #[serde(borrow)]
                    $collection: Vec<&'a serde_json::value::RawValue>,
                }
                let embedded: Embedded<'_> = $crate::hal::object(embedded)?;
                Some(embedded.$collection)
            }
        }

        impl $crate::console::ConsoleItem for $item {}
    };
}
pub(super) use listed;

/// A list of the console that is about to be asked for. Awaiting it gives the first page;
/// [`items`](ConsoleList::items) gives a stream of all. Not billed; may be repeated.
///
/// ```
/// # async fn example(console: &idlayr::console::Console) -> idlayr::Result<()> {
/// let mut workspaces = console.workspaces().list().items();
/// while let Some(workspace) = workspaces.next().await {
///     println!("{:?}", workspace?.balance());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct ConsoleList<T: ConsoleItem> {
    client: Client,
    route: Route,
    arguments: Vec<Box<str>>,
    query: ListQuery,
    parameters: Vec<(&'static str, Personal<String>)>,
    search_required: bool,
    options: CallOptions,
    of: PhantomData<fn() -> T>,
}

impl<T: ConsoleItem> ConsoleList<T> {
    pub(super) fn new(client: Client, route: Route, arguments: &[&str]) -> Self {
        Self {
            client,
            route,
            arguments: arguments.iter().map(|argument| Box::from(*argument)).collect(),
            query: ListQuery::default(),
            parameters: Vec::new(),
            search_required: false,
            options: CallOptions::default(),
            of: PhantomData,
        }
    }

    /// The page to begin with. The first is 1, which is the default.
    pub fn page(mut self, page: u32) -> Self {
        self.query.page = Some(page);
        self
    }

    /// How many items a page has: 1 to 100, by default 10.
    pub fn size(mut self, size: u32) -> Self {
        self.query.size = Some(size);
        self
    }

    /// A condition in RSQL, such as `created_at>=2024-05-02T00:00:00Z`. An empty one is an error, and nothing
    /// is sent.
    pub fn search(mut self, condition: impl Into<String>) -> Self {
        self.query.search = Some(Personal::new(condition.into()));
        self
    }

    /// The order.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.query.sort = Some(sort);
        self
    }

    /// All items from the first page on, as a stream. Each page is a call with a deadline of its own.
    pub fn items(self) -> Items<ConsolePage<T>> {
        Items::new(self.into_call())
    }

    /// With a condition that the documents require.
    pub(super) fn searched(mut self, condition: String) -> Self {
        self.search_required = true;
        self.search(condition)
    }

    pub(super) fn parameter(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, Personal::new(value.into())));
        self
    }

    fn operation(&self) -> Result<Operation> {
        let arguments: Vec<&str> = self.arguments.iter().map(|argument| &**argument).collect();
        let operation = get(&self.client, self.route, &arguments)?;
        let search = self.query.search.as_ref().map(|search| search.expose().as_str());
        if self.search_required && search.unwrap_or_default().is_empty() {
            return Err(Error::invalid_input(
                "the condition to search by is required here, such as date>=2024-01-10",
            ));
        }
        let mut operation = self.query.add_to(operation)?;
        for (at, said) in self.parameters.iter().enumerate() {
            if self.parameters.iter().take(at).any(|before| before == said) {
                return Err(Error::invalid_input(
                    "the list is told twice to count by the same",
                ));
            }
            let (name, value) = said;
            operation = operation.query(name, value.expose());
        }
        Ok(operation)
    }

    fn into_call(self) -> Call<ConsolePage<T>> {
        let operation = self.operation().map_err(|error| error.with_provider("idlayr"));
        page_call(&self.client, self.route, operation, self.options, None)
    }
}

impl ConsoleList<Project> {
    /// Only projects of this name: the list's own filter.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.parameter("name", name)
    }
}

verikit_core::forward_call!(ConsoleList<T: ConsoleItem> => ConsolePage<T>);

/// One page of a list of the console.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConsolePage<T: ConsoleItem> {
    /// The items.
    pub items: Vec<Answer<T>>,
    /// Where the page stands, if the answer says so.
    pub page: Option<PageInfo>,
    next: NextPage,
}

impl<T: ConsoleItem> ConsolePage<T> {
    /// The call for the page after this one, or nothing at the end.
    ///
    /// The provider's link is followed, on the configured origin only: a link to anywhere else ends in an
    /// error of the kind [`Untrusted`](crate::ErrorKind::Untrusted), and nothing is sent.
    #[must_use]
    pub fn next(&self) -> Option<Call<Self>> {
        self.next.call()
    }
}

impl<T: ConsoleItem> HalPage for ConsolePage<T> {
    fn read_list(body: &[u8]) -> Option<List<Vec<&RawValue>>> {
        List::read_with(body, T::items)
    }

    fn new(reply: &RawReply, items: &[&RawValue], page: Option<PageInfo>, next: NextPage) -> Result<Self> {
        let body = reply.body();
        let items = items
            .iter()
            .map(|item| answer(body.slice_ref(item.get().as_bytes())))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { items, page, next })
    }

    fn call(
        client: &Client,
        operation: Result<Operation>,
        read: impl FnOnce(&RawReply) -> Result<Self> + Send + 'static,
    ) -> Call<Self> {
        client.core().call_redacted(operation, redact, read)
    }
}

impl<T: ConsoleItem> Page for ConsolePage<T> {
    type Item = Answer<T>;

    fn into_parts(self) -> (Vec<Self::Item>, Option<Call<Self>>) {
        let next = self.next();
        (self.items, next)
    }
}

/// The arguments of a path in a workspace.
pub(super) fn in_workspace<'a>(workspace_id: &'a WorkspaceId, rest: &[&'a str]) -> Vec<&'a str> {
    std::iter::once(workspace_id.as_str())
        .chain(rest.iter().copied())
        .collect()
}
