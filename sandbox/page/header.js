// The top of a conversation: its name, tabs if it has any, and the buttons for menu and drawer.

import { h } from "./dom.js";

/** The header of a place; `tabs` is a list of {id, label}, `actions` are nodes of the place's own. */
export function header(page, { title, detail = "", tabs = [], tab = "", choose, actions = [] }) {
  const menu = h("button", { type: "button", class: "icon menu", "aria-label": "Show conversations", on: { click: toggleSidebar } }, "☰");
  const drawer = [opener(page, "clock", "Clock"), opener(page, "traffic", "Traffic")];
  return h(
    "header",
    { class: "place-head" },
    h("div", { class: "line" }, menu, h("h1", {}, title), h("span", { class: "detail" }, detail), h("span", { class: "space" }), actions, drawer),
    tabs.length ? tabList(tabs, tab, choose) : null,
  );
}

const opener = (page, tab, label) =>
  h("button", { type: "button", class: "quiet", on: { click: () => page.drawer?.toggle(tab) } }, label);

const toggleSidebar = () => {
  const sidebar = document.getElementById("sidebar");
  if (sidebar.classList.toggle("open")) sidebar.querySelector("button")?.focus();
};

const tabList = (tabs, tab, choose) =>
  h(
    "div",
    { class: "tabs", role: "tablist", on: { keydown: (event) => moveTab(event) } },
    tabs.map(({ id, label }) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${id}`,
          "aria-selected": String(id === tab),
          tabindex: id === tab ? null : "-1",
          on: { click: () => choose(id) },
        },
        label,
      ),
    ),
  );

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...event.currentTarget.children];
  tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length].focus();
}
