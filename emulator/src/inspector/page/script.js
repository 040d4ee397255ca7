
"use strict";

// Takes over what is different in the page as the server would send it now. What stays the same
// stays in place, with its scroll position and what is selected in it.
let turns = 0;
async function refresh() {
  const turn = ++turns;
  const response = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // Of several fetches only the newest counts.
  if (turn !== turns) return;
  const focused = document.activeElement?.getAttribute("href");
  for (const id of ["facts", "requests", "entry"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) {
      if (!old.isEqualNode(fresh)) old.replaceWith(fresh);
    } else {
      old?.remove();
      if (fresh) document.querySelector("main").append(fresh);
    }
  }
  if (focused && document.activeElement === document.body) {
    document.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  document.title = page.title;
}

async function open(url) {
  history.pushState(null, "", url);
  await refresh();
  document.getElementById("entry")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const isPlain = event.button === 0
    && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = event.target.closest("#requests tbody tr")?.querySelector("a")
    ?? event.target.closest("#entry nav a, h1 a");
  if (!isPlain || !link) return;
  event.preventDefault();
  open(link.href);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("#entry nav a")?.click();
});
addEventListener("popstate", refresh);

// Many news in a moment are one fetch.
let isWaiting = false;
function news() {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    refresh();
  }, 150);
}

const live = document.getElementById("live");
function tell(state, text) {
  live.dataset.state = state;
  live.textContent = text;
}
const events = new EventSource("/api/v1/requests/live");
// Also after a while without: what came meanwhile is fetched.
events.onopen = () => {
  tell("on", "live");
  news();
};
events.onmessage = news;
events.onerror = () => tell("off", "not reached");
