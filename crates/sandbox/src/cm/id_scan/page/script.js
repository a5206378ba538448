"use strict";
const page = document.body.dataset;
const address = location.pathname + location.search;

// The message goes to the parent's origin alone. Where the browser does not tell it (a parent from a file, or one
// with "Referrer-Policy: no-referrer" in a browser without ancestorOrigins) it goes to any: it holds ids, which
// open nothing without a token. The origin is kept in the history, because a reload forgets the referrer.
function parentOrigin() {
  const ancestors = location.ancestorOrigins;
  let origin = ancestors && ancestors.length > 0 ? ancestors[0] : "";
  if (!origin && document.referrer) origin = new URL(document.referrer).origin;
  if (!origin && history.state) origin = history.state.parent;
  return /^https?:/.test(origin) ? origin : "*";
}
history.replaceState({ parent: parentOrigin() }, "");

function finish() {
  if (window.parent !== window) {
    window.parent.postMessage({
      type: page.message,
      transactionId: page.transaction,
      state: page.state,
      resultId: page.result || null,
    }, parentOrigin());
  }
  if (page.location) location.replace(page.location);
}

async function lookAgain() {
  try {
    const answer = await fetch(location.pathname + "/state" + location.search);
    if (answer.ok && (await answer.json()).version !== page.version) return location.reload();
  } catch (_) {
    // The sandbox has stopped, or is about to answer again.
  }
  setTimeout(lookAgain, 3000);
}

const form = document.querySelector("form");
if (form) {
  // A navigation would hide who the parent is: the choice is sent without one.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(Object.fromEntries(new FormData(form))),
      });
      location.reload();
    } catch (_) {
      // Within an iframe with an opaque origin a page may fetch nothing, but its forms may work.
      form.submit();
    }
  });
}
if (page.state === "pending") setTimeout(lookAgain, 3000);
else finish();
