// The workspace's clock: it may jump forward and run faster; the people and the bot live by it.

import { control } from "./api.js";
import { h } from "./dom.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const SPEEDS = [[1, "1× (real)"], [60, "60× (a minute a second)"], [3_600, "3600× (an hour a second)"]];
const NOTHING_DUE = "The bot has not told of anything due.";

/** The panel "Clock". */
export class ClockPanel {
  #next = null;
  #timer;

  constructor(world) {
    this.world = world;
    this.time = h("time", { class: "clock-time" });
    this.day = h("span", { class: "clock-day" });
    this.zone = h("span", { class: "hint" });
    this.due = h("p", { class: "hint", id: "clock-due" });
    this.said = h("p", { class: "said", role: "status" });
    this.node = h("div", { class: "panel clock" },
      h("div", { class: "clock-face", role: "group", "aria-label": "Workspace time" }, this.time, this.day, this.zone),
      this.#jumps(), this.#moveTo(), this.#speeds(), this.said,
      h("p", { class: "hint" }, "Only the workspace's time moves: dates, reminders and what the bot waits for. ",
        "Rate limits and the three seconds to acknowledge stay real."));
  }

  setWorld(world) {
    this.world = world;
    this.#tick();
  }

  async show() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 250);
    this.#suggest();
    await this.#read();
  }

  hide() {
    clearInterval(this.#timer);
  }

  /** Somebody moved the clock, here or elsewhere, or the bot told what is due. */
  take(entries) {
    const moved = entries.findLast(({ kind }) => kind === "clock");
    if (moved) this.#read();
  }

  #jumps() {
    const button = (label, body) =>
      h("button", { type: "button", class: "quiet", on: { click: () => this.#move(body) } }, label);
    this.toNext = button("To the next event", { to_next: true });
    this.toNext.setAttribute("aria-describedby", "clock-due");
    return h("div", {}, h("div", { class: "buttons" }, button("+1 hour", { advance: HOUR }),
      button("+1 day", { advance: DAY }), this.toNext), this.due);
  }

  #moveTo() {
    this.input = h("input", { type: "datetime-local", id: "clock-to", required: true, "aria-describedby": "clock-wrong" });
    this.wrong = h("p", { class: "wrong", id: "clock-wrong", role: "alert" });
    const submit = (event) => {
      event.preventDefault();
      this.#move({ advance_to: instantOf(this.input.value, this.world.zone) }, true);
    };
    return h("form", { on: { submit } }, h("label", { for: "clock-to" }, "Move to"),
      h("div", { class: "buttons" }, this.input, h("button", { class: "quiet" }, "Move")), this.wrong);
  }

  #speeds() {
    const one = ([rate, label]) => h("label", {},
      h("input", { type: "radio", name: "clock-rate", value: rate, on: { change: () => this.#move({ rate }) } }), label);
    this.speeds = h("fieldset", {}, h("legend", {}, "Speed"), SPEEDS.map(one));
    return this.speeds;
  }

  async #move(body, atField = false) {
    this.wrong.textContent = "";
    this.input.removeAttribute("aria-invalid");
    try {
      this.#told(await control("clock", body));
      this.#suggest();
      this.said.textContent = body.rate === undefined ? `It is now ${this.#words(this.world.now())}.` : "";
    } catch (refusal) {
      if (atField) this.input.setAttribute("aria-invalid", "true");
      (atField ? this.wrong : this.said).textContent = refusal.message;
    }
  }

  async #read() {
    this.#told(await control("clock"));
  }

  #told(clock) {
    this.world.setClock(clock);
    this.#next = clock.next ?? null;
    for (const input of this.speeds.querySelectorAll("input")) input.checked = Number(input.value) === clock.rate;
    this.#tick();
  }

  #tick() {
    const { world } = this;
    const now = world.now();
    this.time.textContent = wall(now, world.zone).slice(11);
    this.time.dateTime = new Date(now * 1000).toISOString();
    this.day.textContent = words(now, world.zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.zone.textContent = `in ${world.zone.replaceAll("_", " ")}, where ${world.me.name} is`;
    const left = this.#next === null ? null : this.#next - now;
    this.toNext.disabled = left === null || left <= 0;
    this.due.textContent = left === null ? NOTHING_DUE
      : left <= 0 ? "The next event is due now." : `Next: ${this.#words(this.#next)}, in ${length(left)}.`;
  }

  // Until one chooses oneself, the field offers tomorrow at nine.
  #suggest() {
    const tomorrow = wall(this.world.now() + DAY, this.world.zone).slice(0, 10);
    if (document.activeElement !== this.input) this.input.value = `${tomorrow}T09:00`;
  }

  #words(instant) {
    const shape = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return words(instant, this.world.zone, shape);
  }
}

const words = (instant, timeZone, shape) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, ...shape }).format(instant * 1000);

/** What a clock on the wall of a zone shows, as "2027-03-01T09:00:00". */
const wall = (instant, timeZone) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(instant * 1000).replace(" ", "T");

/** The instant at which the wall clock of a zone shows `text`. */
export function instantOf(text, zone) {
  const wanted = Date.parse(`${text}Z`) / 1000;
  const offset = (instant) => Date.parse(`${wall(instant, zone)}Z`) / 1000 - Math.floor(instant);
  const near = wanted - offset(wanted);
  return wanted - offset(near); // a second look, for when the offset changes in between
}

function length(seconds) {
  const [size, unit] = [[DAY, "day"], [HOUR, "hour"], [60, "minute"], [1, "second"]].find(([s]) => seconds >= s) ?? [1, "second"];
  const count = Math.max(1, Math.round(seconds / size));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
