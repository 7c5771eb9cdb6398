// The left column: who acts, channels, direct messages and the app, with unread counts.

import { avatar } from "./avatar.js";
import { h, replace } from "./dom.js";
import { personSwitch } from "./people.js";

/** Names of the others in a group message, as its title. */
export const groupName = (conversation, world) =>
  conversation.users
    .map((id) => world.person(id))
    .filter((person) => person && !person.bot)
    .map((person) => person.name)
    .join(", ");

/** Draws the conversations of the acting person. */
export class Sidebar {
  #current = "";

  constructor(node, world, page) {
    Object.assign(this, { node, world, page });
    this.lists = h("div", { class: "lists" });
    replace(
      node,
      h("div", { class: "workspace-name" }, h("span", { class: "tile", "aria-hidden": "true" }, initial(world.team.name)), world.team.name),
      personSwitch(world, (handle) => page.actAs(handle)),
      this.lists,
    );
    this.draw();
  }

  /** Mark where the person is. */
  mark(id) {
    this.#current = id;
    this.draw();
  }

  /** Draw the lists anew; the focus stays where it is. */
  draw() {
    const { world } = this;
    const focused = this.lists.contains(document.activeElement) ? document.activeElement.dataset.id : "";
    const of = (...kinds) => world.conversations.filter((c) => kinds.includes(c.kind) && !c.archived);
    const newest = (a, b) => (a.latest < b.latest ? 1 : -1);
    const byName = (a, b) => a.name.localeCompare(b.name);
    replace(
      this.lists,
      this.#list("Channels", of("channel", "group").sort(byName)),
      this.#list("Group messages", of("mpim").sort(newest)),
      this.#list("Apps", [world.appMessages ?? { id: "app", kind: "im", unread: 0 }]),
      outside(),
    );
    if (focused) this.lists.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #list(title, conversations) {
    if (!conversations.length) return null;
    const heading = h("h2", {}, title);
    return h("section", {}, heading, h("ul", {}, conversations.map((c) => h("li", {}, this.#entry(c)))));
  }

  #entry(c) {
    const { world } = this;
    const isHere = c.id === this.#current;
    const name = c.kind === "im" ? world.app.name : c.kind === "mpim" ? groupName(c, world) : c.name;
    const count = isHere ? 0 : c.unread;
    const mark = { channel: "#", group: "🔒", mpim: String(c.users?.length - 1 || 0) }[c.kind];
    const sign = c.kind === "im" ? avatar(world.bot, "small") : h("span", { class: `sign ${c.kind}`, "aria-hidden": "true" }, mark);
    return h(
      "button",
      {
        type: "button",
        class: `entry${count ? " unread" : ""}`,
        title: c.kind === "mpim" ? name : null,
        "aria-current": isHere ? "page" : null,
        dataset: { id: c.id },
        on: { click: () => this.page.go(c.id) },
      },
      sign,
      h("span", { class: "name" }, name),
      count ? h("span", { class: "badge" }, String(count), h("span", { class: "hidden" }, " unread")) : null,
    );
  }
}

/** Where the e-mails and texts are that people without Slack got. */
const outside = () =>
  h(
    "section",
    {},
    h("h2", {}, "Outside Slack"),
    h(
      "ul",
      {},
      h(
        "li",
        {},
        h(
          "a",
          { class: "entry", href: "guests/", target: "_blank", rel: "noopener" },
          h("span", { class: "sign", "aria-hidden": "true" }, "✉"),
          h("span", { class: "name" }, "What guests got"),
        ),
      ),
    ),
  );

const initial = (name) => name.slice(0, 1).toUpperCase();
