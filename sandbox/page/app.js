// The page itself: who acts, where they are, and what to draw again when something happens.

import { act, see } from "./api.js";
import { Conversation } from "./conversation.js";
import { h, replace } from "./dom.js";
import { mountDrawer } from "./drawer.js";
import { AppHome } from "./home.js";
import { live } from "./live.js";
import { ModalLayer } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { World } from "./world.js";

const SHOWN = new Set(["message", "update", "delete", "ephemeral"]);
const VIEWS = new Set(["view_open", "view_push", "view_update", "view_closed"]);
const MEMBERS = new Set(["conversation", "member_joined", "member_left"]);

const nodes = Object.fromEntries(
  ["sidebar", "place", "drawer", "modals"].map((id) => [id, document.getElementById(id)]),
);

/** The page while one person acts. Its address, `?as=ana&in=C123`, says who and where. */
class Page {
  async start() {
    window.addEventListener("popstate", () => this.#follow());
    await this.#become(address().as, { reload: true });
    live.onEntries((entries) => this.#happened(entries));
    live.start(this.world.last);
  }

  /** Act as somebody else, where one is: in the same conversation if they may read it, or at the app. */
  async actAs(handle) {
    history.pushState(null, "", query({ as: handle, in: this.place instanceof AppHome ? "app" : address().in }));
    await this.#become(handle);
  }

  /** Go to a conversation by id, or with a tab (`home`, `messages`, `about`) to the app's page. */
  async go(id, tab = "") {
    history.pushState(null, "", query({ as: this.world.me.handle, in: id, tab }));
    await this.#enter(id, tab);
  }

  async #follow() {
    const asked = address();
    if (asked.as !== this.world.me.handle) await this.#become(asked.as);
    else await this.#enter(asked.in, asked.tab);
  }

  async #become(handle, { reload = false } = {}) {
    if (reload && handle) await act("reload", { user: handle }).catch(() => {});
    this.world = new World(await see("page", { user: handle }));
    this.world.go = (id, tab) => this.go(id, tab);
    if (this.drawer) this.drawer.setWorld(this.world);
    else this.drawer = mountDrawer(nodes.drawer, { world: this.world, live });
    document.title = `${this.world.me.name} in ${this.world.team.name}`;
    this.sidebar = new Sidebar(nodes.sidebar, this.world, this);
    replace(nodes.modals);
    this.modals = new ModalLayer(nodes.modals, this.world);
    const { in: id, tab } = address();
    await Promise.all([this.#enter(id, tab), this.modals.refresh()]);
  }

  async #enter(id, tab) {
    const { world } = this;
    const found = world.conversation(id) ?? (world.channel(id) || [...world.channels].find((c) => c.name === id));
    const first = world.conversations.find((c) => c.kind === "channel");
    const where = id === "app" ? (world.appMessages ?? { id: "app", kind: "im" }) : (found ?? first ?? { id: "app", kind: "im" });
    const isApp = where.kind === "im";
    if (isApp) this.#keepTab(id, tab || (where.unread || !world.app.home ? "messages" : (this.tab ?? "home")));
    this.place?.leave();
    this.place = isApp ? new AppHome(nodes.place, this, where, this.tab) : new Conversation(nodes.place, this, where);
    nodes.sidebar.classList.remove("open");
    this.sidebar.mark(where.id);
    await this.place.draw();
    await this.refreshSidebar();
  }

  // The app is left and found at the same tab: by a reload, on coming back, and by the next person.
  #keepTab(id, tab) {
    this.tab = tab;
    history.replaceState(null, "", query({ as: this.world.me.handle, in: id, tab }));
  }

  /** Read the conversations anew: unread counts, new group messages. */
  async refreshSidebar() {
    const { world } = this;
    const list = await see("places", { user: world.me.handle });
    if (world !== this.world) return;
    world.setConversations(list);
    this.sidebar.draw();
  }

  /** What an act led to: modals and ephemeral messages come by the live connection as well. */
  async after() {
    await this.modals.refresh();
  }

  #happened(entries) {
    const { world } = this;
    let sidebar = false;
    let modals = false;
    for (const entry of entries) {
      if (entry.kind === "clock") world.setClock({ now: entry.now, rate: entry.rate });
      if (entry.kind === "reset" || entry.kind === "restored") location.reload();
      if (entry.kind === "changed") this.#people();
      if (entry.kind !== "effect") continue;
      const mine = entry.user === world.me.id || entry.recipients?.includes(world.me.id);
      if (VIEWS.has(entry.what) && entry.user === world.me.id) modals = true;
      if (SHOWN.has(entry.what) || MEMBERS.has(entry.what)) sidebar ||= mine;
    }
    this.place?.happened(entries);
    if (modals) this.modals.refresh();
    if (sidebar) this.#soon();
  }

  // Many messages in one burst cost one look at the conversations.
  #soon() {
    this.planned ??= setTimeout(() => {
      this.planned = undefined;
      this.refreshSidebar();
    }, 100);
  }

  async #people() {
    const facts = await see("page", { user: this.world.me.handle });
    const fresh = new World(facts);
    Object.assign(this.world, { people: fresh.people, byId: fresh.byId });
  }
}

const address = () => {
  const asked = new URLSearchParams(location.search);
  return { as: asked.get("as") ?? "", in: asked.get("in") ?? "", tab: asked.get("tab") ?? "" };
};

const query = (parts) => {
  const kept = Object.entries(parts).filter(([, value]) => value);
  return `?${new URLSearchParams(kept)}`;
};

try {
  await new Page().start();
} catch (error) {
  replace(nodes.place, h("p", { class: "trouble", role: "alert" }, error.message));
  throw error;
}
