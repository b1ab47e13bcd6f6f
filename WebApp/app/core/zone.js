// From the wall clock of a time zone to an instant and back, by Intl alone.

const formats = new Map();

/** @param {string} zone */
function parts(zone) {
  let found = formats.get(zone);
  if (!found) {
    formats.set(
      zone,
      found = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
      }),
    );
  }
  return found;
}

/** What a clock in that zone shows, as milliseconds of a clock in UTC. @param {number} instant @param {string} zone */
function wallClock(instant, zone) {
  const values = Object.fromEntries(parts(zone).formatToParts(new Date(instant)).map((/** @type {any} */ part) => [part.type, part.value]));
  return Date.UTC(+values.year, +values.month - 1, +values.day, +values.hour, +values.minute, +values.second);
}

/**
 * The instant of a time on a day. A time that a clock change skips goes forward, one that exists twice is the first.
 * @param {string} day such as 2026-11-28
 * @param {string} time such as 17:30
 * @param {string} zone
 * @returns {string}
 */
export function instantOf(day, time, zone) {
  const wanted = Date.parse(`${day}T${time.slice(0, 5)}:00Z`);
  // The offsets in force a day before and after: one of them fits, both do when the clock is put back, none when it is put forward.
  const offsets = [wanted - 86_400_000, wanted + 86_400_000].map((instant) => wallClock(instant, zone) - instant);
  const [before, after] = offsets.map((offset) => wanted - offset);
  const fits = [before, after].filter((instant) => wallClock(instant, zone) === wanted);
  return new Date(fits.length ? Math.min(...fits) : before).toISOString();
}

/** The time that a clock in that zone shows, such as 17:30. @param {string} instant @param {string} zone */
export const clockTime = (instant, zone) => new Date(wallClock(Date.parse(instant), zone)).toISOString().slice(11, 16);
