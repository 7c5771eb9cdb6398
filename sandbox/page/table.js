// Tables: the plain one, and the one with pages, sorting and a filter.

import { h, replace } from "./dom.js";
import { richText } from "./rich_text.js";

const PAGE = 5; // rows, when the app does not say
const ARROWS = { ascending: " ▲", descending: " ▼" };

/** A table block: its first row is the head. */
export function table(block, world) {
  const [head = [], ...body] = block.rows ?? [];
  const line = (tag) => (cell, column) => {
    const { align = "left", is_wrapped: wraps } = block.column_settings?.[column] ?? {};
    const sort = wraps ? `${align} wraps` : align;
    return h(tag, { class: sort, scope: tag === "th" && "col" }, ...cellNodes(cell, world));
  };
  return scrolled("Table", h("table", {},
    h("thead", {}, h("tr", {}, ...head.map(line("th")))),
    h("tbody", {}, ...body.map((row) => h("tr", {}, ...row.map(line("td")))))));
}

/** A data_table block: a page of rows at a time, sorted by a column and filtered by what one types. */
export function dataTable(block, world) {
  const state = { page: 0, column: -1, order: "ascending", typed: "" };
  const caption = String(block.caption ?? "");
  const body = h("tbody", {});
  const pages = h("div", { class: "pages" });
  const redraw = () => drawRows(block, state, { world, body, pages, redraw });
  const heads = (block.rows?.[0] ?? []).map((cell, column) => sortable(cell, column, state, redraw));
  const filter = h("input", {
    type: "search", placeholder: "Filter rows", "aria-label": `Filter rows of ${caption}`,
    on: { input: (event) => { Object.assign(state, { typed: event.target.value, page: 0 }); redraw(); } },
  });
  redraw();
  return h("div", { class: "data-table" },
    (block.rows?.length ?? 0) > 2 ? filter : null,
    scrolled(caption, h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, ...heads)), body)),
    pages);
}

function scrolled(name, inner) {
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": name }, inner);
}

function cellNodes(cell, world) {
  return cell?.type === "rich_text" ? richText(cell, world) : [cellWords(cell)];
}

function cellWords(cell) {
  if (cell?.type === "rich_text") return cell.elements?.flatMap(leafWords).join(" ") ?? "";
  return String(cell?.text ?? cell?.value ?? "");
}

function leafWords(part) {
  return part.elements ? part.elements.flatMap(leafWords) : [part.text ?? part.name ?? part.url ?? ""];
}

function sortable(cell, column, state, redraw) {
  const arrow = h("span", { "aria-hidden": "true" });
  const button = h("button", { type: "button", on: { click: sort } }, cellWords(cell), arrow);
  const head = h("th", { scope: "col" }, button);

  function sort() {
    const again = state.column === column && state.order === "ascending";
    Object.assign(state, { column, order: again ? "descending" : "ascending", page: 0 });
    for (const other of head.parentNode.children) {
      other.removeAttribute("aria-sort");
      other.querySelector("span").textContent = "";
    }
    head.setAttribute("aria-sort", state.order);
    arrow.textContent = ARROWS[state.order];
    redraw();
  }

  return head;
}

function drawRows(block, state, { world, body, pages, redraw }) {
  const rows = chosen((block.rows ?? []).slice(1), state);
  const size = block.page_size ?? PAGE;
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const names = block.row_header_column_index ?? 0;
  replace(body, ...rows.slice(state.page * size, (state.page + 1) * size).map((row) => h("tr", {},
    ...row.map((cell, column) => {
      const sort = cell?.type === "raw_number" ? "right" : "left";
      return column === names
        ? h("th", { scope: "row", class: sort }, ...cellNodes(cell, world))
        : h("td", { class: sort }, ...cellNodes(cell, world));
    }))));
  drawPages(pages, { last, rows: rows.length, size }, state, redraw);
}

function drawPages(pages, { last, rows, size }, state, redraw) {
  const from = state.page * size;
  const words = rows === 0 ? "No rows" : `${from + 1}–${Math.min(rows, from + size)} of ${rows}`;
  const turn = (name, step, there) => h("button", {
    type: "button", class: "turn", "aria-label": `${name} page`, "aria-disabled": there ? null : "true",
    on: { click: () => { if (there) { state.page += step; redraw(); refocus(pages, name); } } },
  }, step < 0 ? "‹" : "›");
  const turns = last > 0
    ? [turn("Previous", -1, state.page > 0), turn("Next", 1, state.page < last)] : [];
  replace(pages, h("span", { role: "status" }, words), ...turns);
}

/** The buttons were drawn anew: who pressed one by keyboard stays on it. */
function refocus(pages, name) {
  pages.querySelector(`[aria-label="${name} page"]`)?.focus();
}

function chosen(rows, { typed, column, order }) {
  const wanted = typed.trim().toLowerCase();
  const kept = rows.filter((row) => row.some((cell) => cellWords(cell).toLowerCase().includes(wanted)));
  const way = order === "ascending" ? 1 : -1;
  return column < 0 ? kept : kept.sort((a, b) => way * compared(a[column], b[column]));
}

function compared(a, b) {
  if (a?.type === "raw_number" && b?.type === "raw_number") return a.value - b.value;
  return cellWords(a).localeCompare(cellWords(b), "en", { numeric: true });
}
