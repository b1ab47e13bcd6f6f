// Every time zone that the browser knows, by region.

/**
 * @param {...string} added that must be among them, whatever the browser knows
 * @returns {[string, string[]][]}
 */
export function timeZones(...added) {
  /** @type {Map<string, string[]>} */
  const regions = new Map();
  for (const name of [...new Set(["UTC", ...added, ...Intl.supportedValuesOf("timeZone")])].sort()) {
    const region = name.includes("/") ? name.slice(0, name.indexOf("/")) : "UTC";
    regions.set(region, [...regions.get(region) ?? [], name]);
  }
  return [...regions];
}
