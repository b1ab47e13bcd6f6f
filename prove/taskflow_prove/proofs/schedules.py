"""P20: what happens at fixed times happens once each time, over three instances, whatever the clock does."""

import calendar
import collections
import math
import mmap
import struct
import time

from ..proof import preload

PROMISE = "P20"
TITLE = "three servers whose wall clock is set forward and back by an hour and by a month while they run"
HOUR, DAY = 3600, 86_400
HOURLY = ("task_log.write", "tasks.announce_overdue", "records.clean_up", "tasks.announce_due", "digests.write")
DAILY = ("trash.empty",)
# A scheduler sleeps until the next slot, and a minute at most: just before a slot it notices soon that the clock was set.
BEFORE = 6


def run(proof):
    rounds = 10 if proof.full else 1
    cluster = proof.cluster("primary").start()
    proof.engine = cluster.version()
    noon = calendar.timegm((2027, 1, 4, 12, 0, 0))
    clock = Clock(proof.folder / "clock", noon - 3 * BEFORE)
    servers = [proof.server(cluster.url, name, LD_PRELOAD=preload("clock"), CLOCK_FILE=str(clock.path)) for name in ("a", "b", "c")]
    for server in servers:
        server.start()
    newest, runs, steps = 0, 0, []

    def look(what, *kinds):
        """Holds what ran since the last look against what should have, once each."""
        nonlocal newest, runs
        jobs = [line.split("\t") for line in cluster.sql(f"SELECT id, kind, state, attempts FROM jobs WHERE id > {newest}").splitlines()]
        newest = max([newest, *(int(id) for id, *_ in jobs)])
        runs += len(jobs)
        found = collections.Counter(kind for _, kind, *_ in jobs)
        proof.holds(what, found == collections.Counter(kinds))
        proof.holds("what is queued for a slot is done in one attempt", all(rest == ["2", "1"] for _, _, *rest in jobs))
        proof.holds("twin: a slot that is used twice, and one that is not, are noticed",
                    found + collections.Counter(HOURLY[:1]) != collections.Counter(kinds) and found != collections.Counter([*kinds, *DAILY]))
        steps.append(what)

    look("a new installation writes its daily log at once, and waits with everything else", "task_log.write")
    moment = noon - BEFORE
    for number in range(rounds):
        # Far jumps lead to a day that nobody has seen yet.
        month = (30 + number) * DAY
        for jump, what, is_news in (
            (HOUR, "forward into the next slot: it is used once", True),
            (2 * HOUR, "forward over a slot: one run makes up for all", True),
            (-HOUR, "back by one slot: none is used again", False),
            (HOUR, "forward to where the clock was: none is used again", False),
            (month, "forward by a month: one run makes up for all", True),
            (-month, "back by a month: none is used again", False),
        ):
            day = moment // DAY
            moment += jump
            clock.set(moment)
            look(what, *(HOURLY if is_news else ()), *(DAILY if is_news and moment // DAY > day else ()))
    clock.pass_slot()
    look("the next slot after all that: it is used once", *HOURLY)
    proof.figures |= {"instances": len(servers), "clock_set": len(steps) - 2, "runs": runs}
    proof.holds("no schedule could not be looked at", not any("schedules" in line for server in servers for line in server.lines()))


class Clock:
    """The wall clock of the servers. Their schedulers wake up together, at the hour as the clock was when they went to sleep."""

    def __init__(self, path, moment):
        self.path = path
        path.write_bytes(bytes(8))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 8)
        self._set(moment - time.time(), moment)

    def _set(self, ahead, moment):
        self.ahead = round(ahead)
        self.memory[:] = struct.pack("=q", self.ahead)
        self.hour = math.ceil(moment / HOUR) * HOUR

    def until_wake_up(self):
        return self.hour - self.ahead - time.time()

    def set(self, moment):
        """So that it shows that moment when the schedulers wake up; returns when they have done what is to be done then."""
        sleep = self.until_wake_up()
        if sleep < 1:
            raise RuntimeError("the machine is too slow: a slot came before the clock was set")
        self._set(moment - time.time() - sleep, moment)
        time.sleep(sleep + BEFORE / 2)

    def pass_slot(self):
        """Returns when the schedulers have done what is to be done in the next slot."""
        time.sleep(self.until_wake_up() + BEFORE / 2)
