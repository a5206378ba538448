//! Lists, page by page (contract 9): the same for checks and in the console.

mod search;

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::problem::Problem;
pub(super) use search::Property;
use search::{Comparison, Sort, search};

const LARGEST: usize = 100;
const USUAL: usize = 10;

/// What tells one list from another.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    collection: &'static str,
    searched: &'a [Property],
    sorted: &'a [Property],
    parameters: &'static [&'static str],
    has_page_links: bool,
    is_newest_first: bool,
}

impl<'a> List<'a> {
    /// A list in the order of creation, with pages, that can be searched and sorted by `properties`.
    pub(super) const fn new(collection: &'static str, properties: &'a [Property]) -> Self {
        Self {
            collection,
            searched: properties,
            sorted: properties,
            parameters: &[],
            has_page_links: true,
            is_newest_first: false,
        }
    }

    /// Has parameters that no other list has.
    pub(super) const fn with(mut self, parameters: &'static [&'static str]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Has no link but `self`, and so is whole unless a page is asked for.
    pub(super) const fn without_page_links(mut self) -> Self {
        self.has_page_links = false;
        self
    }

    /// Sorts by these alone.
    pub(super) const fn sorted_by(mut self, properties: &'a [Property]) -> Self {
        self.sorted = properties;
        self
    }

    pub(super) const fn newest_first(mut self) -> Self {
        self.is_newest_first = true;
        self
    }

    pub(super) fn read(self, query: Option<&str>) -> Result<Query, Problem> {
        let mut read = Query {
            collection: self.collection,
            has_page_links: self.has_page_links,
            is_newest_first: self.is_newest_first,
            page: None,
            size: None,
            search: Vec::new(),
            sort: None,
            repeated: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "page" => {
                    let page = number(&value).filter(|page| *page >= 1);
                    let problem = || Problem::bad_request("page must be a whole number from 1.");
                    read.page = Some(page.ok_or_else(problem)?);
                    continue;
                }
                "size" => {
                    let size = number(&value).filter(|size| (1..=LARGEST).contains(size));
                    let problem = || Problem::bad_request("size must be a whole number from 1 to 100.");
                    read.size = Some(size.ok_or_else(problem)?);
                }
                "search" => read.search = search(&value, self.searched)?,
                "sort" => read.sort = Some(Sort::parse(&value, self.sorted)?),
                own if self.parameters.contains(&own) => {}
                // Members that are not documented are ignored.
                _ => continue,
            }
            read.repeated.push((name.into_owned(), value.into_owned()));
        }
        Ok(read)
    }
}

/// What was asked of a list.
pub(super) struct Query {
    collection: &'static str,
    has_page_links: bool,
    is_newest_first: bool,
    page: Option<usize>,
    size: Option<usize>,
    search: Vec<Comparison>,
    sort: Option<Sort>,
    /// What the links repeat: everything but the page.
    repeated: Vec<(String, String)>,
}

impl Query {
    /// The values of a parameter that no other list has.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let repeated = self.repeated.iter();
        repeated.filter_map(move |(known, value)| (known == name).then_some(value.as_str()))
    }

    pub(super) fn is_search(&self) -> bool {
        !self.search.is_empty()
    }

    /// Whether an item is one of those that are searched for.
    pub(super) fn selects(&self, item: &Value) -> bool {
        self.search.iter().all(|comparison| comparison.holds(item))
    }

    /// The page that was asked for. `items` are all there are, oldest first; `url` leads to the list.
    pub(super) fn answer(&self, url: &str, mut items: Vec<Value>) -> Value {
        items.retain(|item| self.selects(item));
        self.page_of(url, items)
    }

    /// The same of items among which there is nothing to search any more.
    pub(super) fn page_of(&self, url: &str, mut items: Vec<Value>) -> Value {
        match &self.sort {
            Some(sort) => sort.apply(&mut items),
            None if self.is_newest_first => items.reverse(),
            None => {}
        }
        let is_whole = !self.has_page_links && self.page.is_none() && self.size.is_none();
        let size = if is_whole {
            usize::MAX
        } else {
            self.size.unwrap_or(USUAL)
        };
        let page = self.page.unwrap_or(1);
        let total = items.len();
        let pages = total.div_ceil(size);
        let items = items.into_iter().skip((page - 1).saturating_mul(size)).take(size);
        let mut body = json!({
            "_embedded": { self.collection: items.collect::<Vec<Value>>() },
            "_links": self.links(url, page, pages),
        });
        if let (false, Some(members)) = (is_whole, body.as_object_mut()) {
            let place = json!({
                "size": size,
                "number": page,
                "total_pages": pages,
                "total_elements": total,
            });
            members.insert("page".to_owned(), place);
        }
        body
    }

    /// `next` and `prev` are left out at the ends: the vendor's sources disagree, and its style rules
    /// say so.
    fn links(&self, url: &str, page: usize, pages: usize) -> Value {
        let mut links = Map::new();
        let mut add = |name: &str, page: Option<usize>| {
            links.insert(name.to_owned(), json!({ "href": self.href(url, page) }));
        };
        if !self.has_page_links {
            add("self", self.page);
            return Value::Object(links);
        }
        let last = pages.max(1);
        add("self", Some(page));
        add("first", Some(1));
        add("last", Some(last));
        if page < last {
            add("next", Some(page + 1));
        }
        if page > 1 {
            add("prev", Some((page - 1).min(last)));
        }
        Value::Object(links)
    }

    fn href(&self, url: &str, page: Option<usize>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(page) = page {
            query.append_pair("page", &page.to_string());
        }
        let query = query.extend_pairs(&self.repeated).finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{url}{mark}{query}")
    }
}

fn number(text: &str) -> Option<usize> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}
