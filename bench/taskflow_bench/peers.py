"""The peers: the same small API on other frameworks, with the rows loaded in bulk."""

import base64
import hashlib
import hmac
import json
import sqlite3
import time

from . import workload
from .servers import ADMIN, NEW_TASK, PASSWORD, Server

SECRET = "the peers share this secret with the runner"


def token(user):
    """An HS256 JWT that outlives the run."""

    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    head = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps({"sub": str(user), "iat": now, "exp": now + 86_400}).encode())
    return (head + b"." + part(hmac.digest(SECRET.encode(), head, hashlib.sha256))).decode()


class Peer(Server):
    """One of bench/peers; it checks a token that the runner has made."""

    def variables(self):
        return {"JWT_SECRET": SECRET}

    def fill(self):
        self.users = list(range(1, workload.USERS + 1))
        self.tokens = [token(user) for user in self.users]

    @property
    def source(self):
        return self.bench.peers / self.name


class PostgresPeer(Peer):
    """A peer on a PostgreSQL database of its own."""

    def prepare(self):
        self.database = self.name.replace("-", "_")
        self.bench.cluster.create_peer_database(self.database)

    def variables(self):
        return {**super().variables(), "DATABASE_URL": self.bench.cluster.url(self.database)}


class FastAPI(PostgresPeer):
    name = "fastapi"

    def command(self):
        return [self.bench.tools.python("uvicorn"), "app:app", "--app-dir", self.source, "--host", "127.0.0.1", "--port", self.port,
                "--workers", 2, "--loop", "uvloop", "--http", "httptools", "--no-access-log"]


class GunicornPeer(PostgresPeer):
    def command(self):
        # Threads keep idle connections open; as many of them as the worker has connections to the database.
        return [self.bench.tools.python("gunicorn"), self.application, "--chdir", self.source, "--bind", f"127.0.0.1:{self.port}",
                "--workers", 2, "--worker-class", "gthread", "--threads", 5, "--keep-alive", 75]


class Flask(GunicornPeer):
    name = "flask"
    application = "app:app"


class Django(GunicornPeer):
    name = "django"
    application = "django.core.wsgi:get_wsgi_application()"

    def variables(self):
        return {**super().variables(), "DJANGO_SETTINGS_MODULE": "settings"}


class GoPostgres(PostgresPeer):
    name = "go-postgres"

    def command(self):
        return [self.bench.tools.go_peer(), "-listen", f"127.0.0.1:{self.port}", "-postgres", self.bench.cluster.url(self.database)]


class GoSQLite(Peer):
    name = "go-sqlite"

    def prepare(self):
        self.folder.mkdir(parents=True)
        self.file = self.folder / "tasks.sqlite"
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript((self.bench.peers / "sqlite.sql").read_text())
            database.executemany("INSERT INTO users (email) VALUES (?)", [(f"user{n + 1}@bench.example",) for n in range(workload.USERS)])
            database.executemany(
                "INSERT INTO tasks (title, description, status, priority, owner_id, due_at, completed_at, created_at, updated_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((row.title, row.description, row.status, row.priority, row.owner, micros(row.due_at), micros(row.completed_at),
                  micros(row.created_at), micros(row.created_at)) for row in workload.rows()))
            database.execute("ANALYZE")
        database.close()

    def command(self):
        return [self.bench.tools.go_peer(), "-listen", f"127.0.0.1:{self.port}", "-sqlite", self.file]


class PocketBase(Server):
    """As it comes, with its own accounts, API and rules. It syncs less than the others: its SQLite runs with synchronous=NORMAL."""

    name = "pocketbase"
    tasks_path = "/api/collections/tasks/records"
    statuses = {"create": "200"}
    list_query = f"?perPage={workload.PAGE}&sort=-created_at,-id&skipTotal=1"

    def prepare(self):
        self.data = self.folder / "data"
        self.folder.mkdir(parents=True)
        self.bench.tools.run_once([self.bench.tools.python("pocketbase"), "superuser", "upsert", ADMIN, PASSWORD, "--dir", self.data],
                                  self.folder)

    def command(self):
        return [self.bench.tools.python("pocketbase"), "serve", "--http", f"127.0.0.1:{self.port}", "--dir", self.data]

    def tasks_of(self, answer):
        return answer["items"]

    def body(self, user):
        return {**NEW_TASK, "owner_id": user, "status": "pending", "labels": [], "version": 1}

    def fill(self):
        client = self.client()
        admin = client.get("POST", "/api/collections/_superusers/auth-with-password", {"identity": ADMIN, "password": PASSWORD})["token"]
        people = client.get("GET", "/api/collections/users", token=admin)
        definition = json.loads((self.bench.peers / "pocketbase" / "tasks.json").read_text().replace("USERS_COLLECTION", people["id"]))
        client.get("POST", "/api/collections", definition, token=admin)
        self.users, self.tokens = [], []
        for n in range(workload.USERS):
            account = {"email": f"user{n + 1}@bench.example", "password": PASSWORD, "passwordConfirm": PASSWORD}
            user = client.get("POST", "/api/collections/users/records", account, token=admin)["id"]
            session = client.get("POST", f"/api/collections/users/impersonate/{user}", {"duration": 86_400}, token=admin)
            self.users.append(user)
            self.tokens.append(session["token"])
        self._insert_rows()

    def _insert_rows(self):
        """Straight into its file: over the API it would take minutes."""

        def instant(value):
            return workload.iso(value).replace("T", " ") if value else ""

        with sqlite3.connect(self.data / "data.db", timeout=30) as database:
            database.executemany(
                "INSERT INTO tasks (id, title, description, status, priority, owner_id, labels, due_at, archived, completed_at, "
                "created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, '[]', ?, FALSE, ?, ?, ?, 1)",
                ((f"t{number:014}", row.title, row.description, row.status, row.priority, self.users[row.owner - 1],
                  instant(row.due_at), instant(row.completed_at), instant(row.created_at), instant(row.created_at))
                 for number, row in enumerate(workload.rows())))
            database.execute("ANALYZE")
        database.close()


def micros(instant):
    return instant and int(instant.timestamp() * 1_000_000)
