// A pie: one slice for each segment, from twelve o'clock on.

import { s } from "./dom.js";
import { colored, figured } from "./marks.js";

const MIDDLE = 100;
const RADIUS = 92;

/** The segments of a pie chart as SVG. */
export function pie(segments) {
  const all = segments.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  const slices = segments.map((segment, at) => {
    const from = turned;
    turned += all > 0 ? segment.value / all : 0;
    const title = s("title", {}, `${segment.label}: ${figured(segment.value)}`);
    return s("g", { class: `slice ${colored(at)}` }, slice(from, turned, title));
  });
  return s("svg", { viewBox: "0 0 200 200", class: "pie", "aria-hidden": "true" }, ...slices);
}

function slice(from, to, title) {
  if (to - from > 0.9999) return s("circle", { cx: MIDDLE, cy: MIDDLE, r: RADIUS }, title);
  const far = to - from > 0.5 ? 1 : 0;
  const d = `M${MIDDLE} ${MIDDLE}L${edge(from)}A${RADIUS} ${RADIUS} 0 ${far} 1 ${edge(to)}Z`;
  return s("path", { d }, title);
}

function edge(part) {
  const angle = part * 2 * Math.PI;
  const [x, y] = [MIDDLE + RADIUS * Math.sin(angle), MIDDLE - RADIUS * Math.cos(angle)];
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
