// The workspace's clock: it may jump forward and run faster; people and the bot live by it.

import { control } from "./api.js";
import { formatDate } from "./dates.js";
import { h } from "./dom.js";
import { instant, wallTime } from "./zones.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const SPEEDS = { 1: "1× (real time)", 60: "60× (a minute a second)", 3600: "3600× (an hour a second)" };

/** The panel "Clock". */
export class ClockPanel {
  #next = null;
  #told = 0; // how often the live connection told of the clock
  #timer;

  constructor(world) {
    this.world = world;
    this.time = h("time", { class: "clock-time" });
    this.day = h("span");
    this.zone = h("span", { class: "hint" });
    this.said = h("p", { role: "status" });
    const face = { class: "clock-face", role: "group", "aria-label": "Workspace time" };
    this.node = h("div", { class: "panel" }, h("div", face, this.time, this.day, this.zone),
      this.#jumps(), this.#moveTo(), this.#speeds(), this.said,
      h("p", { class: "hint" }, "Rate limits and the three seconds to acknowledge stay real."));
  }

  setWorld(world) {
    this.world = world;
    this.said.textContent = ""; // told in another person's zone
    this.#suggest();
    this.#tick();
  }

  show() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 250);
    this.#suggest();
    this.#ask();
  }

  hide() {
    clearInterval(this.#timer);
  }

  /** The clock moved, here or elsewhere, or the bot told what is due. */
  take(entries) {
    const moved = entries.findLast(({ kind }) => kind === "clock");
    if (!moved) return;
    this.#told += 1;
    this.#set(moved);
  }

  #jumps() {
    const jump = (label, body) =>
      h("button", { type: "button", class: "quiet", on: { click: () => this.#ask(body) } }, label);
    this.toNext = jump("To the next event", { to_next: true });
    this.toNext.setAttribute("aria-describedby", "clock-due");
    this.due = h("p", { class: "hint", id: "clock-due" });
    const buttons = [jump("+1 hour", { advance: HOUR }), jump("+1 day", { advance: DAY }), this.toNext];
    return h("div", {}, h("div", { class: "buttons" }, buttons), this.due);
  }

  #moveTo() {
    const about = { id: "clock-to", required: true, "aria-describedby": "clock-wrong" };
    this.input = h("input", { type: "datetime-local", ...about });
    this.wrong = h("p", { class: "wrong", id: "clock-wrong", role: "alert" });
    const submit = (event) => {
      event.preventDefault();
      this.#ask({ advance_to: instant(this.input.value, this.world.zone) }, this.wrong);
    };
    return h("form", { on: { submit } }, h("label", { for: "clock-to" }, "Move to"),
      h("div", { class: "buttons" }, this.input, h("button", { class: "quiet" }, "Move")), this.wrong);
  }

  #speeds() {
    const one = ([rate, label]) => {
      const on = { change: () => this.#ask({ rate: Number(rate) }) };
      return h("label", {}, h("input", { type: "radio", name: "clock-rate", value: rate, on }), label);
    };
    this.speeds = h("fieldset", {}, h("legend", {}, "Speed"), Object.entries(SPEEDS).map(one));
    return this.speeds;
  }

  /** Read the clock, or change it; a refusal is told at `trouble`. */
  async #ask(body, trouble = this.said) {
    if (body) this.wrong.textContent = this.said.textContent = "";
    const told = this.#told;
    try {
      const clock = await control("clock", body);
      if (told === this.#told) this.#set(clock); // else something newer is known already
      if (!body || body.rate !== undefined) return;
      this.said.textContent = formatDate(Math.floor(clock.now), "It is now {time}, {date_long}.", this.world);
      this.#suggest();
    } catch (refusal) {
      trouble.textContent = refusal.message;
    }
    this.input.setAttribute("aria-invalid", String(this.wrong.textContent !== ""));
  }

  #set(clock) {
    this.world.setClock(clock);
    this.#next = clock.next ?? null;
    for (const input of this.speeds.elements) input.checked = input.value === `${clock.rate}`;
    this.#tick();
  }

  #tick() {
    const { world } = this;
    const now = Math.floor(world.now());
    this.time.textContent = formatDate(now, "{time_secs}", world);
    this.day.textContent = formatDate(now, "{date_long}", world);
    this.zone.textContent = `${world.zone.replaceAll("_", " ")}, where ${world.me.name} is`;
    this.toNext.disabled = this.#next === null || this.#next <= now;
    this.due.textContent = this.#next === null ? "The bot has not told of anything due."
      : this.#next <= now ? "The next event is due now."
        : formatDate(Math.ceil(this.#next), "Next: {time}, {date_long}, {ago}.", world);
  }

  // Until one chooses oneself, the field offers tomorrow at nine.
  #suggest() {
    const tomorrow = wallTime(this.world.now() + DAY, this.world.zone).slice(0, 10);
    if (document.activeElement !== this.input) this.input.value = `${tomorrow}T09:00`;
  }
}
