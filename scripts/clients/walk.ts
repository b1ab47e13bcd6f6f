// Walks through the API with the TypeScript client that openapi-generator has made, in ./client. usage: node walk.js URL
import { AuthenticationApi, Configuration, Job, JobsApi, JobStateEnum, NewTaskPriorityEnum, ResponseError, TasksApi } from './client';

declare const process: { argv: string[]; exit(status: number): void };

function check(holds: unknown, what: string): asserts holds {
    if (!holds) throw new Error(what);
}

async function walk(basePath: string): Promise<void> {
    const registration = { email: 'typescript-fetch@example.com', password: 'the generated horse walks' };
    const session = await new AuthenticationApi(new Configuration({ basePath })).register({ registration });
    check(session.user.email === registration.email, 'the session is of somebody else');
    const configuration = new Configuration({ basePath, accessToken: session.accessToken });
    const tasks = new TasksApi(configuration);
    const jobs = new JobsApi(configuration);

    async function finished(job: Job): Promise<Job> {
        const deadline = Date.now() + 60_000;
        while (job.state === JobStateEnum.Queued || job.state === JobStateEnum.Running) {
            check(Date.now() < deadline, 'the job has not ended');
            job = await jobs.getJob({ id: job.id });
        }
        check(job.state === JobStateEnum.Completed, JSON.stringify(job));
        return job;
    }

    const dueAt = new Date('2026-11-20T09:30:00Z');
    const created = await tasks.createTask({
        newTask: { title: 'Größe 日本😀', labels: ['ops'], dueAt, priority: NewTaskPriorityEnum.High },
    });
    check(created.title === 'Größe 日本😀' && created.dueAt?.getTime() === dueAt.getTime(), JSON.stringify(created));
    const task = await tasks.updateTask({
        id: created.id, ifMatch: `"${created.version}"`, taskChanges: { labels: ['ops', 'home'], archived: true },
    });
    const page = await tasks.listTasks({ label: ['home'] });
    check(page.data.length === 1 && page.data[0].id === task.id, JSON.stringify(page));

    const history = await tasks.getTaskHistory({ id: task.id });
    const labels = history.data[0].changes.find((change) => change.field === 'labels');
    check(JSON.stringify([labels?.from, labels?.to]) === '[["ops"],["ops","home"]]', JSON.stringify(history));

    const file = new Blob(['title,priority\r\nÄpfel,low\r\nBirnen,high\r\n'], { type: 'text/csv' });
    const done = await finished(await tasks.importTasks({ file }));
    check(done.result?.created === 2, JSON.stringify(done));

    const table: string = await tasks.exportTasks({ format: 'csv' });
    check(table.includes('Äpfel') && table.includes('Größe 日本😀'), table);
    const calendar: string = await tasks.exportTasks({ format: 'ics' });
    check(calendar.startsWith('BEGIN:VCALENDAR\r\n'), calendar);
    const rows: unknown[] = await tasks.exportTasks({ format: 'json' });
    check(rows.length === 3, JSON.stringify(rows));

    const today = new Date();
    const report = await finished(await tasks.makeReport({ reportRequest: { format: 'pdf', range: { from: today, to: today } } }));
    const pdf: Blob = await jobs.getJobResult({ id: report.id });
    check((await pdf.text()).startsWith('%PDF-'), 'the report is no PDF');

    const problem = await tasks.getTask({ id: 4_000_000_000 }).then(
        () => undefined, (error: ResponseError) => error.response.json());
    check(problem?.code === 'not_found', JSON.stringify(problem));
}

walk(process.argv[2]).catch((error) => {
    console.error(error);
    process.exit(1);
});
