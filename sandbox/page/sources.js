// Where a select's options come from: the element itself, the workspace, or the app.

import { textWords } from "./mrkdwn.js";

const QUERY_AT_LEAST = 3; // letters, unless the element says otherwise
const SIGNS = { channel: "#", group: "\u{1F512}" };
const NOUNS = { users: "a person", conversations: "a conversation", channels: "a channel" };
const KINDS = { public: "channel", private: "group", im: "im", mpim: "mpim" };

/** An item of a list: what is read, what is found by typing, and the value it stands for. */
function item(text, value, { key = value, note = "", group = "", sign = "" } = {}) {
  return { text, value, key, note, group, sign, found: `${text} ${note} ${sign}${text}`.toLocaleLowerCase() };
}

function fromOption(option, world, group = "") {
  const note = textWords(option.description, world);
  return item(textWords(option.text, world), option, { key: option.value, note, group });
}

/** Options, or groups of them, as items. */
function fromOptions(given, world) {
  return given.flatMap(({ options, label, ...one }) => {
    if (!options) return fromOption(one, world);
    return options.map((option) => fromOption(option, world, textWords(label, world)));
  });
}

/** People who can be chosen; bots stand last. */
function active(people) {
  return people.filter((one) => !one.deleted).sort((one, other) => Number(one.bot) - Number(other.bot));
}

function fromPerson(person, world) {
  const me = person.id === world.me.id ? " (you)" : "";
  return item(`${person.name}${me}`, person.id, { note: `@${person.handle}` });
}

function fromConversation(place) {
  return item(place.name, place.id, { sign: SIGNS[place.kind] });
}

/** Items that contain what was typed; those that start with it come first. */
export function fitting(items, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  const fits = items.filter((one) => one.found.includes(wanted));
  if (!wanted || fits.some((one) => one.group)) return fits;
  const starts = (one) => one.found.startsWith(wanted) || one.found.includes(` ${wanted}`);
  return [...fits.filter(starts), ...fits.filter((one) => !starts(one))];
}

/** All conversations a select offers, as its filter has it. */
function places({ element, ctx: { world } }) {
  const channels = element.type.endsWith("channels_select");
  const kinds = channels ? ["channel"] : element.filter?.include?.map((one) => KINDS[one]);
  const known = new Map([...world.channels, ...world.conversations].map((one) => [one.id, one]));
  return [...known.values()].filter((one) => !one.archived && (!kinds || kinds.includes(one.kind)));
}

const SOURCES = {
  static: ({ element, ctx }) => fromOptions(element.options ?? element.option_groups ?? [], ctx.world),
  users: ({ ctx: { world } }) => active(world.people).map((one) => fromPerson(one, world)),
  conversations: (field) => places(field).map(fromConversation),
  channels: (field) => places(field).map(fromConversation),
};

/** What a select offers: `find(typed)` gives items, at once or as a promise; `read(value)` gives one. */
export function sourceOf(field) {
  const { world } = field.ctx;
  const kind = field.type.replace("multi_", "").replace("_select", "");
  if (kind === "external") {
    const { block, element, ctx } = field;
    const find = async (typed) => fromOptions(await ctx.options(block, element, typed), world);
    const least = element.min_query_length ?? QUERY_AT_LEAST;
    return { find, least, waits: true, read: (option) => fromOption(option, world) };
  }
  let all; // made when it is first needed
  const items = () => (all ??= SOURCES[kind](field));
  const known = (id) => items().find((one) => one.key === id) ?? item(id, id);
  const read = kind === "static" ? (option) => fromOption(option, world) : known;
  const find = (typed) => fitting(items(), typed);
  return { find, least: 0, waits: false, noun: NOUNS[kind], read };
}
