// Which device a session is from, in words: what the user agent says, shortened to what a person recognises.

/** The first that fits counts: Edge calls itself Chrome, and Chrome calls itself Safari. @type {[RegExp, string][]} */
const browsers = [
  [/\b(?:Edg|EdgA|EdgiOS)\/(\d+)/, "Edge"],
  [/\b(?:OPR|Opera)\/(\d+)/, "Opera"],
  [/\bVivaldi\/(\d+)/, "Vivaldi"],
  [/\bSamsungBrowser\/(\d+)/, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)[\d.]* .*Safari\//, "Safari"],
];
/** @type {[RegExp, string][]} */
const systems = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(?:Macintosh|Mac OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];
const phones = ["iPhone", "iPad", "Android"];

/**
 * @param {string | null} userAgent
 * @returns {{ kind: "browser" | "program" | "unknown", name: string, system: string, isPhone: boolean }}
 */
export function deviceOf(userAgent) {
  const text = userAgent?.trim() ?? "";
  if (!text) return { kind: "unknown", name: "", system: "", isPhone: false };
  const system = systems.find(([pattern]) => pattern.test(text))?.[1] ?? "";
  const browser = browsers.find(([pattern]) => pattern.test(text));
  if (browser && text.startsWith("Mozilla/")) return { kind: "browser", name: browser[1], system, isPhone: phones.includes(system) };
  const program = /^([^\s/]{1,40})(?:\/[\w.+-]+)?/.exec(text);
  return { kind: "program", name: program?.[1] ?? text.slice(0, 40), system, isPhone: phones.includes(system) };
}
