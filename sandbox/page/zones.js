// Wall time in a time zone, and the instant it stands for.

/** An instant (seconds) as "YYYY-MM-DDTHH:MM" on the clocks of *zone*. */
export function wallTime(seconds, zone) {
  const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const form = new Intl.DateTimeFormat("en-US", { ...digits, hourCycle: "h23", timeZone: zone });
  const part = Object.fromEntries(form.formatToParts(seconds * 1000).map((one) => [one.type, one.value]));
  return `${part.year.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The instant (seconds) at which clocks of *zone* show "YYYY-MM-DDTHH:MM". */
export function instant(wall, zone) {
  const wanted = Date.parse(`${wall}Z`) / 1000;
  let found = wanted;
  // The offset is that of the instant, which is what we look for: the second look has it right.
  for (let look = 0; look < 2; look += 1) {
    found += wanted - Date.parse(`${wallTime(found, zone)}Z`) / 1000;
  }
  return found;
}
