// The inspector: what goes between the bot and the workspace, newest first, as it happens.

import { control } from "./api.js";
import { formatDate } from "./dates.js";
import { h, replace } from "./dom.js";
import { jsonPart, unwrapped } from "./json_view.js";
import { Rows } from "./traffic_rows.js";

const LISTED = 300; // rows in the page; the rest is found by the filters
const HISTORY = 10_000;
const KINDS = { all: "Everything", out: "Calls", in: "Deliveries", problems: "Problems only" };
const SIGNS = { out: ["↑", "call"], in: ["↓", "delivery"], note: ["•", "note"] };
const OLDER = "Older ones are not listed. Filter to find them.";
const GONE = "The bodies of older entries are dropped; only the line above is kept.";

/** The panel "Traffic". `counted` is called whenever the number of problems may be another one. */
export class TrafficPanel {
  #rows = new Rows();
  #nodes = new Map(); // row -> its node, only of those that are listed
  #held = new Set(); // what came while somebody read
  #paused = false;
  #visible = false;
  #asked = false;
  #formats = {};
  #meanwhile = null; // what comes while the history is fetched

  constructor(world, counted) {
    Object.assign(this, { world, counted });
    this.list = h("ol", { "aria-label": "Traffic, newest first" });
    this.rest = h("p", { class: "hint" });
    this.scroller = h("div", { class: "scroller", on: { scroll: () => this.#free() } }, this.list, this.rest);
    this.node = h("div", { class: "traffic" }, this.#tools(), this.scroller);
  }

  #tools() {
    const draw = () => this.#draw();
    const kinds = Object.entries(KINDS).map(([value, text]) => h("option", { value }, text));
    this.kind = h("select", { "aria-label": "Show", on: { change: draw } }, kinds);
    const filter = { type: "search", placeholder: "Filter", "aria-label": "Filter traffic" };
    this.typed = h("input", { ...filter, on: { input: draw } });
    const on = { click: () => this.#pauseOrShow() };
    this.pause = h("button", { type: "button", class: "quiet", on });
    this.#tellPause();
    return h("div", { class: "tools" }, this.kind, this.typed, this.pause);
  }

  /** How many rows have something wrong. */
  get problems() {
    return this.#rows.problems;
  }

  setWorld(world) {
    this.world = world;
    if (this.#visible) this.#draw();
  }

  /** Become visible; the first time, with what happened before the page was there. */
  async show() {
    this.#visible = true;
    this.#draw();
    if (this.#asked) return;
    this.#asked = true;
    this.#meanwhile = [];
    const told = await control(`traffic?limit=${HISTORY}`);
    this.#rows = new Rows();
    this.#rows.take([...told.entries, ...this.#meanwhile.filter(({ n }) => n > told.last)]);
    this.#meanwhile = null;
    this.counted();
    this.#draw();
  }

  hide() {
    this.#visible = false;
  }

  /** Take what happened. Nobody who reads is disturbed: then news only count on the button. */
  take(entries) {
    this.#meanwhile?.push(...entries);
    const { fresh, changed } = this.#rows.take(entries);
    if (fresh.size || changed.size) this.counted();
    if (!this.#visible) return;
    const oldest = this.list.lastChild?.row.n ?? 0;
    for (const row of changed) {
      if (this.#nodes.has(row)) this.#redraw(row);
      else if (row.n > oldest) fresh.add(row); // it fits the filter only now
    }
    const wanted = [...fresh].filter((row) => this.#fits(row));
    if (this.#isRead) for (const row of wanted) this.#held.add(row);
    else this.#prepend(wanted);
    this.#tellPause();
  }

  get #isRead() {
    const { list, scroller } = this;
    const inside = list.contains(document.activeElement) || list.querySelector(":scope > li > [open]");
    return this.#paused || scroller.scrollTop > 0 || inside;
  }

  // Back at the top, with nothing open, is where one waits for news.
  #free() {
    if (this.#held.size && !this.#isRead) this.#draw();
  }

  #pauseOrShow() {
    const shows = this.#held.size > 0;
    this.#paused = !shows && !this.#paused;
    if (this.#paused) this.#tellPause();
    else this.#draw();
  }

  #tellPause() {
    const news = this.#held.size;
    this.pause.textContent = news ? `Show ${news} new` : this.#paused ? "Go on" : "Pause";
    this.pause.classList.toggle("news", news > 0);
  }

  #fits(row) {
    const { value: kind } = this.kind;
    const typed = this.typed.value.trim().toLowerCase();
    const ofKind = kind === "all" || (kind === "problems" ? row.problem : row.way === kind);
    return ofKind && (!typed || row.has(typed));
  }

  #draw() {
    const found = this.#rows.list.filter((row) => this.#fits(row));
    this.#held.clear();
    this.#nodes.clear();
    replace(this.list);
    this.#prepend(found);
    this.scroller.scrollTop = 0;
    this.#tellPause();
  }

  #prepend(fresh) {
    const newest = fresh.slice(-LISTED).reverse();
    const lines = document.createDocumentFragment();
    lines.append(...newest.map((row) => this.#line(row)));
    this.list.prepend(lines);
    while (this.list.childElementCount > LISTED) {
      this.#nodes.delete(this.list.lastChild.row);
      this.list.lastChild.remove();
    }
    const count = this.list.childElementCount;
    this.rest.textContent = count === LISTED ? OLDER : count ? "" : "Nothing here yet.";
  }

  #redraw(row) {
    const [entry] = this.#nodes.get(row).children;
    entry.classList.toggle("failed", row.failed);
    replace(entry.firstChild, this.#summary(row));
    if (entry.open) this.#fill(row, entry);
  }

  #line(row) {
    const parts = [h("summary", {}, this.#summary(row)), h("div", { class: "body" })];
    const entry = h("details", { class: row.failed ? "row failed" : "row" }, parts);
    entry.addEventListener("toggle", () => (entry.open ? this.#fill(row, entry) : this.#free()));
    const line = h("li", {}, entry);
    line.row = row;
    this.#nodes.set(row, line);
    return line;
  }

  #summary(row) {
    const [sign, word] = SIGNS[row.way];
    const took = row.ms === undefined ? "" : ` · ${Math.round(row.ms)} ms`;
    return [
      h("span", { class: `way ${row.way}`, role: "img", "aria-label": word, title: word }, sign),
      h("span", { class: "what" }, row.name),
      h("span", { class: "result" }, row.status),
      h("span", { class: "whom" }, row.about),
      h("span", { class: "when", title: `Real time: ${this.#real(row.entry)}` }, this.#when(row.entry), took),
      row.complaints.map((sentence) => h("span", { class: "complaint" }, sentence)),
    ];
  }

  // The workspace's time; the real one, to the millisecond, where they are the same and under the pointer.
  #when({ warp, at }) {
    if (Math.abs(warp - at) < 1) return this.#real({ at });
    const day = formatDate(Math.floor(warp), "{date_short}", this.world).split(",")[0];
    return `${day} ${this.#time(warp)}`;
  }

  #real({ at }) {
    return `${this.#time(at)}.${String(Math.floor((at % 1) * 1000)).padStart(3, "0")}`;
  }

  #time(instant) {
    const { zone: timeZone } = this.world;
    this.#formats[timeZone] ??= new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
    return this.#formats[timeZone].format(instant * 1000);
  }

  async #fill(row, entry) {
    const body = entry.lastChild;
    try {
      replace(body, parts(await control(`traffic/${row.n}`)));
    } catch (refusal) {
      replace(body, h("p", { class: "hint" }, refusal.message));
    }
  }
}

function parts({ entry, rest, dropped }) {
  if (dropped) return h("p", { class: "hint" }, GONE);
  const request = entry.args ?? entry.payload;
  if (request === undefined) return jsonPart("Entry", entry);
  const ack = rest.find(({ kind }) => kind === "ack");
  const answer = ack?.how === "answered" ? unwrapped(ack.body) : entry.answer;
  return [
    h("p", { class: "hint" }, journey(entry, ack)),
    jsonPart("Request", unwrapped(request)),
    answer === undefined ? h("p", {}, "There is no answer.") : jsonPart("Answer", answer),
  ];
}

function journey({ n, verb, via, attempt, status }, ack) {
  const code = status ?? ack?.status;
  const words = [verb, via, attempt && `retry ${attempt}`, code && `status ${code}`];
  return [`Entry ${n}`, ...words].filter(Boolean).join(" · ");
}
