"""The Flask peer: SQLAlchemy 2 on psycopg with a pool per worker, a JWT on each request."""

import os
from datetime import datetime

import jwt
from flask import Flask, Response, abort, g, request
from flask.json.provider import JSONProvider
from sqlalchemy import ARRAY, BigInteger, DateTime, FetchedValue, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
import orjson

SECRET = os.environ["JWT_SECRET"]
PRIORITIES = {"low", "medium", "high", "critical"}


class Base(DeclarativeBase):
    pass


class Task(Base):
    __tablename__ = "tasks"
    # The defaults are the database's; they come back with the INSERT.
    __mapper_args__ = {"eager_defaults": True}

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=FetchedValue())
    priority: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(BigInteger)
    assignee_id: Mapped[int | None] = mapped_column(BigInteger)
    labels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=FetchedValue())
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    archived: Mapped[bool] = mapped_column(server_default=FetchedValue())
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=FetchedValue())
    version: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())

    def as_dict(self):
        return {column.key: getattr(self, column.key) for column in COLUMNS}


COLUMNS = list(Task.__table__.columns)


class ORJSONProvider(JSONProvider):
    def dumps(self, obj, **kwargs):
        return orjson.dumps(obj).decode()

    def loads(self, s, **kwargs):
        return orjson.loads(s)

    def response(self, *args, **kwargs):
        return Response(orjson.dumps(args[0]), mimetype="application/json")


app = Flask(__name__)
app.json = ORJSONProvider(app)
engine = create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://"), pool_size=5, max_overflow=0)
# What is committed is answered as it is: no second SELECT.
Session = sessionmaker(engine, expire_on_commit=False)


@app.before_request
def authenticate():
    try:
        text = request.headers.get("Authorization", "").removeprefix("Bearer ")
        claims = jwt.decode(text, SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})
        g.user = int(claims["sub"])
    except (jwt.InvalidTokenError, ValueError):
        abort(401)


@app.get("/tasks")
def list_tasks():
    limit = request.args.get("limit", 20, type=int)
    if not 1 <= limit <= 100:
        abort(400)
    newest = select(Task).where(Task.owner_id == g.user).order_by(Task.created_at.desc(), Task.id.desc()).limit(limit)
    with Session() as session:
        return {"data": [task.as_dict() for task in session.scalars(newest)]}


@app.get("/tasks/<int:task_id>")
def get_task(task_id):
    with Session() as session:
        task = session.scalar(select(Task).where(Task.id == task_id, Task.owner_id == g.user))
        if task is None:
            abort(404)
        return task.as_dict()


@app.post("/tasks")
def create_task():
    body = request.get_json()
    title, priority, due_at = body.get("title"), body.get("priority", "medium"), body.get("due_at")
    if not isinstance(title, str) or not 1 <= len(title) <= 255 or priority not in PRIORITIES:
        abort(400)
    task = Task(
        title=title, description=body.get("description"), priority=priority, owner_id=g.user,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
    )
    with Session.begin() as session:
        session.add(task)
    return task.as_dict(), 201
