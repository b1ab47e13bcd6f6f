"""Measures a page: from an input to the frame that shows its effect, the frames of scrolling, and what moves by itself."""

import statistics
import sys

from browser import Complaints, open_as

# Milliseconds; the second for frames while the browser computes four times slower.
TARGET, SCROLL_TARGET = 100, 50
SLOWER = 4

IN_PAGE = """
(() => {
  const limit = 30_000;
  const seen = { shift: 0, longest: 0, at: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration);
  }).observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.at = Math.max(seen.at, entry.responseEnd);
  }).observe({ type: "resource" });
  // A message that is sent before a frame arrives after it was painted.
  const painted = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    requestAnimationFrame(() => port2.postMessage(0));
  });
  const frame = () => new Promise(requestAnimationFrame);
  window.bench = {
    // From the next event of that type to the frame in which the effect is there.
    arm(type, effect) {
      bench.result = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`no effect: ${effect}`)), limit);
        addEventListener(type, async ({ timeStamp }) => {
          do await frame(); while (!effect());
          resolve(await painted() - timeStamp);
        }, { capture: true, once: true });
      });
      bench.result.catch(() => {});
    },
    // The longest time that the page worked for one frame while it was scrolled in steps.
    async scroll(selector, step, count) {
      const element = document.querySelector(selector);
      let longest = 0;
      for (let turn = 0; turn < count; turn++) {
        const began = new Promise((resolve) => element.addEventListener("scroll", ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true }));
        const before = element.scrollTop;
        element.scrollTop += step;
        if (element.scrollTop === before) break;
        const start = await began;
        longest = Math.max(longest, await painted() - start);
      }
      return longest;
    },
    // The longest gap between two frames until it is asked for.
    watchFrames() {
      let last = performance.now();
      let longest = 0;
      let goes = true;
      (async () => {
        while (goes) {
          const now = await frame();
          longest = Math.max(longest, now - last);
          last = now;
        }
      })();
      return () => {
        goes = false;
        return longest;
      };
    },
    // Until half a second has passed without an answer of the server and without a long task.
    async settle() {
      const end = performance.now() + limit;
      let tasks = seen.longest;
      let quiet = performance.now();
      while (performance.now() - Math.max(quiet, seen.at) < 500 && performance.now() < end) {
        await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (seen.longest > tasks) [tasks, quiet] = [seen.longest, performance.now()];
      }
    },
    reset() {
      Object.assign(seen, { shift: 0, longest: 0 });
    },
    seen: () => ({ ...seen }),
  };
})();
"""


HEAD = """| | median ms | worst ms | target ms | processor ms | afterwards ms | longest task ms | layout shift |
|---|---|---|---|---|---|---|---|"""


class Measurer:
    def __init__(self, browser, server, person):
        self.server, self.person = server, person
        self.complaints = Complaints()
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        context.add_init_script(IN_PAGE)
        self.page = open_as(context, server, self.complaints, person)
        self.devtools = context.new_cdp_session(self.page)
        # In time of the processor: what other work on the machine takes is not counted.
        self.devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        # The copy for reading offline is made once: it is measured by nobody.
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def measure(self, name, step, runs):
        times, busy, afterwards, longest, shift = [], [], [], 0, 0
        for turn in range(runs):
            step.prepare(self.page, turn)
            self.page.evaluate("bench.settle()")
            self.page.evaluate("bench.reset()")
            self.slow_down(step.slower)
            before = self.busy()
            times.append(step.run(self.page, turn))
            then = self.busy()
            busy.append(then - before)
            self.page.evaluate("bench.settle()")
            afterwards.append(self.busy() - then)
            self.slow_down(1)
            seen = self.page.evaluate("bench.seen()")
            longest, shift = max(longest, seen["longest"]), max(shift, seen["shift"])
        if self.complaints.all:
            sys.exit("\n".join(self.complaints.all))
        task = f"{longest:.0f}" if longest else "< 50"
        figures = [f"{figure:.0f}" for figure in (statistics.median(times), max(times), step.target, statistics.median(busy), statistics.median(afterwards))]
        return f"| {name} | {' | '.join(figures)} | {task} | {shift:.3f} |"

    def slow_down(self, rate):
        self.devtools.send("Emulation.setCPUThrottlingRate", {"rate": rate})

    def busy(self):
        """Milliseconds of the processor that the main thread of the page has taken."""
        metrics = self.devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
