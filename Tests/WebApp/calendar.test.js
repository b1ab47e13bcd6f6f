// The days of the calendar, and local times across changes of the clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { daysAsBounds, instantAt, startOfDay, timeOfDay } from "../../WebApp/app/core/days.js";
import { dayByKey, isDay, isMonth, onDay, plusMonths, sameDayOf, weekOf, weeksOf } from "../../WebApp/app/views/calendar/days.js";

const at = (/** @type {string} */ day, /** @type {string} */ clock, /** @type {string} */ zone) => {
  const [hour, minute] = clock.split(":").map(Number);
  return instantAt(day, (hour * 60 + minute) * 60_000, zone).toISOString();
};

test("a month begins with the first weekday of the person", () => {
  assert.deepEqual(weeksOf("2026-11", 1).map((week) => week[0]), [
    "2026-10-26",
    "2026-11-02",
    "2026-11-09",
    "2026-11-16",
    "2026-11-23",
    "2026-11-30",
  ]);
  assert.deepEqual(weeksOf("2026-11", 7).map((week) => week[0]), ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"]);
  assert.equal(weeksOf("2026-11", 6)[0][0], "2026-10-31");
  assert.equal(weeksOf("2027-02", 1).length, 4, "February 2027 is four whole weeks from Monday");
});

test("every day of a month is in its weeks exactly once", () => {
  for (const first of [1, 6, 7]) {
    const days = weeksOf("2028-02", first).flat();
    assert.equal(new Set(days).size, days.length);
    assert.equal(days.filter((day) => day.startsWith("2028-02")).length, 29);
    assert.ok(weeksOf("2028-02", first).every((week) => week.length === 7));
  }
});

test("a week holds the day and goes over the end of the year", () => {
  assert.deepEqual(weekOf("2027-01-01", 1), [
    "2026-12-28",
    "2026-12-29",
    "2026-12-30",
    "2026-12-31",
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
  ]);
});

test("months are counted over the years, and the 31st becomes the last day of a shorter month", () => {
  assert.equal(plusMonths("2026-11", 2), "2027-01");
  assert.equal(plusMonths("2026-01", -1), "2025-12");
  assert.equal(sameDayOf("2027-01-31", 1), "2027-02-28");
  assert.equal(sameDayOf("2028-03-31", -1), "2028-02-29");
  assert.equal(sameDayOf("2026-12-15", 1), "2027-01-15");
});

test("only real days and months of an address are taken", () => {
  assert.ok(isDay("2028-02-29"));
  for (const wrong of ["2027-02-29", "2026-13-01", "2026-11-31", "9999-01-01", "today", "", null, "2026-11-1"]) {
    assert.ok(!isDay(wrong), `${wrong}`);
  }
  assert.ok(isMonth("2026-11"));
  for (const wrong of ["2026-00", "2026-13", "2026", "2026-11-01", null]) assert.ok(!isMonth(wrong), `${wrong}`);
});

test("keys lead from day to day, also out of the month, and follow the direction of writing", () => {
  const grid = { firstWeekday: 1, isWeek: false };
  const from = "2026-11-28";
  /** @type {[string, string][]} */
  const expected = [
    ["ArrowRight", "2026-11-29"],
    ["ArrowLeft", "2026-11-27"],
    ["ArrowDown", "2026-12-05"],
    ["ArrowUp", "2026-11-21"],
    ["Home", "2026-11-23"],
    ["End", "2026-11-29"],
    ["PageDown", "2026-12-28"],
    ["PageUp", "2026-10-28"],
  ];
  for (const [key, day] of expected) assert.equal(dayByKey(key, from, grid), day, key);
  assert.equal(dayByKey("ArrowRight", from, { ...grid, isRightToLeft: true }), "2026-11-27");
  assert.equal(dayByKey("PageDown", from, { ...grid, isWeek: true }), "2026-12-05");
  assert.equal(dayByKey("x", from, grid), null);
});

test("a time of day is an instant by the offset of that day", () => {
  assert.equal(at("2026-07-01", "09:30", "Europe/Berlin"), "2026-07-01T07:30:00.000Z");
  assert.equal(at("2026-12-01", "09:30", "Europe/Berlin"), "2026-12-01T08:30:00.000Z");
  assert.equal(at("2026-12-01", "09:30", "Asia/Kathmandu"), "2026-12-01T03:45:00.000Z");
  assert.equal(at("2026-12-01", "00:00", "Pacific/Kiritimati"), "2026-11-30T10:00:00.000Z");
});

test("a time that a clock change skips goes forward, one that comes twice is the first", () => {
  assert.equal(at("2027-03-28", "02:30", "Europe/Berlin"), "2027-03-28T01:30:00.000Z", "shown as 03:30");
  assert.equal(at("2026-10-25", "02:30", "Europe/Berlin"), "2026-10-25T00:30:00.000Z");
  assert.equal(at("2026-03-08", "02:30", "America/New_York"), "2026-03-08T07:30:00.000Z");
  assert.equal(at("2026-11-01", "01:30", "America/New_York"), "2026-11-01T05:30:00.000Z");
});

test("a day begins where its midnight is skipped", () => {
  assert.equal(startOfDay("2018-11-04", "America/Sao_Paulo").toISOString(), "2018-11-04T03:00:00.000Z");
});

test("the clock shows milliseconds since midnight", () => {
  assert.equal(timeOfDay("2026-07-01T07:30:15.250Z", "Europe/Berlin"), ((9 * 60 + 30) * 60 + 15) * 1000 + 250);
  assert.equal(timeOfDay("1969-12-31T23:59:59.500Z", "UTC"), 86_399_500);
});

test("a task moved to another day keeps its time of day across a clock change", () => {
  const task = { due_at: "2026-10-23T07:30:00.000Z", due_on: null };
  assert.deepEqual(onDay(task, "2026-10-26", "Europe/Berlin"), { due_at: "2026-10-26T08:30:00.000Z" });
  assert.deepEqual(onDay({ due_at: "2027-03-27T16:00:00.000Z", due_on: null }, "2027-03-28", "Europe/Berlin"), {
    due_at: "2027-03-28T15:00:00.000Z",
  });
});

test("a task for a day stays a task for a day, and one without a date gets a day", () => {
  assert.deepEqual(onDay({ due_at: null, due_on: "2026-11-20" }, "2026-11-22", "Asia/Tokyo"), { due_on: "2026-11-22" });
  assert.deepEqual(onDay({ due_at: null, due_on: null }, "2026-11-22", "Asia/Tokyo"), { due_on: "2026-11-22" });
});

test("the bounds of days hold all their instants and the ends of the days, and nothing else", () => {
  assert.deepEqual(daysAsBounds("2026-10-19", "2026-10-25", "Europe/Berlin"), {
    after: "2026-10-18T21:59:59.999999Z",
    before: "2026-10-25T23:00:00.000Z",
  });
});
