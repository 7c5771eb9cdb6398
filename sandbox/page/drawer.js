// The drawer beside the conversation: traffic, clock and faults.

import { ClockPanel } from "./clock_panel.js";
import { h, replace } from "./dom.js";
import { FaultsPanel } from "./faults_panel.js";
import { TrafficPanel } from "./traffic.js";

const TABS = { traffic: "Traffic", clock: "Clock", faults: "Faults" };
const MEMORY = "drawer";
const NARROW = matchMedia("(width <= 800px)");

/** Put the drawer into `root`, closed unless it was open before; returns what the shell needs of it. */
export const mountDrawer = (root, { world, live }) => new Drawer(root, world, live);

const mapped = (fn) => Object.fromEntries(Object.entries(TABS).map(([id, name]) => [id, fn(id, name)]));

class Drawer {
  #open = false;
  #tab = "traffic";

  constructor(root, world, live) {
    this.root = root;
    this.panels = {
      traffic: new TrafficPanel(world, () => this.#count()),
      clock: new ClockPanel(world),
      faults: new FaultsPanel(),
    };
    const tab = (id, name) => {
      const facts = { type: "button", role: "tab", id: `drawer-tab-${id}`, "aria-controls": `drawer-${id}` };
      return h("button", { ...facts, on: { click: () => this.#show(id) } }, name);
    };
    const body = (id) => {
      const facts = { role: "tabpanel", id: `drawer-${id}`, "aria-labelledby": `drawer-tab-${id}` };
      return h("div", { ...facts, class: "drawer-body" }, this.panels[id].node);
    };
    this.tabs = mapped(tab);
    this.bodies = mapped(body);
    const facts = { class: "drawer", "aria-label": "Inspector", hidden: true };
    const on = { keydown: (event) => this.#key(event) };
    this.aside = h("aside", { ...facts, on }, this.#head(), Object.values(this.bodies));
    root.append(this.aside);
    NARROW.addEventListener("change", () => this.#cover());
    live.onEntries((entries) => Object.values(this.panels).forEach((panel) => panel.take(entries)));
    const before = JSON.parse(sessionStorage.getItem(MEMORY) ?? "{}");
    if (before.tab in TABS) this.#tab = before.tab;
    if (before.open) this.#show(this.#tab);
  }

  /** Somebody else acts now. */
  setWorld(world) {
    for (const panel of Object.values(this.panels)) panel.setWorld(world);
  }

  /** Close it if it is open at this tab, else open it there. */
  toggle(tab = this.#tab) {
    if (this.#open && tab === this.#tab) this.close();
    else this.open(tab);
  }

  /** Open it at a tab, with the focus in it. */
  open(tab) {
    this.opener = document.activeElement;
    this.#show(tab);
    this.tabs[tab].focus();
  }

  /** Close it, and go back to where one was. */
  close() {
    this.#open = false;
    this.aside.hidden = true;
    this.panels[this.#tab].hide();
    this.#settled();
    if (this.opener?.isConnected) this.opener.focus();
  }

  #show(tab) {
    this.panels[this.#tab].hide();
    this.#open = true;
    this.#tab = tab;
    this.aside.hidden = false;
    for (const [id, button] of Object.entries(this.tabs)) {
      button.setAttribute("aria-selected", String(id === tab));
      button.tabIndex = id === tab ? 0 : -1;
      this.bodies[id].hidden = id !== tab;
    }
    this.#settled();
    this.panels[tab].show();
  }

  #settled() {
    this.#cover();
    sessionStorage.setItem(MEMORY, JSON.stringify({ open: this.#open, tab: this.#tab }));
  }

  // In a narrow window the drawer covers the page, which is then out of reach.
  #cover() {
    for (const other of this.root.parentElement.children) {
      if (other !== this.root) other.inert = this.#open && NARROW.matches;
    }
  }

  #head() {
    this.count = h("span", { class: "problems", hidden: true });
    const on = { click: () => this.close() };
    const close = h("button", { type: "button", class: "icon", "aria-label": "Close inspector", on }, "×");
    const tabs = h("div", { role: "tablist", "aria-label": "Inspector" }, Object.values(this.tabs));
    this.tabs.traffic.append(this.count);
    return h("div", { class: "drawer-head" }, tabs, close);
  }

  #count() {
    const { problems } = this.panels.traffic;
    this.count.hidden = !problems;
    const word = h("span", { class: "hidden" }, problems === 1 ? " problem" : " problems");
    replace(this.count, ` ${problems}`, word);
  }

  #key(event) {
    if (event.key === "Escape" && !event.defaultPrevented) this.close();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.getAttribute("role") !== "tab") return;
    const ids = Object.keys(TABS);
    const id = ids[(ids.indexOf(this.#tab) + step + ids.length) % ids.length];
    this.#show(id);
    this.tabs[id].focus();
  }
}
