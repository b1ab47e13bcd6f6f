"""Walks through the API with the client that openapi-python-client has made. usage: walk_openapi_python_client.py URL"""
import datetime
import io
import sys
import time

from task_flow_client import AuthenticatedClient, Client
from task_flow_client.api.authentication import register
from task_flow_client.api.jobs import get_job, get_job_result
from task_flow_client.api.tasks import (
    create_task, export_tasks, get_task, get_task_history, import_tasks, list_tasks, make_report, update_task)
from task_flow_client.models import (
    ExportTasksFormat, ImportTasksBody, JobState, ListTasksStatusItem, NewTask, Problem, ProblemCode, Registration, ReportRange, ReportRequest,
    ReportRequestFormat, TaskChanges)
from task_flow_client.types import File

url = sys.argv[1]
registration = Registration(email="openapi-python-client@example.com", password="the generated horse walks")
session = register.sync(client=Client(url), body=registration)
assert session.user.email == registration.email
again = register.sync(client=Client(url), body=registration)
assert isinstance(again, Problem) and again.code == ProblemCode.EMAIL_TAKEN, again
client = AuthenticatedClient(url, token=session.access_token)


def finished(job):
    deadline = time.monotonic() + 60
    while job.state in (JobState.QUEUED, JobState.RUNNING):
        assert time.monotonic() < deadline, "the job has not ended"
        job = get_job.sync(job.id, client=client)
    assert job.state == JobState.COMPLETED, job
    return job


due = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.timezone.utc)
task = create_task.sync(client=client, body=NewTask(title="Größe 日本😀", labels=["ops"], due_at=due))
assert task.title == "Größe 日本😀" and task.due_at == due and task.description is None
changes = TaskChanges(labels=["ops", "home"], archived=True)
task = update_task.sync(task.id, client=client, body=changes, if_match=f'"{task.version}"')
assert task.labels == ["ops", "home"] and task.archived
page = list_tasks.sync(client=client, label=["home"], status=[ListTasksStatusItem.PENDING])
assert [row.id for row in page.data] == [task.id]

history = get_task_history.sync(task.id, client=client).data
changed = {change.field: (change.from_, change.to) for change in history[0].changes}
assert changed["labels"] == (["ops"], ["ops", "home"]) and changed["archived"] == (False, True), changed

file = File(payload=io.BytesIO("title,priority\r\nÄpfel,low\r\nBirnen,high\r\n".encode()), file_name="tasks.csv", mime_type="text/csv")
done = finished(import_tasks.sync(client=client, body=ImportTasksBody(file=file)))
assert done.result["created"] == 2, done.result

table = export_tasks.sync(client=client, format_=ExportTasksFormat.CSV)
assert "Äpfel" in table and "Größe 日本😀" in table, table
calendar = export_tasks.sync(client=client, format_=ExportTasksFormat.ICS)
assert calendar.startswith("BEGIN:VCALENDAR\r\n") and calendar.count("BEGIN:VTODO") == 3, calendar

today = datetime.datetime.now(datetime.timezone.utc).date()
request = ReportRequest(format_=ReportRequestFormat.PDF, range_=ReportRange(from_=today, to=today))
report = finished(make_report.sync(client=client, body=request))
assert get_job_result.sync_detailed(report.id, client=client).content.startswith(b"%PDF-")
report = finished(make_report.sync(client=client, body=ReportRequest(format_=ReportRequestFormat.CSV)))
assert "," in get_job_result.sync(report.id, client=client)

missing = get_task.sync(9223372036854775807, client=client)
assert isinstance(missing, Problem) and missing.code == ProblemCode.NOT_FOUND and missing.status == 404, missing
