// Building DOM nodes. Data only ever becomes text or an attribute, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element; see `fill` for the properties. */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** An SVG element; see `fill` for the properties. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

/** Give a node other children. */
export function replace(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** Set properties (`class`, `on`, `dataset`, any attribute; null and false are left out) and children. */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, fn] of Object.entries(value)) node.addEventListener(event, fn);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...flat(children));
  return node;
}

const flat = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined);
