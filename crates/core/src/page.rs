//! Lists that come in pages, as a stream of their items.

use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::call::{Call, CallFuture};
use crate::error::{Error, Result};

/// One page of a list.
pub trait Page: Sized + Send + 'static {
    /// What the list is of.
    type Item: Send + Unpin + 'static;

    /// The items of this page, and the call for the next one.
    fn into_parts(self) -> (Vec<Self::Item>, Option<Call<Self>>);
}

/// The items of a list, page after page. Each page is fetched when its first item is asked for, with a
/// deadline of its own.
///
/// An error ends the stream.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<P: Page> {
    ready: VecDeque<P::Item>,
    state: State<P>,
    empty_pages: u32,
}

/// A filter may leave some pages empty; an endless row of them is no list.
const EMPTY_PAGES: u32 = 16;

enum State<P: Page> {
    Next(Box<Call<P>>),
    Fetching(CallFuture<P>),
    Done,
}

impl<P: Page> Items<P> {
    /// The items of the page that `first` fetches, and of all that follow it.
    pub fn new(first: Call<P>) -> Self {
        Self {
            ready: VecDeque::new(),
            state: State::Next(Box::new(first)),
            empty_pages: 0,
        }
    }

    /// The next item, for callers without a stream library at hand.
    ///
    /// # Errors
    ///
    /// When a page cannot be fetched.
    pub async fn next(&mut self) -> Option<Result<P::Item>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<P: Page> Stream for Items<P> {
    type Item = Result<P::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Next(call) => self.state = State::Fetching(call.into_future()),
                State::Fetching(mut future) => match future.as_mut().poll(context) {
                    Poll::Pending => {
                        self.state = State::Fetching(future);
                        return Poll::Pending;
                    }
                    Poll::Ready(page) => {
                        let page = match page {
                            Ok(page) => page,
                            Err(error) => return Poll::Ready(Some(Err(error))),
                        };
                        let (items, next) = page.into_parts();
                        self.empty_pages = if items.is_empty() { self.empty_pages + 1 } else { 0 };
                        if let Some(next) = next.as_ref().filter(|_| self.empty_pages > EMPTY_PAGES) {
                            let endless =
                                Error::decode("the list goes on with one empty page after the other");
                            return Poll::Ready(Some(Err(next.operation_context()(endless))));
                        }
                        self.ready = items.into();
                        self.state = next.map_or(State::Done, |next| State::Next(Box::new(next)));
                    }
                },
            }
        }
    }
}

impl<P: Page> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
