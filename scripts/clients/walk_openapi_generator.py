"""Walks through the API with the Python client that openapi-generator has made. usage: walk_openapi_generator.py URL"""
import datetime
import sys
import time

from taskflow_client import ApiClient, Configuration
from taskflow_client.api.authentication_api import AuthenticationApi
from taskflow_client.api.jobs_api import JobsApi
from taskflow_client.api.tasks_api import TasksApi
from taskflow_client.exceptions import ConflictException, NotFoundException
from taskflow_client.models.new_task import NewTask
from taskflow_client.models.problem import Problem
from taskflow_client.models.registration import Registration
from taskflow_client.models.report_range import ReportRange
from taskflow_client.models.report_request import ReportRequest
from taskflow_client.models.task_changes import TaskChanges

with ApiClient(Configuration(host=sys.argv[1])) as client:
    registration = Registration(email="openapi-generator@example.com", password="the generated horse walks")
    session = AuthenticationApi(client).register(registration)
    assert session.user.email == registration.email and session.refresh_token
    try:
        AuthenticationApi(client).register(registration)
        raise SystemExit("an address was registered twice")
    except ConflictException as error:
        assert isinstance(error.data, Problem) and error.data.code == "email_taken", error.data
    client.configuration.access_token = session.access_token
    tasks, jobs = TasksApi(client), JobsApi(client)

    def finished(job):
        deadline = time.monotonic() + 60
        while job.state in ("queued", "running"):
            assert time.monotonic() < deadline, "the job has not ended"
            job = jobs.get_job(job.id)
        assert job.state == "completed", job
        return job

    due = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.timezone.utc)
    task = tasks.create_task(NewTask(title="Größe 日本😀", labels=["ops"], due_at=due))
    assert task.title == "Größe 日本😀" and task.due_at == due and task.description is None
    answer = tasks.get_task_with_http_info(task.id)
    changes = TaskChanges(labels=["ops", "home"], archived=True, priority="high")
    task = tasks.update_task(task.id, changes, if_match=answer.headers["ETag"])
    assert task.labels == ["ops", "home"] and task.archived
    assert [row.id for row in tasks.list_tasks(label=["home"], status=["pending"], sort="-created_at").data] == [task.id]

    history = tasks.get_task_history(task.id).data
    assert [event.action for event in history] == ["task.updated", "task.created"]
    changed = {change.var_field: (change.var_from, change.to) for change in history[0].changes}
    assert changed["labels"] == (["ops"], ["ops", "home"]), changed
    assert changed["archived"] == (False, True) and changed["priority"] == ("medium", "high"), changed

    done = finished(tasks.import_tasks(("tasks.csv", "title,priority\r\nÄpfel,low\r\nBirnen,high\r\n".encode())))
    assert done.result["created"] == 2, done.result

    table = tasks.export_tasks(format="csv")
    assert isinstance(table, str) and "Äpfel" in table and "Größe 日本😀" in table, table
    calendar = tasks.export_tasks(format="ics")
    assert calendar.startswith("BEGIN:VCALENDAR\r\n") and calendar.count("BEGIN:VTODO") == 3, calendar
    assert {row["title"] for row in tasks.export_tasks(format="json")} == {"Größe 日本😀", "Äpfel", "Birnen"}

    today = datetime.datetime.now(datetime.timezone.utc).date()
    span = ReportRange.from_dict({"from": today.isoformat(), "to": today.isoformat()})
    report = finished(tasks.make_report(ReportRequest(format="pdf", range=span)))
    assert bytes(jobs.get_job_result(report.id)).startswith(b"%PDF-")
    report = finished(tasks.make_report(ReportRequest(format="csv")))
    assert "," in bytes(jobs.get_job_result(report.id)).decode()

    try:
        tasks.get_task(9223372036854775807)
        raise SystemExit("a task that does not exist was found")
    except NotFoundException as error:
        assert error.data.code == "not_found" and error.data.status == 404, error.data
