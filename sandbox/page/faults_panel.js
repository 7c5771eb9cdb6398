// Things that go wrong on purpose, each in plain words, set with one click.

import { control } from "./api.js";
import { h, replace } from "./dom.js";

const METHODS = ["chat.postMessage", "chat.update", "conversations.open", "views.open", "views.publish"];
const KINDS = {
  "*": "delivery",
  slash_commands: "command",
  block_actions: "button press",
  view_submission: "form submission",
  events_api: "event",
};

// What happens, and what it means.
const CALLS = [
  [{ rate_limited: 5 }, "rate limited (429)", "Nothing is done. The bot is told to wait 5 seconds."],
  [{ slow: 2000 }, "slow (2 s)", "Done after two seconds, and answered then."],
  ["drop_before", "cut off before anything is done", "The bot cannot know, and may try again."],
  ["drop_after", "done, but the answer is lost", "Who tries again blindly does it twice."],
  [{ late: 3000 }, "cut off, and done 3 s later", "Done after all, when the bot thinks it failed."],
  ["garbage", "done, but answered with garbage", "The answer is broken JSON."],
  [{ status: 503 }, "refused with 503", "Nothing is done, as in an outage."],
];
const PARCELS = [
  ["lose", "lost", "The bot gets nothing, and people read that it did not answer."],
  [{ twice: { ms: 200 } }, "sent twice", "The bot gets it again 0.2 s later, and should act once."],
  [{ delay: 2000 }, "2 s late", "The bot gets it two seconds later."],
];

/** The panel "Faults". */
export class FaultsPanel {
  constructor() {
    this.clear = button("Remove all", () => this.#ask("faults", undefined, "DELETE"));
    this.said = h("p", { class: "wrong", role: "alert" });
    this.method = h("input", { list: "fault-methods", value: METHODS[0], placeholder: "every method" });
    const kinds = Object.entries(KINDS).map(([value, noun]) => h("option", { value }, plural(noun)));
    this.kind = h("select", {}, kinds);
    this.times = h("input", { type: "number", min: 1, value: 3, placeholder: "all" });
    this.chance = h("input", { type: "number", min: 1, max: 100, value: 100 });
    this.rules = h("ul", { "aria-live": "polite" });
    this.calls = h("ul");
    this.parcels = h("ul");
    const head = h("div", { class: "json-head" }, h("h3", {}, "Active"), this.clear);
    this.node = h("div", { class: "panel faults", on: { input: () => this.#offer() } },
      h("section", { class: "rules", "aria-label": "Active faults" }, head, this.rules, this.said),
      h("div", { class: "fields" }, labelled("How many (empty: all)", this.times),
        labelled("Chance in %", this.chance)),
      h("section", {}, h("h3", {}, "The bot's calls"), labelled("Method", this.method), this.calls),
      h("section", {}, h("h3", {}, "Deliveries to the bot"), labelled("What", this.kind), this.parcels),
      h("datalist", { id: "fault-methods" }, METHODS.map((value) => h("option", { value }))));
    this.#offer();
  }

  setWorld() {}

  show() {
    this.visible = true;
    this.#ask("faults");
  }

  hide() {
    this.visible = false;
  }

  /** A fault struck: its hits count. Many strikes in one burst cost one look. */
  take(entries) {
    if (!this.visible || !entries.some(({ kind }) => kind === "fault")) return;
    this.planned ??= setTimeout(() => {
      this.planned = undefined;
      this.#ask("faults");
    }, 100);
  }

  #offer() {
    const share = this.chance.valueAsNumber;
    const times = this.times.valueAsNumber;
    const preset = ([deed, , meaning], match) => {
      if (share > 0 && share < 100) match.chance = share / 100;
      const rule = { match, do: deed, ...(times > 0 && { times }) };
      const set = () => this.#ask("faults", { rules: [rule] });
      return h("li", {}, button(sentence(rule), set), h("p", { class: "hint" }, meaning));
    };
    const method = this.method.value.trim() || "*";
    replace(this.calls, CALLS.map((one) => preset(one, { method })));
    replace(this.parcels, PARCELS.map((one) => preset(one, { delivery: this.kind.value })));
  }

  async #ask(path, body, method) {
    this.said.textContent = "";
    try {
      this.#draw((await control(path, body, method)).rules);
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
    const remove = button("Remove", () => this.#ask(`faults/${rule.id}`, undefined, "DELETE"));
    remove.setAttribute("aria-label", `Remove: ${text}`);
    const used = rule.hits >= rule.times ? ", used up" : "";
    const hits = h("span", { class: "hint" }, ` · ${rule.hits} ${rule.hits === 1 ? "hit" : "hits"}${used}`);
    return h("li", { dataset: { id: rule.id } }, h("span", {}, text, hits), remove);
  }
}

const button = (text, click) => h("button", { type: "button", class: "quiet", on: { click } }, text);
const labelled = (text, input) => h("label", {}, h("span", {}, text), input);
const plural = (noun) => noun.replace(/s$/, "se").replace(/y$/, "ie") + "s";

/** A rule in plain words: "The next 3 chat.postMessage calls are rate limited (429)". */
export function sentence({ match = {}, do: deed, times }) {
  const same = ([one]) => JSON.stringify(one) === JSON.stringify(deed);
  const [, what] = [...CALLS, ...PARCELS].find(same) ?? [deed, `struck by ${JSON.stringify(deed)}`];
  const { method = "*", delivery, chance } = match;
  const noun = delivery ? (KINDS[delivery] ?? delivery) : `${method} call`.replace("* ", "");
  const one = `${times ? "The next" : "Every"} ${noun} is`;
  const whose = times > 1 ? `The next ${times} ${plural(noun)} are` : one;
  return `${whose} ${what}${chance ? `, with a chance of ${Math.round(chance * 100)}%` : ""}`;
}
