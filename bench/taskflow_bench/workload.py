"""The rows that every server gets, the same in every run."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

FIELDS = (
    "id", "title", "description", "status", "priority", "owner_id", "assignee_id", "labels", "due_at", "archived",
    "completed_at", "created_at", "updated_at", "version",
)
PAGE = 20
USERS = 100
TASKS = 100_000

VERBS = (
    "Renew", "Review", "Plan", "Fix", "Write", "Update", "Prepare", "Test", "Order", "Clean up", "Call about", "Archive",
    "Translate", "Measure", "Replace", "Document", "Approve", "Schedule", "Print", "Compare",
)
THINGS = (
    "certificate", "quarterly report", "login page", "file server backup", "printing contract", "release notes",
    "onboarding guide", "invoice", "search index", "meeting room", "customer survey", "data export", "phone list",
    "holiday calendar", "test plan", "price list", "lunch menu", "office plants", "dashboard", "parking permits",
)
REMARKS = (
    "Talk to the team first, then do it, then tell everybody who asked for it.",
    "It was promised for the end of the month; the customer has asked twice.",
    "See the minutes of the last meeting for the numbers and for who decides.",
    "Nothing else depends on it, so it can wait until the release is out.",
)
SYLLABLES = ("ba", "cor", "di", "fen", "gal", "hu", "jor", "ka", "lim", "mo", "nar", "pel", "qui", "ros", "sta", "tor", "vel", "zan")
# What a task is about, most of them seldom: the spread of words that a search has to live with.
CUSTOMERS = [(a + b + c).capitalize() for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]

STATUSES = ("pending", "in_progress", "completed")
PRIORITIES = ("low", "medium", "high", "critical")
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@dataclass(slots=True)
class Row:
    owner: int  # from 1
    title: str
    description: str
    status: str
    priority: str
    due_at: datetime | None
    created_at: datetime

    @property
    def completed_at(self):
        return self.created_at if self.status == "completed" else None


def rows(count=TASKS, users=USERS):
    """Task number i belongs to user i % users: everybody's tasks lie between everybody else's, as they do when people work."""
    chance = random.Random(4711)
    for i in range(count):
        # Squaring makes the first customers far more frequent than the last.
        customer = CUSTOMERS[int(chance.random() ** 2 * len(CUSTOMERS))]
        yield Row(
            owner=i % users + 1,
            title=f"{chance.choice(VERBS)} the {chance.choice(THINGS)} for {customer}",
            description=chance.choice(REMARKS),
            status=STATUSES[i // users % 3],
            priority=PRIORITIES[i // users % 4],
            due_at=None if i // users % 4 == 3 else START + timedelta(days=i // users % 400),
            created_at=START + timedelta(seconds=i),
        )


def iso(instant):
    return instant and instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
