"""The two databases that TaskFlow runs on, as a bench fills and reads them behind its back."""

import sqlite3


class SQLite:
    name = "SQLite"
    false = "0"

    def __init__(self, folder, _cluster):
        self.path = folder / "taskflow.sqlite"
        self.url = f"sqlite:{self.path}"

    @staticmethod
    def numbers(count):
        """A table of the column n, from 1."""
        return f"(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {count}) SELECT n FROM r)"

    def run(self, script):
        with sqlite3.connect(self.path, timeout=60) as database:
            database.executescript(script)

    def count(self, statement):
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return database.execute(statement).fetchone()[0]
        finally:
            database.close()


class PostgreSQL:
    name = "PostgreSQL"
    false = "FALSE"

    def __init__(self, folder, cluster):
        self.cluster, self.database = cluster, folder.name
        cluster.create_database(self.database)
        self.url = cluster.url(self.database)

    @staticmethod
    def numbers(count):
        return f"generate_series(1, {count}) AS n"

    def run(self, script):
        self.cluster.sql(self.database, script)
        self.cluster.sql(self.database, "VACUUM ANALYZE")

    def count(self, statement):
        return int(self.cluster.sql(self.database, statement))


ENGINES = (SQLite, PostgreSQL)
