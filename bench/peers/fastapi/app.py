"""The FastAPI peer: asyncpg with a pool per worker, a JWT on each request, orjson for the answers."""

import os
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Literal

import asyncpg
import jwt
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field

COLUMNS = (
    "id, title, description, status, priority, owner_id, assignee_id, labels, due_at, archived, completed_at, "
    "created_at, updated_at, version"
)
SECRET = os.environ["JWT_SECRET"]


class NewTask(BaseModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = None
    priority: Literal["low", "medium", "high", "critical"] = "medium"
    due_at: datetime | None = None


@asynccontextmanager
async def lifespan(app: FastAPI):
    # asyncpg prepares each statement once a connection.
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=5) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


async def current_user(authorization: Annotated[str, Header()]) -> int:
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
        return int(claims["sub"])
    except (jwt.InvalidTokenError, ValueError):
        raise HTTPException(401)


User = Annotated[int, Depends(current_user)]


def answer(body, status: int = 200) -> Response:
    """Rows go to JSON directly: a response model would validate what the database has just said."""
    return Response(orjson.dumps(body), status, media_type="application/json")


@app.get("/tasks")
async def list_tasks(request: Request, user: User, limit: Annotated[int, Query(ge=1, le=100)] = 20):
    rows = await request.app.state.pool.fetch(
        f"SELECT {COLUMNS} FROM tasks WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2", user, limit
    )
    return answer({"data": [dict(row) for row in rows]})


@app.get("/tasks/{task}")
async def get_task(request: Request, user: User, task: int):
    row = await request.app.state.pool.fetchrow(f"SELECT {COLUMNS} FROM tasks WHERE id = $1 AND owner_id = $2", task, user)
    if row is None:
        raise HTTPException(404)
    return answer(dict(row))


@app.post("/tasks", status_code=201)
async def create_task(request: Request, user: User, task: NewTask):
    row = await request.app.state.pool.fetchrow(
        f"INSERT INTO tasks (title, description, priority, due_at, owner_id) VALUES ($1, $2, $3, $4, $5) RETURNING {COLUMNS}",
        task.title, task.description, task.priority, task.due_at, user,
    )
    return answer(dict(row), 201)
