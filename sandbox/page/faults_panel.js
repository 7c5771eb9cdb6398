// Things that go wrong on purpose, each in plain words, set with one click.

import { control } from "./api.js";
import { h, replace } from "./dom.js";

const METHODS = ["chat.postMessage", "chat.postEphemeral", "chat.update", "conversations.open", "views.open",
  "views.push", "views.publish", "views.update", "users.info", "users.list"];
const DELIVERIES = { "*": "delivery", slash_commands: "command", block_actions: "button press",
  view_submission: "form submission", events_api: "event" };

// [what happens to one, what happens to several, what it means]
const CALLS = [
  [{ rate_limited: { retry_after: 5 } }, "is rate limited (429)", "are rate limited (429)",
    "Nothing is done. The bot is told to wait 5 seconds and should do so."],
  [{ slow: { ms: 2000 } }, "takes 2 s", "take 2 s", "It is done after two seconds, and answered then."],
  ["drop_before", "breaks before it is done", "break before they are done",
    "The connection breaks and nothing is done. The bot cannot know, and may try again."],
  ["drop_after", "is done, but the answer is lost", "are done, but the answers are lost",
    "It is done and the bot never hears so. Trying again blindly would do it twice."],
  [{ late: { ms: 3000 } }, "breaks and is done 3 s later", "break and are done 3 s later",
    "The connection breaks at once; three seconds later it is done after all."],
  ["garbage", "is done, but the answer is garbled", "are done, but the answers are garbled",
    "It is done and answered with broken JSON."],
  [{ status: { status: 503 } }, "fails with 503", "fail with 503", "Nothing is done; the service is unavailable."],
];
const PARCELS = [
  ["lose", "is lost", "are lost", "The bot gets nothing. The person reads that it did not answer; events come again later."],
  [{ twice: { ms: 200 } }, "arrives twice", "arrive twice", "The bot gets the same thing again, 0.2 s later, and should do it once."],
  [{ delay: { ms: 2000 } }, "arrives 2 s late", "arrive 2 s late", "There is then less time left to acknowledge it."],
];

/** The panel "Faults". */
export class FaultsPanel {
  constructor() {
    const remove = () => this.#ask("faults", undefined, "DELETE", "Nothing goes wrong any more.");
    this.rules = h("ul", { class: "rules" });
    this.clear = h("button", { type: "button", class: "quiet", on: { click: remove } }, "Remove all");
    this.said = h("p", { class: "hint", role: "status" });
    this.method = h("input", { list: "fault-methods", value: "chat.postMessage", placeholder: "every method" });
    const kinds = Object.entries(DELIVERIES).map(([value, noun]) => h("option", { value }, plural(noun)));
    this.delivery = h("select", {}, kinds);
    this.times = h("input", { type: "number", min: 1, value: 3, placeholder: "all" });
    this.chance = h("input", { type: "number", min: 1, max: 100, value: 100 });
    this.calls = h("ul", { class: "presets" });
    this.parcels = h("ul", { class: "presets" });
    this.node = h("div", { class: "panel faults", on: { input: () => this.#offer() } },
      h("section", { "aria-label": "Active faults" },
        h("div", { class: "json-head" }, h("h3", {}, "Active"), this.clear), this.rules, this.said),
      h("div", { class: "fields" }, labelled("How many (empty: all)", this.times), labelled("Chance in %", this.chance)),
      h("section", {}, h("h3", {}, "The bot's calls"), labelled("Method", this.method), this.calls),
      h("section", {}, h("h3", {}, "Deliveries to the bot"), labelled("What", this.delivery), this.parcels),
      h("datalist", { id: "fault-methods" }, METHODS.map((value) => h("option", { value }))));
    this.#offer();
  }

  setWorld() {}

  async show() {
    this.visible = true;
    await this.#ask("faults");
  }

  hide() {
    this.visible = false;
  }

  /** A fault struck: its hits count. */
  take(entries) {
    if (this.visible && entries.some(({ kind }) => kind === "fault")) this.#soon();
  }

  // Many strikes in one burst cost one look.
  #soon() {
    this.planned ??= setTimeout(() => {
      this.planned = undefined;
      this.#ask("faults");
    }, 100);
  }

  #offer() {
    const preset = ([deed, , , meaning], match) => {
      const rule = { match: { ...match, ...this.#share() }, do: deed, ...this.#count() };
      const set = () => this.#ask("faults", { rules: [rule] }, "POST", "Set.");
      const button = h("button", { type: "button", class: "quiet", on: { click: set } }, sentence(rule));
      return h("li", {}, button, h("p", { class: "hint" }, meaning));
    };
    const method = this.method.value.trim() || "*";
    replace(this.calls, CALLS.map((one) => preset(one, { method })));
    replace(this.parcels, PARCELS.map((one) => preset(one, { delivery: this.delivery.value })));
  }

  #share() {
    const share = this.chance.valueAsNumber;
    return share > 0 && share < 100 ? { chance: share / 100 } : {};
  }

  #count() {
    const times = this.times.valueAsNumber;
    return times > 0 ? { times } : {};
  }

  async #ask(path, body, method, done = "") {
    try {
      this.#draw((await control(path, body, method)).rules);
      if (method) this.said.textContent = done;
    } catch (refusal) {
      this.said.textContent = refusal.message;
    }
  }

  #draw(rules) {
    const held = document.activeElement?.closest(".rules li")?.dataset.id;
    this.clear.disabled = !rules.length;
    const none = h("li", { class: "hint" }, "Nothing goes wrong on purpose.");
    replace(this.rules, rules.length ? rules.map((rule) => this.#rule(rule)) : none);
    this.rules.querySelector(`[data-id="${held}"] button`)?.focus();
  }

  #rule(rule) {
    const text = sentence(rule);
    const remove = () => this.#ask(`faults/${rule.id}`, undefined, "DELETE", "Removed.");
    const about = { type: "button", class: "quiet", "aria-label": `Remove: ${text}`, on: { click: remove } };
    const used = rule.times && rule.hits >= rule.times;
    const hits = `${rule.hits} ${rule.hits === 1 ? "hit" : "hits"}${used ? ", used up" : ""}`;
    return h("li", { dataset: { id: rule.id }, class: used ? "used" : null },
      h("span", {}, `${text} `, h("span", { class: "hint" }, `· ${hits}`)), h("button", about, "Remove"));
  }
}

const plural = (noun) => (noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : noun.endsWith("s") ? `${noun}es` : `${noun}s`);
const labelled = (text, input) => h("label", {}, h("span", {}, text), input);

/** A rule in plain words: "The next 3 chat.postMessage calls are rate limited (429)". */
export function sentence({ match = {}, do: deed, times }) {
  const known = [...CALLS, ...PARCELS].find(([one]) => JSON.stringify(one) === JSON.stringify(deed));
  const name = typeof deed === "string" ? deed : Object.keys(deed)[0];
  const [, one, many] = known ?? [null, `meets the fault ${name}`, `meet the fault ${name}`];
  const { method = "*", delivery } = match;
  const noun = delivery ? (DELIVERIES[delivery] ?? delivery) : `${method === "*" ? "" : `${method} `}call`;
  const several = times > 1;
  const whose = several ? `The next ${times} ${plural(noun)}` : times === 1 ? `The next ${noun}` : `Every ${noun}`;
  const share = match.chance ? `, with a chance of ${Math.round(match.chance * 100)}%` : "";
  return `${whose} ${several ? many : one}${share}`;
}
