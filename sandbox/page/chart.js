// Charts as SVG, each with a legend, and a table of its figures for those who do not see it.

import { h, s } from "./dom.js";
import { colored, figured } from "./marks.js";
import { pie } from "./pie.js";

const WIDE = 480;
const TALL = 240;
const LETTER = 6; // about as wide as a character of an axis label
const LONGEST = 14; // characters of a tilted label

/** A data_visualization block. */
export function chart(block) {
  const { type, segments = [], series = [], axis_config: axis = {} } = block.chart ?? {};
  const round = type === "pie";
  const names = round ? segments.map(({ label }) => label) : series.map(({ name }) => name);
  return h("figure", { class: "chart" },
    h("figcaption", {}, block.title ?? ""),
    round ? pie(segments) : plot(type, series, axis),
    legend(names, round ? segments : null),
    round ? figures(block.title, ["Part", "Value"], segments.map((part) => [part.label, figured(part.value)]))
      : figures(block.title, [axis.x_label ?? "Category", ...names], rowsOf(series, axis)));
}

function legend(names, segments) {
  const all = (segments ?? []).reduce((sum, { value }) => sum + value, 0);
  const percent = (at) => ` ${Math.round((100 * segments[at].value) / all)}%`;
  const share = (at) => (segments && all > 0 ? h("span", { class: "soft" }, percent(at)) : null);
  return h("ul", { class: "legend", "aria-hidden": "true" }, ...names.map((name, at) => (
    h("li", {}, h("span", { class: `key ${colored(at)}` }), name, share(at)))));
}

function figures(title, heads, rows) {
  return h("table", { class: "hidden" },
    h("caption", {}, title ?? ""),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...rows.map(([name, ...values]) => (
      h("tr", {}, h("th", { scope: "row" }, name), ...values.map((value) => h("td", {}, value)))))));
}

function rowsOf(series, axis) {
  return (axis.categories ?? []).map((label) => [
    label, ...series.map((one) => figured(valueAt(one, label))),
  ]);
}

const valueAt = (one, label) => one.data?.find((point) => point.label === label)?.value;

/** The bounds of an axis and its round steps: 1, 2 or 5 times a power of ten. */
export function steps(least, most) {
  const rough = (most - least || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough * 0.999);
  const first = Math.floor(least / step);
  const count = Math.max(1, Math.ceil(most / step - 1e-9) - first);
  return Array.from({ length: count + 1 }, (_, at) => (first + at) * step);
}

function plot(type, series, axis) {
  const labels = axis.categories ?? [];
  const values = series.flatMap(({ data = [] }) => data.map(({ value }) => value));
  const ticks = steps(Math.min(0, ...values), Math.max(0, ...values));
  const area = places(labels, ticks, axis);
  const how = { area, labels, among: series.length };
  const shapes = series.map((one, at) => SHAPES[type]?.(one, at, how) ?? null);
  return s("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, class: "plot", "aria-hidden": "true" },
    ...grid(ticks, area), ...named(labels, area), ...axisNames(axis, area), ...shapes,
    s("line", { class: "zero", x1: area.left, x2: area.right, y1: area.y(0), y2: area.y(0) }));
}

/** Where things go: the plot's edges, and the place of a value and of a category. */
function places(labels, ticks, axis) {
  const widest = Math.max(...ticks.map((tick) => figured(tick).length)) * LETTER + 8;
  const left = widest + (axis.y_label ? 18 : 4);
  const right = WIDE - 8;
  const step = (right - left) / Math.max(1, labels.length);
  const longest = Math.max(0, ...labels.map((label) => label.length)) * LETTER;
  const tilted = longest > step;
  const room = tilted ? Math.min(longest, LONGEST * LETTER) * 0.65 + 14 : 20;
  const bottom = TALL - room - (axis.x_label ? 16 : 0);
  const [low, high] = [ticks[0], ticks.at(-1)];
  return {
    left, right, step, tilted, top: 10, bottom,
    x: (at) => left + step * (at + 0.5),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - 10),
  };
}

function grid(ticks, area) {
  return ticks.flatMap((tick) => [
    s("line", { class: "grid", x1: area.left, x2: area.right, y1: area.y(tick), y2: area.y(tick) }),
    s("text", { x: area.left - 6, y: area.y(tick) + 4, "text-anchor": "end" }, figured(tick)),
  ]);
}

function named(labels, area) {
  return labels.map((label, at) => {
    const [x, y] = [area.x(at), area.bottom + 16];
    if (!area.tilted) return s("text", { x, y, "text-anchor": "middle" }, label);
    const short = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
    return s("text", { x, y, "text-anchor": "end", transform: `rotate(-40 ${x} ${y - 4})` }, short);
  });
}

function axisNames({ x_label: across, y_label: up }, area) {
  const middle = (area.top + area.bottom) / 2;
  const center = (area.left + area.right) / 2;
  const name = (words, place) => words && s("text", { ...place, "text-anchor": "middle" }, words);
  return [
    name(across, { x: center, y: TALL - 4 }),
    name(up, { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` }),
  ].filter(Boolean);
}

const hover = (one, label, value) => s("title", {}, `${one.name}, ${label}: ${figured(value)}`);

function bars(one, at, { area, labels, among }) {
  const wide = Math.min(28, (area.step * 0.76) / among);
  return s("g", { class: colored(at) }, ...labels.flatMap((label, place) => {
    const value = valueAt(one, label);
    if (value === undefined) return [];
    const x = area.x(place) + (at - among / 2) * wide;
    const y = Math.min(area.y(value), area.y(0));
    const size = { width: Math.max(1, wide - 2), height: Math.abs(area.y(value) - area.y(0)) };
    return [s("rect", { x: x + 1, y, rx: 2, ...size }, hover(one, label, value))];
  }));
}

function points(one, { area, labels }) {
  return labels.flatMap((label, place) => {
    const value = valueAt(one, label);
    return value === undefined ? [] : [{ label, value, x: area.x(place), y: area.y(value) }];
  });
}

const path = (dots) => `M${dots.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

function line(one, at, how) {
  const dots = points(one, how);
  return s("g", { class: colored(at) },
    dots.length > 0 ? s("path", { class: "line", d: path(dots) }) : null,
    ...dots.map(({ label, value, x, y }) => s("circle", { cx: x, cy: y, r: 3.5 }, hover(one, label, value))));
}

function surface(one, at, how) {
  const dots = points(one, how);
  const drawn = line(one, at, how);
  if (dots.length === 0) return drawn;
  const floor = how.area.y(0);
  const closed = [...dots, { x: dots.at(-1).x, y: floor }, { x: dots[0].x, y: floor }];
  drawn.prepend(s("path", { class: "surface", d: `${path(closed)}Z` }));
  return drawn;
}

const SHAPES = { bar: bars, line, area: surface };
