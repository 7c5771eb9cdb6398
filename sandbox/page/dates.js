// Dates as Slack writes them to one reader: in that person's zone, in English words.

import { h } from "./dom.js";

const DAY = 86_400;
const SIZES = [[DAY, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]];
const formats = new Map();

/** The wall clock of a zone at an instant: year, month, day, hour, minute, second, and words. */
function wall(ts, zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", weekday: "long", year: "numeric", month: "long", day: "numeric",
      hour: "2-digit", minute: "2-digit", second: "2-digit", era: "short",
    }));
  }
  const parts = formats.get(zone).formatToParts(new Date(Math.floor(ts) * 1000));
  const at = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const month = new Date(`${at.month} 1, 2000`).getMonth() + 1;
  const year = Number(at.year);
  if (at.era !== "AD" || year > 9999) throw new RangeError("No calendar reaches there.");
  const day = Number(at.day);
  return { ...at, year, day, number: month, days: Date.UTC(year, month - 1, day) / 1000 / DAY };
}

const two = (number) => String(number).padStart(2, "0");

function ordinal(day) {
  if (day >= 11 && day <= 13) return `${day}th`;
  return day + ({ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th");
}

function clock(at, seconds) {
  const hour = Number(at.hour) % 12 || 12;
  return `${hour}:${at.minute}${seconds ? `:${at.second}` : ""} ${Number(at.hour) < 12 ? "AM" : "PM"}`;
}

function ago(seconds) {
  const [size, unit] = SIZES.find(([each]) => Math.abs(seconds) >= each) ?? SIZES.at(-1);
  const count = Math.floor(Math.abs(seconds) / size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

const TOKENS = {
  date_num: (at) => `${at.year}-${two(at.number)}-${two(at.day)}`,
  date_slash: (at) => `${two(at.number)}/${two(at.day)}/${at.year}`,
  date: (at) => `${at.month} ${ordinal(at.day)}, ${at.year}`,
  date_short: (at) => `${at.month.slice(0, 3)} ${at.day}, ${at.year}`,
  date_long: (at) => `${at.weekday}, ${at.month} ${ordinal(at.day)}, ${at.year}`,
  day_divider: (at) => `${at.weekday}, ${at.month} ${ordinal(at.day)}`,
  time: (at) => clock(at, false),
  time_secs: (at) => clock(at, true),
  ago: (at, passed) => ago(passed),
};

/** A date template filled for the acting person, or undefined when there is no such instant. */
export function formatDate(ts, template, world) {
  if (!/^\s*[+-]?\d+\s*$/.test(String(ts))) return undefined;
  try {
    const at = wall(Number(ts), world.zone);
    const days = at.days - wall(world.now(), world.zone).days;
    return template.replace(/\{(\w+)\}/g, (whole, token) => {
      const near = { 0: "today", 1: "tomorrow", "-1": "yesterday" }[days];
      if (token.endsWith("_pretty") && near) return near;
      const bare = token.replace(/(_pretty)+$/, "");
      return Object.hasOwn(TOKENS, bare) ? TOKENS[bare](at, world.now() - Number(ts)) : whole;
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A date as an element: the words, and on hover the whole date with its zone. */
export function dateNode(ts, template, fallback, world) {
  const words = formatDate(ts, template, world);
  if (!words) return document.createTextNode(fallback || "");
  const title = formatDate(ts, "{date_long} at {time}", world);
  const moment = new Date(Number(ts) * 1000).toISOString();
  return h("time", { datetime: moment, title: `${title} (${world.zone})` }, words);
}
