// One element somebody can use: what it holds, what it is called, and the ways to tell its value.

import { askConfirm } from "./confirm.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { textWords } from "./mrkdwn.js";

const STATE_KEYS = {
  plain_text_input: "value",
  number_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  rich_text_input: "rich_text_value",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  checkboxes: "selected_options",
};

let drawn = 0;

/** The key under which state.values keeps the value of an element of this type. */
export function stateKey(type) {
  return type.startsWith("multi_") ? `${STATE_KEYS[type.slice("multi_".length)]}s` : STATE_KEYS[type];
}

/** What names an input across redraws: an input of another type is another input. */
export function keyOf(block, element) {
  return [block.block_id, element.action_id, element.type].join(" ");
}

/** What the app says went wrong with a press, as a sentence. */
function complaint(report) {
  if (report.text && report.status === "refused") return report.text;
  return report.how === "timeout" ? "The app did not answer in time." : "The app did not answer well.";
}

/** One element with the block it stands in, and what drew it. */
export class Field {
  constructor(block, element, ctx) {
    Object.assign(this, { block, element, ctx });
    this.id = `field-${++drawn}`;
    this.type = element.type;
    this.isInput = block.type === "input";
    this.optional = this.isInput && Boolean(block.optional);
    this.actsAtOnce = !this.isInput || Boolean(block.dispatch_action);
    this.many = this.type.startsWith("multi_") || this.type === "checkboxes";
    this.sign = h("span", { class: "element-warning", role: "alert" });
  }

  /** What it holds now: what was typed on this page, else what the server has, else its first value. */
  get value() {
    const held = this.ctx.held?.(this.block, this.element);
    if (held !== undefined) return held;
    const key = stateKey(this.type);
    const state = this.ctx.values?.[this.block.block_id]?.[this.element.action_id];
    const first = `initial_${key.replace(/^(selected|rich_text)_/, "")}`;
    return (state ? state[key] : this.element[first]) ?? (this.many ? [] : null);
  }

  /** What a person reads on or beside it, when no label stands over it. */
  get name() {
    const texts = [this.block.type === "section" && this.block.text, this.element.placeholder];
    const read = texts.filter(Boolean).map((one) => textWords(one, this.ctx.world));
    return read.join(", ") || this.type.replaceAll("_", " ");
  }

  /** The text inside it while it is empty. */
  get placeholder() {
    return this.element.placeholder ? withEmoji(this.element.placeholder.text) : "";
  }

  /** The attributes that name and describe its control. */
  attributes() {
    const shared = { id: this.id, autofocus: Boolean(this.element.focus_on_load) };
    if (!this.isInput) return { ...shared, "aria-label": this.name };
    return { ...shared, ...this.described() };
  }

  /** The same for a group of controls, which no `for` can point at. */
  groupAttributes() {
    const named = this.isInput ? { "aria-labelledby": `${this.id}-label`, ...this.described() } : {};
    return { id: this.id, ...(this.isInput ? named : { "aria-label": this.name }) };
  }

  described() {
    const required = this.optional || this.type === "checkboxes" ? null : "true";
    return { "aria-describedby": `${this.id}-error ${this.id}-hint`, "aria-required": required };
  }

  /** Keep what is being typed on this page; whatever is told next takes it along. */
  hold(value) {
    this.ctx.hold?.(this.block, this.element, value);
  }

  /** Tell a value, or a press; asks first where the app wants it so. Meanwhile *button* is busy. */
  async send(value, button = null) {
    const asked = this.actsAtOnce && this.element.confirm;
    if (asked && !(await askConfirm(asked, this.ctx.world))) return { status: "cancelled" };
    if (value !== undefined) this.hold(value);
    this.sign.replaceChildren();
    if (button) button.ariaBusy = button.ariaDisabled = "true";
    const report = await this.ctx.use(this.block, this.element, value);
    if (button) button.ariaBusy = button.ariaDisabled = null;
    if (report.warning) this.warn(complaint(report));
    return report;
  }

  /** Put a warning sign beside it. */
  warn(sentence) {
    this.sign.replaceChildren(
      h("span", { class: "element-warning-sign", "aria-hidden": "true" }, "\u26a0"),
      h("span", { class: "element-warning-text" }, sentence),
    );
  }

  /** Its drawing, with the place for a warning. */
  wrap(...nodes) {
    const kind = this.type.replaceAll("_", "-");
    const dataset = { key: keyOf(this.block, this.element) };
    return h("div", { class: `element element-${kind}`, dataset }, ...nodes, this.sign);
  }
}
