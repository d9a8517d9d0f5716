// What a click, a form or a new answer does in the browser. Runs once for each HTML part of the
// page, with `element`, `trigger` and `watch` from Gradio. Knows only data-attributes: a node with
// data-event="select" sends the event "select" with its other data-attributes to the server.
// Builds no HTML and evaluates nothing.

const root = document.body;

const valuesOf = (form) => {
  const values = {...form.dataset};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.tagName === "SELECT") values[field.name] = [...field.selectedOptions].map((o) => o.value);
    else if (field.type === "checkbox" && field.value !== "on") {
      values[field.name] = values[field.name] || [];
      if (field.checked) values[field.name].push(field.value);
    } else values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return values;
};

// Folds that the reader opened stay open when the part is drawn again.
const opened = new Set();
const openFolds = () => {
  for (const fold of element.querySelectorAll("details[id]")) fold.open = opened.has(fold.id);
};

// A box that was clicked no longer follows its attribute; the form shows what the server holds.
const asDrawn = (field) => {
  if (field.tagName === "OPTION") field.selected = field.defaultSelected;
  else if (field.type === "checkbox") field.checked = field.defaultChecked;
  else field.value = field.defaultValue;
};

const closePane = () => {
  if (!root.classList.contains("pane-open")) return;
  root.classList.remove("pane-open");
  if (window.quothOpener && window.quothOpener.isConnected) window.quothOpener.focus();
};

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) return closePane();
  const summary = event.target.closest("summary");
  if (summary) {
    const fold = summary.parentElement;
    if (fold.open) opened.delete(fold.id);
    else opened.add(fold.id);
    return;
  }
  const node = event.target.closest("button[data-event]");
  if (!node) return;
  const {event: name, ...data} = node.dataset;
  if (name === "select") window.quothOpener = node;
  else if (node.closest(".pane")) closePane();
  trigger(name, data);
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-event]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.event === "submit") trigger("submit", valuesOf(form));
});

element.addEventListener("input", (event) => {
  const output = event.target.type === "range" && event.target.form.querySelector("output");
  if (output) output.textContent = `${Math.round(100 * event.target.value)} %`;
});

element.addEventListener("change", (event) => {
  const form = event.target.closest('form[data-event="input"]');
  if (form) trigger("input", valuesOf(form));
});

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = () => window.matchMedia("(max-width: 859px)").matches;

const showPane = (pane) => {
  const wanted = pane.dataset.focus === "yes";
  if (wanted) root.classList.add("pane-open");
  const frame = element.closest(".article-pane") || element;
  const mark = pane.querySelector("mark");
  if (mark) {
    // Below the head, which stays in place, and with some lines before it.
    const height = Math.min(frame.clientHeight, window.innerHeight);
    const head = pane.querySelector("header").offsetHeight;
    const above = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollTop += above - head - (height - head) / 4;
  } else frame.scrollTop = 0;
  const heading = pane.querySelector("h2");
  if (wanted && heading) heading.focus({preventScroll: true});
};

let shown = "";
const drawn = () => {
  openFolds();
  for (const field of element.querySelectorAll(".filters :is(input, option)")) asDrawn(field);
  const pane = element.querySelector(".pane");
  if (pane && pane.dataset.opening !== shown) {
    shown = pane.dataset.opening;
    showPane(pane);
  }
  const turns = element.querySelectorAll(".turn");
  if (turns.length && String(turns.length) + turns[turns.length - 1].querySelectorAll(".answer").length !== shown) {
    shown = String(turns.length) + turns[turns.length - 1].querySelectorAll(".answer").length;
    const last = turns[turns.length - 1];
    last.scrollIntoView({block: narrow() ? "start" : "nearest", behavior: still() ? "auto" : "smooth"});
  }
};
watch("value", () => requestAnimationFrame(drawn));

if (!window.quothEscape) {
  window.quothEscape = true;
  document.addEventListener("keydown", (event) => event.key === "Escape" && closePane());
}
