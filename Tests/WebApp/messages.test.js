// The catalogues: every text exists in every language, in the same shape, and every text that the page asks for exists.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { languages } from "../../WebApp/app/core/messages.js";

const app = new URL("../../WebApp/app/", import.meta.url);
const parts = readdirSync(new URL("locales/en/", app));
const catalogue = async (language, part) => (await import(new URL(`locales/${language}/${part}`, app))).default;

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const url = new URL(entry.name + (entry.isDirectory() ? "/" : ""), folder);
    return entry.isDirectory() ? files(url) : [url];
  });

for (const language of Object.keys(languages)) {
  test(`${language} has every text of English and no other`, async () => {
    assert.deepEqual(readdirSync(new URL(`locales/${language}/`, app)), parts);
    for (const part of parts) {
      const [english, other] = [await catalogue("en", part), await catalogue(language, part)];
      assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort(), `${language}/${part}`);
      for (const name of Object.keys(english)) {
        assert.equal(typeof other[name], typeof english[name], `${language}/${part}: ${name} takes values in one language only`);
        if (typeof other[name] === "string") assert.ok(other[name].trim(), `${language}/${part}: ${name} is empty`);
      }
    }
  });
}

test("no text has two meanings", async () => {
  const seen = new Map();
  for (const part of parts) {
    for (const name of Object.keys(await catalogue("en", part))) {
      assert.ok(!seen.has(name), `${name} is in ${seen.get(name)} and in ${part}`);
      seen.set(name, part);
    }
  }
});

test("every text that the page asks for by name is in the catalogue", async () => {
  const known = new Set();
  for (const part of parts) for (const name of Object.keys(await catalogue("en", part))) known.add(name);
  for (const file of files(app)) {
    if (file.pathname.includes("/locales/") || !file.pathname.endsWith(".js")) continue;
    for (const [, name] of readFileSync(file, "utf8").matchAll(/\bt\("([^"]+)"/g)) {
      assert.ok(known.has(name), `${file.pathname.split("/app/")[1]} asks for ${name}`);
    }
  }
});
