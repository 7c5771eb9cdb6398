// The inspector: what goes between the bot and the workspace, newest first, as it happens.

import { control } from "./api.js";
import { h, replace } from "./dom.js";
import { jsonPart, unwrapped } from "./json_view.js";
import { Rows } from "./traffic_rows.js";

const LISTED = 300; // rows in the page; the rest is found by the filters
const HISTORY = 10_000;
const KINDS = { all: "Everything", out: "Calls", in: "Deliveries", problems: "Problems only" };
const SIGNS = { out: ["↑", "call"], in: ["↓", "delivery"], note: ["•", "note"] };
const GONE = "The bodies of older entries are dropped. Only the line above is kept.";

/** The panel "Traffic". `counted` is called whenever the number of problems may be another one. */
export class TrafficPanel {
  #rows = new Rows();
  #nodes = new Map(); // row -> its node, only of those that are listed
  #held = 0;
  #paused = false;
  #visible = false;
  #asked = false;
  #meanwhile = null; // what comes while the history is fetched

  constructor(world, counted) {
    Object.assign(this, { world, counted });
    this.list = h("ol", { class: "rows", "aria-label": "Traffic, newest first" });
    this.scroller = h("div", { class: "scroller", on: { scroll: () => this.#free() } }, this.list);
    this.rest = h("p", { class: "hint" });
    this.scroller.append(this.rest);
    this.node = h("div", { class: "traffic" }, this.#tools(), this.scroller);
  }

  #tools() {
    const draw = () => this.#draw();
    const kinds = Object.entries(KINDS).map(([value, text]) => h("option", { value }, text));
    this.kind = h("select", { "aria-label": "Show", on: { change: draw } }, kinds);
    this.typed = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter traffic", on: { input: draw } });
    this.pause = h("button", { type: "button", class: "quiet", on: { click: () => this.#pauseOrShow() } });
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

  /** Take what happened. Nobody who reads is disturbed: then new rows only count on the button. */
  take(entries) {
    this.#meanwhile?.push(...entries);
    const { fresh, changed } = this.#rows.take(entries);
    if (fresh.length || changed.size) this.counted();
    if (!this.#visible) return;
    for (const row of changed) this.#redraw(row);
    const wanted = fresh.filter((row) => this.#fits(row));
    if (!wanted.length) return;
    if (this.#reading) this.#held += wanted.length;
    else this.#prepend(wanted);
    this.#tellPause();
  }

  get #reading() {
    return this.#paused || this.#held || this.scroller.scrollTop > 0 || this.list.contains(document.activeElement)
      || this.list.querySelector(":scope > li > [open]");
  }

  // Back at the top, with nothing open, is where one waits for news.
  #free() {
    if (!this.#held || this.#paused || this.scroller.scrollTop > 0) return;
    if (this.list.contains(document.activeElement) || this.list.querySelector(":scope > li > [open]")) return;
    this.#draw();
  }

  #pauseOrShow() {
    if (this.#held && !this.#paused) return this.#draw();
    this.#paused = !this.#paused;
    return this.#paused ? this.#tellPause() : this.#draw();
  }

  #tellPause() {
    this.pause.textContent = this.#held ? `Show ${this.#held} new` : this.#paused ? "Go on" : "Pause";
    this.pause.classList.toggle("news", this.#held > 0);
  }

  #fits(row) {
    const { value: kind } = this.kind;
    const typed = this.typed.value.trim().toLowerCase();
    const ofKind = kind === "all" || (kind === "problems" ? row.problem : row.way === kind);
    return ofKind && (!typed || row.has(typed));
  }

  #draw() {
    const found = [];
    let more = 0;
    const { list } = this.#rows;
    for (let index = list.length - 1; index >= 0; index -= 1) {
      if (!this.#fits(list[index])) continue;
      if (found.length < LISTED) found.push(list[index]);
      else more += 1;
    }
    this.#held = 0;
    this.#nodes.clear();
    replace(this.list, found.map((row) => this.#line(row)));
    this.scroller.scrollTop = 0;
    this.rest.textContent = more ? `${more} older are not listed. Filter to find them.` : found.length ? "" : "Nothing yet.";
    this.#tellPause();
  }

  #prepend(fresh) {
    const newest = fresh.slice(-LISTED);
    this.list.prepend(...newest.reverse().map((row) => this.#line(row)));
    while (this.list.childElementCount > LISTED) {
      this.#nodes.delete(this.list.lastChild.row);
      this.list.lastChild.remove();
    }
    if (this.list.childElementCount < LISTED) this.rest.textContent = "";
    else this.rest.textContent = "Older ones are not listed. Filter to find them.";
  }

  #redraw(row) {
    const line = this.#nodes.get(row);
    if (!line) {
      if (this.kind.value === "problems" && this.#fits(row) && !this.#reading) this.#draw();
      return;
    }
    const entry = line.firstChild;
    replace(entry.firstChild, this.#summary(row));
    entry.classList.toggle("bad", row.problem);
    if (entry.open) this.#fill(row, entry);
  }

  #line(row) {
    const entry = h("details", { class: row.problem ? "row bad" : "row" },
      h("summary", {}, this.#summary(row)), h("div", { class: "body" }));
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
      h("span", { class: `sign ${row.way}`, role: "img", "aria-label": word, title: word }, sign),
      h("span", { class: "name" }, row.name),
      h("span", { class: "status" }, row.status),
      h("span", { class: "about" }, row.about),
      h("span", { class: "when", title: "Workspace time, real time, duration" }, this.#when(row.entry), took),
      row.complaints.map((sentence) => h("span", { class: "complaint" }, sentence)),
    ];
  }

  #when({ warp, at }) {
    const near = Math.abs(warp - at) < 1;
    const there = this.#time(warp, near ? at : null);
    return near ? there : `${there} · real ${this.#time(at, at)}`;
  }

  #time(instant, ms) {
    const options = { timeZone: this.world.zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    if (this.format?.zone !== this.world.zone) {
      this.format = { zone: this.world.zone, write: new Intl.DateTimeFormat("en-GB", options) };
    }
    const text = this.format.write.format((ms ?? instant) * 1000);
    return ms === null ? text : `${text}.${String(Math.floor((ms % 1) * 1000)).padStart(3, "0")}`;
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
  const effects = rest.filter(({ kind }) => kind === "effect");
  const answer = ack ? unwrapped(ack.body) : entry.answer;
  return [
    h("p", { class: "hint" }, way(entry, ack)),
    jsonPart("Request", unwrapped(request)),
    answer === undefined ? h("p", { class: "hint" }, "There is no answer yet.") : jsonPart("Answer", answer),
    effects.length ? jsonPart("What it did", effects) : null,
  ];
}

function way({ n, verb, via, attempt, status, fault }, ack) {
  const words = [`Entry ${n}`, verb, via && (via === "http" ? "HTTP" : "Socket Mode"), attempt && `retry ${attempt}`];
  const code = status ?? ack?.status;
  return [...words, code && `status ${code}`, fault && `fault ${fault}`].filter(Boolean).join(" · ");
}
