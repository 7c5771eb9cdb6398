// The drawer beside the conversation: traffic, clock and faults.

import { ClockPanel } from "./clock_panel.js";
import { h, replace } from "./dom.js";
import { FaultsPanel } from "./faults_panel.js";
import { TrafficPanel } from "./traffic.js";

const TABS = { traffic: "Traffic", clock: "Clock", faults: "Faults" };
const MEMORY = "drawer";
const NARROW = matchMedia("(width <= 800px)");
const WIDTHS = { least: 320, usual: 440, most: 900, step: 24 };

/** Put the drawer into `root`, closed unless it was open before; returns what the shell needs of it. */
export const mountDrawer = (root, { world, live }) => new Drawer(root, world, live);

class Drawer {
  #open = false;
  #tab = "traffic";
  #width = WIDTHS.usual;

  constructor(root, world, live) {
    this.root = root;
    this.panels = {
      traffic: new TrafficPanel(world, () => this.#count()),
      clock: new ClockPanel(world),
      faults: new FaultsPanel(),
    };
    this.aside = h("aside", { class: "drawer", id: "inspector", "aria-label": "Inspector", hidden: true,
      on: { keydown: (event) => this.#key(event) } }, this.#handle(), this.#head(), this.#bodies());
    root.append(this.aside);
    NARROW.addEventListener("change", () => this.#cover());
    live.onEntries((entries) => Object.values(this.panels).forEach((panel) => panel.take(entries)));
    this.#recall();
  }

  get isOpen() {
    return this.#open;
  }

  /** Somebody else acts now. */
  setWorld(world) {
    for (const panel of Object.values(this.panels)) panel.setWorld(world);
  }

  toggle() {
    if (this.#open) this.close();
    else this.open();
  }

  /** Open it, at one of its tabs if named, with the focus in it. */
  open(tab = this.#tab) {
    this.opener = document.activeElement;
    this.#show(tab);
    this.tabs[tab].focus();
  }

  /** Close it, and go back to where one was. */
  close() {
    this.#open = false;
    this.aside.hidden = true;
    this.panels[this.#tab].hide();
    this.#cover();
    this.#remember();
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
    this.#cover();
    this.#remember();
    this.panels[tab].show();
  }

  #head() {
    const button = (id) => h("button", { type: "button", role: "tab", id: `drawer-tab-${id}`,
      "aria-controls": `drawer-${id}`, on: { click: () => this.#show(id) } }, TABS[id]);
    this.tabs = Object.fromEntries(Object.keys(TABS).map((id) => [id, button(id)]));
    this.count = h("span", { class: "problems", hidden: true });
    this.tabs.traffic.append(this.count);
    return h("div", { class: "drawer-head" },
      h("div", { role: "tablist", "aria-label": "Inspector" }, Object.values(this.tabs)),
      h("button", { type: "button", class: "icon", "aria-label": "Close", on: { click: () => this.close() } }, "×"));
  }

  #bodies() {
    const body = (id) => h("div", { role: "tabpanel", id: `drawer-${id}`, class: "drawer-body",
      "aria-labelledby": `drawer-tab-${id}` }, this.panels[id].node);
    this.bodies = Object.fromEntries(Object.keys(TABS).map((id) => [id, body(id)]));
    return Object.values(this.bodies);
  }

  #count() {
    const { problems } = this.panels.traffic;
    this.count.hidden = problems === 0;
    replace(this.count, ` ${problems}`, h("span", { class: "hidden" }, problems === 1 ? " problem" : " problems"));
  }

  #key(event) {
    if (event.key === "Escape" && !event.defaultPrevented) return this.close();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.getAttribute("role") !== "tab") return;
    const ids = Object.keys(TABS);
    const id = ids[(ids.indexOf(this.#tab) + step + ids.length) % ids.length];
    this.#show(id);
    this.tabs[id].focus();
  }

  // The edge one drags; arrow keys move it too.
  #handle() {
    const drag = (event) => event.buttons && this.#resize(window.innerWidth - event.clientX);
    const key = (event) => {
      const step = { ArrowLeft: WIDTHS.step, ArrowRight: -WIDTHS.step }[event.key];
      if (step) this.#resize(this.#width + step);
    };
    const take = (event) => event.target.setPointerCapture(event.pointerId);
    this.edge = h("div", { class: "edge", role: "separator", tabindex: "0", "aria-orientation": "vertical",
      "aria-label": "Width", "aria-valuemin": WIDTHS.least, "aria-valuemax": WIDTHS.most,
      on: { pointerdown: take, pointermove: drag, keydown: key } });
    return this.edge;
  }

  #resize(wanted) {
    this.#width = Math.round(Math.min(Math.max(wanted, WIDTHS.least), WIDTHS.most));
    this.aside.style.setProperty("--drawer-width", `${this.#width}px`);
    this.edge.setAttribute("aria-valuenow", this.#width);
    this.#remember();
  }

  // In a narrow window the drawer covers the page, which is then out of reach.
  #cover() {
    for (const other of this.root.parentElement.children) {
      if (other !== this.root) other.inert = this.#open && NARROW.matches;
    }
  }

  #remember() {
    sessionStorage.setItem(MEMORY, JSON.stringify({ open: this.#open, tab: this.#tab, width: this.#width }));
  }

  #recall() {
    const { open = false, tab = "traffic", width = WIDTHS.usual } = JSON.parse(sessionStorage.getItem(MEMORY) ?? "{}");
    this.#resize(width);
    this.#tab = tab in TABS ? tab : "traffic";
    if (open) this.#show(this.#tab);
  }
}
