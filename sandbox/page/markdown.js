// Standard Markdown, of the markdown block: headings, lists, tables, code, links and styles.

import { h } from "./dom.js";
import { emojiNodes } from "./emoji.js";
import { angledNode, linkNode, unescaped } from "./tokens.js";

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^\s*(?:(?:>|&gt;) ?)+/; // a quote in a quote is one quote, as in Slack
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const STARTS = [FENCE, HEADING, RULE, QUOTE, ITEM];

// What may stand between two marks: anything, with code in one piece.
const INSIDE = "((?:`[^`]+`|`(?![^`]+`)|[^`])+?)";
const between = (open, close = open) => `${open}(?=\\S)${INSIDE}(?<=\\S)${close}`;
const STRONG = new RegExp(`${between("\\*\\*")}|${between("(?<!\\w)__", "__(?!\\w)")}`, "g");
const GONE = new RegExp(between("~~"), "g");
const STAR = between("\\*(?!\\*)", "(?<!\\*)\\*(?!\\*)");
const EMPHASIS = new RegExp(`${STAR}|${between("(?<!\\w)_(?!_)", "(?<!_)_(?!\\w)")}`, "g");

const styled = (tag) => ([, first, second], world) => [h(tag, {}, ...spans(first ?? second, world))];

// Where two begin at the same place the first of these is meant.
const SPANS = [
  [/\\([\\`*_~[\](){}#+\-.!|>])/g, (found) => [document.createTextNode(found[1])]],
  [/`([^`]+)`/g, (found) => [h("code", {}, unescaped(found[1]))]],
  [/<([^<>\s][^<>]*)>/g, (found, world) => [angledNode(found[1], world)]],
  [/!?\[([^\]]*)\]\(([^()\s]*(?:\([^()\s]*\))?)[^()]*\)/g,
    (found, world) => [linkNode(unescaped(found[2]), ...spans(found[1], world))]],
  [/\bhttps?:\/\/[^\s<>|`"]+[^\s<>|`"'.,;:!?)\]*_~]/g,
    (found) => [linkNode(unescaped(found[0]), unescaped(found[0]))]],
  [STRONG, styled("strong")],
  [GONE, styled("s")],
  [EMPHASIS, styled("em")],
];

/** The nodes of a text in Markdown. */
export function markdown(text, world) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  while (lines.length > 0) {
    if (lines[0].trim() === "") lines.shift();
    else nodes.push(part(lines, world));
  }
  return nodes;
}

/** Take the next part off *lines* and draw it. */
function part(lines, world) {
  const [line, next = ""] = lines;
  if (FENCE.test(line)) return fence(lines);
  if (HEADING.test(line)) return heading(lines.shift(), world);
  if (RULE.test(line)) return lines.shift() && h("hr", {});
  if (QUOTE.test(line)) return quote(lines, world);
  if (ITEM.test(line)) return list(lines, world);
  if (line.includes("|") && DIVIDER.test(next)) return grid(lines, world);
  return paragraph(lines, world);
}

function fence(lines) {
  lines.shift();
  const end = lines.findIndex((line) => FENCE.test(line));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h("pre", {}, unescaped(code.join("\n")));
}

function heading(line, world) {
  const [, marks, words] = HEADING.exec(line);
  const level = Math.min(4, marks.length);
  return h(`h${level + 2}`, { dataset: { level } }, ...spans(words, world));
}

function quote(lines, world) {
  const inner = takeWhile(lines, (line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, ""));
  return h("blockquote", {}, ...markdown(inner.join("\n"), world));
}

function list(lines, world) {
  const [, indent, mark] = ITEM.exec(lines[0]);
  const ordered = /\d/.test(mark);
  const node = ordered ? h("ol", { start: Number.parseInt(mark, 10) }) : h("ul", {});
  while (lines.length > 0) {
    const found = ITEM.exec(lines[0]);
    if (!found || found[1].length < indent.length) break;
    if (found[1].length > indent.length + 1 && node.lastChild) node.lastChild.append(list(lines, world));
    else if (/\d/.test(found[2]) !== ordered) break;
    else node.append(item(lines.shift() && found, world));
  }
  return node;
}

function item([, , , ticked, words], world) {
  const box = ticked === undefined ? null : h("span", { class: "tick" }, ticked === " " ? "☐ " : "☑ ");
  return h("li", {}, box, ...spans(words, world));
}

const cellsOf = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

function grid(lines, world) {
  const [heads, ways] = [cellsOf(lines.shift()), cellsOf(lines.shift())];
  const align = ways.map((way) => (/^:.*:$/.test(way) ? "center" : way.endsWith(":") ? "right" : "left"));
  const row = (cells, tag) => h("tr", {}, ...heads.map((_, at) => (
    h(tag, { class: align[at], scope: tag === "th" && "col" }, ...spans(cells[at] ?? "", world)))));
  const body = takeWhile(lines, (line) => line.includes("|"));
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Table" }, h("table", {},
    h("thead", {}, row(heads, "th")), h("tbody", {}, ...body.map((line) => row(cellsOf(line), "td")))));
}

function paragraph(lines, world) {
  const goesOn = (line) => line.trim() !== "" && !STARTS.some((start) => start.test(line));
  const words = [lines.shift(), ...takeWhile(lines, goesOn)];
  const drawn = words.flatMap((line) => [h("br"), ...spans(line, world)]);
  return h("p", {}, ...drawn.slice(1));
}

function takeWhile(lines, goesOn) {
  const end = lines.findIndex((line) => !goesOn(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

/** A line with its links, code and styles as nodes: what begins first goes first. */
function spans(text, world) {
  const nodes = [];
  const next = SPANS.map(([mark, draw]) => ({ mark, draw, found: { index: -1 } }));
  let from = 0;
  while (from < text.length) {
    for (const one of next) if (one.found?.index < from) one.found = after(one.mark, text, from);
    const ahead = next.filter(({ found }) => found);
    if (ahead.length === 0) break;
    const { found, draw } = ahead.reduce((first, one) => (one.found.index < first.found.index ? one : first));
    nodes.push(...emojiNodes(unescaped(text.slice(from, found.index))), ...draw(found, world));
    from = found.index + found[0].length;
  }
  return [...nodes, ...emojiNodes(unescaped(text.slice(from)))];
}

function after(mark, text, from) {
  mark.lastIndex = from;
  return mark.exec(text);
}
