// A channel or group message: header, messages, composer.

import { control } from "./api.js";
import { Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { header } from "./header.js";
import { Messages } from "./messages.js";
import { groupName } from "./sidebar.js";

/** Where the person is: draws itself into `node` and follows what happens there. */
export class Conversation {
  constructor(node, page, where) {
    Object.assign(this, { node, page, where, world: page.world });
    this.messages = new Messages(page, where);
  }

  async draw() {
    const { world, where, page } = this;
    const title = where.kind === "mpim" ? groupName(where, world) : `${where.kind === "group" ? "🔒" : "#"} ${where.name}`;
    const count = where.size;
    const detail = count ? `${count} ${count === 1 ? "member" : "members"}` : "";
    const foot = this.#foot();
    replace(this.node, header(page, { title, detail, actions: this.#moves() }), this.messages.node, foot.node ?? foot);
    this.node.setAttribute("aria-label", title);
    await this.messages.load();
  }

  /** Nothing is heard any more. */
  leave() {
    this.messages.leave();
  }

  /** Follow entries of the journal. */
  happened(entries) {
    this.messages.happened(entries);
  }

  get #isMember() {
    return Boolean(this.where.size);
  }

  #foot() {
    if (this.where.archived) return h("p", { class: "closed" }, "This channel is archived.");
    if (!this.#isMember) {
      const join = h("button", { type: "button", class: "primary", on: { click: () => this.#move("join") } }, "Join channel");
      return h("p", { class: "closed" }, `You are looking at #${this.where.name}. `, join);
    }
    return new Composer(this.page, this.where);
  }

  #moves() {
    if (this.where.kind !== "channel" || !this.#isMember) return [];
    return [h("button", { type: "button", class: "quiet move", on: { click: () => this.#move("leave") } }, "Leave channel")];
  }

  async #move(how) {
    await control(`people/${how}`, { user: this.world.me.id, channel: this.where.id });
    await this.page.refreshSidebar();
    await this.page.go(this.where.id);
  }
}
