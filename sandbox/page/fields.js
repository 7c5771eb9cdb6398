// Inputs one types into: text, numbers, addresses, dates and times, formatted text, files.

import { h } from "./dom.js";
import { instant, wallTime } from "./zones.js";

const PAUSE = 400; // milliseconds after the last letter, where the app follows the typing
const LAST_DAY = "9999-12-31"; // keeps years at four digits

/** A line or several lines of text, an e-mail or web address, a number. */
export function drawText(field) {
  const { element } = field;
  const kind = { email_text_input: "email", url_text_input: "url" }[field.type] ?? "text";
  const mode = field.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null;
  const shared = { class: "text-input", placeholder: field.placeholder || null, ...field.attributes() };
  const control = element.multiline
    ? h("textarea", { rows: "4", ...shared })
    : h("input", { type: kind, inputmode: mode, autocomplete: "off", ...shared });
  control.value = field.value ?? "";
  listen(field, control, () => control.value);
  const limits = element.max_length || element.min_length;
  return limits ? h("div", { class: "text-counted" }, control, counter(element, control)) : control;
}

/** Formatted text, written as plain text: each line is one of the paragraph. */
export function drawRichText(field) {
  const lines = Math.min(field.element.min_lines ?? 4, 12);
  const placeholder = field.placeholder || null;
  const control = h("textarea", { rows: lines, class: "text-input", placeholder, ...field.attributes() });
  control.value = wordsOf(field.value);
  listen(field, control, () => richText(control.value));
  return control;
}

/** A date, a time, or both on the clocks of the one who acts. */
export function drawMoment(field) {
  const { zone } = field.ctx.world;
  const type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[field.type];
  const max = { date: LAST_DAY, "datetime-local": `${LAST_DAY}T23:59` }[type] ?? null;
  const control = h("input", { type, max, class: "text-input moment-input", ...field.attributes() });
  const both = type === "datetime-local";
  control.value = (both && field.value ? wallTime(field.value, zone) : field.value) ?? "";
  const read = () => (both && control.value ? instant(control.value, zone) : control.value || null);
  listenToMoment(field, control, read);
  return control;
}

/** Files, which are read here and go along with the form. */
export function drawFileInput(field) {
  const { max_files: most = 10, filetypes = [] } = field.element;
  const accept = filetypes.map((kind) => `.${kind}`).join(",") || null;
  const shared = { class: "text-input", ...field.attributes() };
  const control = h("input", { type: "file", multiple: most > 1, accept, ...shared });
  control.addEventListener("change", async () => {
    field.hold(await Promise.all([...control.files].map(readFile)));
  });
  return control;
}

/** A chosen file by name, with its content in base64. */
function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, base64: reader.result.split(",")[1] ?? "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Keep what is typed; tell it when one is done, or as the element's dispatch configuration has it. */
function listen(field, control, read) {
  const when = field.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onEnter = field.actsAtOnce && when.includes("on_enter_pressed");
  const onLetter = field.actsAtOnce && when.includes("on_character_entered");
  let planned;
  control.addEventListener("input", () => {
    field.hold(read());
    clearTimeout(planned);
    if (onLetter) planned = setTimeout(() => field.send(read()), PAUSE);
  });
  control.addEventListener("change", () => {
    if (!field.actsAtOnce) field.send(read());
  });
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const several = control.tagName === "TEXTAREA";
    if (several && (event.ctrlKey || event.metaKey)) control.form?.requestSubmit();
    if (several || !onEnter) return;
    event.preventDefault();
    clearTimeout(planned);
    field.send(read());
  });
}

/**
 * The same for dates. While somebody types one, the browser already reports the year 2 on the way to 2027,
 * so typed dates are told when one leaves the field or presses Enter; picked ones at once.
 */
function listenToMoment(field, control, read) {
  let typing = false;
  let told = read();
  const tell = async () => {
    const value = read();
    const before = told;
    if (value === before) return;
    told = value;
    const report = await field.send(value);
    if (report.status === "cancelled") told = before;
  };
  control.addEventListener("pointerdown", () => (typing = false));
  control.addEventListener("input", () => {
    field.hold(read());
    if (!typing) tell();
  });
  control.addEventListener("blur", tell);
  control.addEventListener("keydown", (event) => {
    typing = true;
    if (event.key !== "Enter") return;
    if (!control.form || field.actsAtOnce) event.preventDefault();
    tell();
  });
}

/** How many characters may, or must, still be typed. */
function counter({ min_length: least, max_length: most }, control) {
  const node = h("span", { class: "text-counter", "aria-hidden": "true" });
  const count = () => {
    const length = [...control.value].length;
    const left = most - length;
    node.textContent = length < (least ?? 0) ? `${least - length} more` : most ? left : "";
    node.classList.toggle("over", left < 0);
  };
  control.addEventListener("input", count);
  count();
  return node;
}

const richText = (text) =>
  text && {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
  };

/** The words in a rich_text object; parts of lists and quotes each on a line. */
function wordsOf(value) {
  if (!value) return "";
  if (value.elements) {
    const between = ["rich_text", "rich_text_list"].includes(value.type) ? "\n" : "";
    return value.elements.map(wordsOf).join(between);
  }
  return value.text ?? value.url ?? value.name ?? "";
}
