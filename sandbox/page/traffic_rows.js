// The journal read as traffic: one row for each call, delivery and note, with all that belongs to it.

const KEPT = 10_000;
const DROPPED_AT_ONCE = 1_000;

const FAULTS = {
  drop_after: "done, answer lost",
  late: "connection lost, done later",
  garbage: "done, answer garbled",
  status_after: "done, answered as failed",
};
const TAKEN = {
  timeout: "not acknowledged",
  refused: "bot not reachable",
  reset: "connection broke",
  not_connected: "no bot connected",
};
const MARKS = {
  early: () => "Called again before Retry-After was over.",
  unknown_arguments: ({ names }) => `Unknown arguments, ignored: ${names.join(", ")}.`,
  unknown_method: ({ method }) => `There is no method ${method}.`,
  crash: ({ error }) => `The workspace itself failed: ${error}`,
  bad_ack: ({ text, pointer }) => `The app's answer does not fit: ${text}${pointer ? ` [${pointer}]` : ""}`,
  no_options: () => "The app offered no options.",
  warning: ({ text }) => text,
};
const NOTES = {
  fault: ({ do: deed }) => ({ name: "fault", status: `delivery: ${deed}`, failed: true }),
  late_ack: () => ({ name: "acknowledgement", status: "came too late", failed: true }),
  event_given_up: ({ name }) => ({ name, status: "given up after all retries", failed: true }),
  socket: ({ what, open }) => ({ name: `socket ${what}`, status: `${open} open` }),
  clock: ({ rate }) => ({ name: "clock", status: rate === 1 ? "set" : `at ${rate}×` }),
};

/** One line of the list. `way` is "out" for the bot's calls, "in" for deliveries, else "note". */
export class Row {
  marks = [];

  constructor(entry) {
    Object.assign(this, { entry, n: entry.n, way: WAYS[entry.kind] ?? "note" });
    if (entry.nameless) this.marks.push(`Without an action_id: ${entry.nameless.join(", ")}.`);
  }

  /** The method, or what was delivered. */
  get name() {
    const { kind, method, name } = this.entry;
    return method ?? this.#note?.name ?? name ?? kind;
  }

  /** Who and where, in words. */
  get about() {
    const { who, where, title } = this.entry;
    if (title) return `“${title}”${who ? ` of ${who}` : ""}`;
    if (!who || !where || where.endsWith(`with ${who}`)) return where ?? who ?? "";
    return where === "direct message" ? `${where} with ${who}` : `${who} in ${where}`;
  }

  /** How it went, in a few words. */
  get status() {
    const { ack, entry, way } = this;
    if (way === "note") return this.#note?.status ?? "";
    if (way === "in" && ack) return isGood(ack) ? "ok" : (TAKEN[ack.how] ?? `answered ${ack.status}`);
    return entry.fault ? `${FAULTS[entry.fault] ?? answered(entry)}, by a fault` : answered(entry);
  }

  /** All that is wrong with it, in sentences. */
  get complaints() {
    return [...(this.entry.why ?? []), ...this.marks];
  }

  /** Whether it did not go as it should. */
  get failed() {
    const { ack, entry } = this;
    if (this.way === "in") return Boolean(ack) && !isGood(ack);
    if (this.way === "note") return Boolean(this.#note?.failed) || entry.kind in MARKS;
    return Boolean(entry.fault || entry.dropped || entry.ok === false);
  }

  /** Whether somebody who looks for problems wants to see it. */
  get problem() {
    return this.failed || this.marks.length > 0;
  }

  /** How long it took, in milliseconds. */
  get ms() {
    return this.ack?.ms ?? this.entry.ms;
  }

  /** Whether a text filter, in small letters, finds it. */
  has(typed) {
    const words = [this.name, this.about, this.status, ...this.complaints].join(" ");
    return words.toLowerCase().includes(typed);
  }

  get #note() {
    return NOTES[this.entry.kind]?.(this.entry);
  }
}

/** Journal entries put together as rows, the newest last. */
export class Rows {
  list = [];
  problems = 0;
  #byNumber = new Map();

  /** Take entries; tells the rows that are `fresh` and those that `changed`. */
  take(entries) {
    const told = { fresh: new Set(), changed: new Set() };
    for (const entry of entries) this.#one(entry, told);
    if (this.list.length > KEPT + DROPPED_AT_ONCE) this.#forget();
    return told;
  }

  #one(entry, told) {
    const whole = this.#byNumber.get(entry.call ?? entry.delivery);
    if (whole) this.#belongs(whole, entry, told);
    else if (isRow(entry)) told.fresh.add(this.#add(entry));
  }

  #add(entry) {
    const row = new Row(entry);
    if (entry.kind in MARKS) row.marks.push(MARKS[entry.kind](entry));
    this.list.push(row);
    this.#byNumber.set(row.n, row);
    this.problems += row.problem;
    return row;
  }

  #belongs(row, entry, told) {
    const before = row.problem;
    if (entry.kind === "ack") row.ack = entry;
    else if (entry.kind === "answered") Object.assign(row.entry, entry, kept(row.entry));
    else if (entry.kind in MARKS) row.marks.push(MARKS[entry.kind](entry));
    else return;
    this.problems += row.problem - before;
    told.changed.add(row);
  }

  #forget() {
    for (const row of this.list.splice(0, this.list.length - KEPT)) {
      this.#byNumber.delete(row.n);
      this.problems -= row.problem;
    }
  }
}

const WAYS = { call: "out", response_url: "out", delivery: "in" };
const isGood = ({ how, status }) => how === "answered" && status >= 200 && status < 300;
const kept = ({ n, at, warp, kind }) => ({ n, at, warp, kind });

// A fault that strikes a call is told by the call itself.
const isRow = ({ kind, on }) => kind in WAYS || kind in MARKS || (kind in NOTES && !on?.method);

function answered({ status, error, ok, dropped }) {
  if (status === undefined) return dropped ? "connection lost" : "waiting";
  return status === 429 ? "429 rate limited" : error || (ok ? "ok" : `${status}`);
}
