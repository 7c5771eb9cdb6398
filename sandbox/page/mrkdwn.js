// Slack's own markup: bold, quotes, code, links, mentions, dates and emoji, as DOM nodes.

import { formatDate } from "./dates.js";
import { h } from "./dom.js";
import { emojiNodes, withEmoji } from "./emoji.js";
import { angledNode, linkNode, unescaped } from "./tokens.js";

export { formatDate };

const MARKS = { "*": "strong", _: "em", "~": "s" };
const ATOM = /<([^<>]+)>|`([^`\n]+)`|\bhttps?:\/\/[^\s<>|`"]+[^\s<>|`"'.,;:!?)\]*_~]/g;
const ANGLED = /<([^<>]+)>/g;
const QUOTED = /^(?:>|&gt;) ?/;
const QUOTED_TO_THE_END = /^(?:>|&gt;){3} ?/;
const WORD = /[\p{L}\p{N}]/u;

/** The nodes of a text in mrkdwn; addresses written plainly become links unless it is *verbatim*. */
export function mrkdwn(text, world, { verbatim = false } = {}) {
  const pieces = fenced(text);
  return pieces.flatMap((piece, index) => {
    if (index % 2) return [h("pre", {}, ...codeNodes(piece.replace(/^\n|\n$/g, ""), world))];
    return quotes(around(piece, index > 0, index < pieces.length - 1), { world, verbatim });
  });
}

/** A text in mrkdwn as one reads it aloud: no marks, names instead of ids. */
export function plain(text, world) {
  return mrkdwn(text, world).map(words).join("").trim();
}

/** The nodes of a text object, be it plain_text or mrkdwn. */
export function textNodes(object, world) {
  if (!object) return [];
  const text = String(object.text ?? "");
  if (object.type === "mrkdwn") return mrkdwn(text, world, { verbatim: object.verbatim });
  return breaks(text, object.emoji === false ? textNode : emojiNodes);
}

/** The words of a text object, for accessible names. */
export function textWords(object, world) {
  if (!object) return "";
  return object.type === "mrkdwn" ? plain(object.text ?? "", world) : withEmoji(String(object.text ?? ""));
}

/** Lines with breaks between them; an empty line is half as high, as in Slack. */
export function breaks(text, draw) {
  return text.split("\n").flatMap((line, index, all) => {
    if (index === 0) return draw(line);
    const empty = index > 1 && all[index - 1] === "";
    return [empty ? h("span", { class: "gap" }) : h("br"), ...draw(line)];
  });
}

const textNode = (text) => (text === "" ? [] : [document.createTextNode(text)]);

function words(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.tagName === "BR" || node.className === "gap") return "\n";
  const inner = [...node.childNodes].map(words).join("");
  return ["PRE", "BLOCKQUOTE"].includes(node.tagName) ? `\n${inner}\n` : inner;
}

/** A text cut at its code fences: text and code by turns; a fence that is empty or open is text. */
function fenced(text) {
  const [first, ...cuts] = text.split("```");
  const pieces = [first];
  while (cuts.length > 0) {
    const code = cuts.shift();
    if (code.trim() === "" || cuts.length === 0) pieces.push(`${pieces.pop()}\`\`\`${code}`);
    else pieces.push(code, cuts.shift());
  }
  return pieces;
}

/** A piece of text beside a code block, which brings its own line breaks. */
function around(text, after, before) {
  const start = after ? text.replace(/^[^\S\n]*\n/, "") : text;
  return before ? start.replace(/\n$/, "") : start;
}

/** Lines, those that quote gathered into block quotes. */
function quotes(text, how) {
  const nodes = [];
  const lines = text === "" ? [] : text.split("\n");
  while (lines.length > 0) {
    const endless = QUOTED_TO_THE_END.test(lines[0]);
    const quoted = endless || QUOTED.test(lines[0]);
    const other = (line) => QUOTED.test(line) !== quoted || QUOTED_TO_THE_END.test(line);
    const end = endless ? -1 : lines.findIndex(other);
    const taken = lines.splice(0, end < 0 ? lines.length : end);
    const mark = endless ? QUOTED_TO_THE_END : QUOTED;
    const inner = inline(taken.map((line) => (quoted ? line.replace(mark, "") : line)).join("\n"), how);
    nodes.push(...(quoted ? [h("blockquote", {}, ...inner)] : inner));
  }
  return nodes;
}

/** One after the other: characters, and what no mark may cut: tokens, code and addresses. */
function inline(text, how) {
  const units = [];
  let from = 0;
  for (const atom of text.matchAll(ATOM)) {
    const address = atom[1] === undefined && atom[2] === undefined;
    if (address && how.verbatim) continue;
    units.push(...text.slice(from, atom.index), atomNode(atom, how.world));
    from = atom.index + atom[0].length;
  }
  units.push(...text.slice(from));
  return marked(units, Object.keys(MARKS));
}

function atomNode([whole, angled, code], world) {
  if (angled !== undefined) return angledNode(angled, world);
  if (code !== undefined) return h("code", {}, ...codeNodes(code, world));
  return linkNode(unescaped(whole), unescaped(whole));
}

/** Code shows names and dates too, but neither marks nor emoji. */
function codeNodes(text, world) {
  return text.split(ANGLED).flatMap((piece, index) => (
    index % 2 ? [angledNode(piece, world)] : textNode(unescaped(piece))));
}

/** Units with their marks made elements; inside a mark the same mark means nothing. */
function marked(units, marks) {
  const nodes = [];
  const live = new Set(marks);
  let run = "";
  const flush = () => {
    nodes.push(...breaks(run, (line) => emojiNodes(unescaped(line))));
    run = "";
  };
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at];
    if (unit === "\n") marks.forEach((mark) => live.add(mark));
    const opened = live.has(unit) && opens(units, at);
    const end = opened ? closing(units, at) : -1;
    if (opened && end < 0) live.delete(unit); // nothing closes it, nor any later one, on this line
    if (end > 0) {
      flush();
      const inner = marked(units.slice(at + 1, end), marks.filter((mark) => mark !== unit));
      nodes.push(h(MARKS[unit], {}, ...inner));
      at = end;
    } else if (typeof unit === "string") {
      run += unit;
    } else {
      flush();
      nodes.push(unit);
    }
  }
  flush();
  return nodes;
}

const isWord = (unit) => typeof unit === "string" && WORD.test(unit);
const isSpace = (unit) => unit === undefined || (typeof unit === "string" && /\s/.test(unit));

/** A mark opens where a word begins. */
function opens(units, at) {
  const [before, mark, after] = [units[at - 1], units[at], units[at + 1]];
  return !isWord(before) && before !== mark && after !== mark && !isSpace(after);
}

/** Where the mark at *at* closes on its line: where a word ends. */
function closing(units, at) {
  const mark = units[at];
  for (let end = at + 2; end < units.length && units[end - 1] !== "\n"; end += 1) {
    const [before, after] = [units[end - 1], units[end + 1]];
    const ends = !isSpace(before) && before !== mark && !isWord(after) && after !== mark;
    if (units[end] === mark && ends) return end;
  }
  return -1;
}
