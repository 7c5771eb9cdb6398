// The app's own page: tabs Home, Messages and About.

import { act, see } from "./api.js";
import { Composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { header } from "./header.js";
import { Messages } from "./messages.js";
import { ViewForm } from "./view_form.js";

/** The app, with the tabs that its manifest turned on. */
export class AppHome {
  constructor(node, page, where, tab) {
    Object.assign(this, { node, page, where, tab, world: page.world });
  }

  async draw() {
    const { world, page, tab } = this;
    const tabs = [
      world.app.home && { id: "home", label: "Home" },
      world.app.messages && { id: "messages", label: "Messages" },
      { id: "about", label: "About" },
    ].filter(Boolean);
    const choose = (id) => page.go(this.where.id, id);
    this.body = h("div", { class: "tab-body", role: "tabpanel", "aria-labelledby": `tab-${tab}`, tabindex: "-1" });
    replace(this.node, header(page, { title: world.app.name, detail: "App", tabs, tab, choose }), this.body);
    this.node.setAttribute("aria-label", world.app.name);
    const telling = this.#tellApp();
    if (tab === "home") await Promise.all([this.#drawHome(), telling]);
    else if (tab === "messages") await this.#drawMessages(telling);
    else replace(this.body, h("div", { class: "about" }, h("h2", {}, world.app.name), h("p", {}, world.app.about)));
  }

  /** Nothing is heard any more. */
  leave() {
    this.left = true;
    this.messages?.leave();
  }

  /** Follow entries of the journal. */
  happened(entries) {
    const mine = (e) => e.what?.startsWith("view_") && e.type === "home" && e.user === this.world.me.id;
    if (this.tab === "home" && entries.some(mine)) this.#drawHome();
    this.messages?.happened(entries);
  }

  // The app hears that somebody looks; its answer comes as a changed view.
  async #tellApp() {
    if (this.tab === "about") return;
    await act("open_home", { user: this.world.me.handle, tab: this.tab }).catch(() => {});
    if (this.where.id !== "app" || this.left) return;
    await this.page.refreshSidebar();
    this.where = this.world.appMessages;
  }

  async #drawHome() {
    const view = await see("home", { user: this.world.me.handle });
    if (this.left) return;
    if (!view) {
      replace(this.body, h("p", { class: "empty" }, `${this.world.app.name} has not shown anything here yet.`));
      return;
    }
    if (!this.form) {
      this.form = new ViewForm(this.world, { home: true }, "home");
      replace(this.body, h("div", { class: "home" }, this.form.node));
    }
    this.form.show(view);
  }

  async #drawMessages(telling) {
    if (this.where.id === "app") await telling;
    if (this.left) return;
    this.messages = new Messages(this.page, this.where);
    const readOnly = h("p", { class: "closed" }, `${this.world.app.name} takes no messages.`);
    replace(this.body, this.messages.node, this.world.app.read_only ? readOnly : new Composer(this.page, this.where).node);
    await this.messages.load();
  }
}
