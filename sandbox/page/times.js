// Instants as the acting person reads them, in that person's zone.

const formats = new Map();

const format = (zone, options) => {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return formats.get(key);
};

const moment = (ts) => new Date(Number(ts) * 1000);

/** "9:05 AM" */
export const time = (ts, world) => format(world.zone, { hour: "numeric", minute: "2-digit" }).format(moment(ts));

/** "Monday, March 1, 2027 at 9:05 AM": what a pointer that rests on a time is told. */
export const fullTime = (ts, world) =>
  format(world.zone, { dateStyle: "full", timeStyle: "short" }).format(moment(ts));

/** A key that is the same for all instants of one day. */
export const day = (ts, world) => format(world.zone, { dateStyle: "short" }).format(moment(ts));

/** "Today", "Yesterday" or "Monday, March 1st". */
export function dayName(ts, world) {
  const date = day(ts, world);
  const now = world.now();
  if (date === day(now, world)) return "Today";
  if (date === day(now - 86_400, world)) return "Yesterday";
  const year = (at) => format(world.zone, { year: "numeric" }).format(moment(at));
  const sameYear = year(ts) === year(now);
  return format(world.zone, { weekday: "long", month: "long", day: "numeric", year: sameYear ? undefined : "numeric" }).format(moment(ts));
}
