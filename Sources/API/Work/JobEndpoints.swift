// Jobs and schedules over HTTP.
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct JobEndpoints {
    let jobs: JobService

    private static let path = "/api/v1/jobs"
    private static let one = "/api/v1/jobs/{id}"

    static func location(of job: Job) -> String { "\(path)/\(job.id)" }

    var list: Endpoint {
        .read(
            .listJobs, Self.path, "List your jobs", tag: .jobs, for: .tasksRead, .query(JobSchemas.query),
            gives: .page(JobSchemas.page, "A page of jobs, the newest first.")
        ) { try await jobs.list(.owned, $1.filter, $1.page, by: $0) }
    }

    var get: Endpoint {
        .read(
            .getJob, Self.one, "Get a job", tag: .jobs, for: .tasksRead, .path("id", .id(Job.self)), gives: .ok(JobPayload.job, "The job.")
        ) { try await jobs.get($1, by: $0) }
    }

    var cancel: Endpoint {
        .change(
            .cancelJob, .post, "\(Self.one)/cancel", "Cancel a job", tag: .jobs, for: .tasksWrite, .path("id", .id(Job.self)),
            gives: .ok(JobPayload.job, "The job: cancelled, or still running until its next step."), fails: [409]
        ) { jobs.cancel($1, by: $0) }
    }

    static let pdf: Wire.Operation.Response.Content = ("application/pdf", ["type": "string", "format": "binary"])

    /// The name is the server's own: see `Files.insert`.
    var result: Endpoint {
        .read(
            .getJobResult, "\(Self.one)/result", "Get the file of a job", tag: .jobs, for: .tasksRead,
            .path("id", .id(Job.self)),
            gives: .file(
                [Self.pdf, (ExportFormat.csv.mediaType, ExportFormat.csv.document)],
                "The file: a report, or the rows of an import with their errors and notes.")
        ) { actor, id in
            let (file, contents) = try await jobs.result(of: id, by: actor)
            return StreamedFile(body: contents, mediaType: file.mediaType, name: file.name)
        }
    }

    // MARK: Administration

    var listAll: Endpoint {
        .read(
            .listAllJobs, "/api/v1/admin/jobs", "List the jobs of all users and of the server", tag: .administration, for: .admin,
            .query(JobSchemas.query), gives: .page(JobSchemas.page, "A page of jobs, the newest first.")
        ) { try await jobs.list(.all, $1.filter, $1.page, by: $0) }
    }

    var retry: Endpoint {
        .change(
            .retryJob, .post, "/api/v1/admin/jobs/{id}/retry", "Retry a failed or cancelled job", tag: .administration, for: .admin,
            .path("id", .id(Job.self)), gives: .accepted(JobPayload.job, "The job is queued.", at: Self.location), fails: [409]
        ) { jobs.retry($1, by: $0) }
    }

    var schedules: Endpoint {
        .read(
            .listSchedules, "/api/v1/admin/schedules", "List schedules", tag: .administration, for: .admin,
            gives: .ok(JobSchemas.schedules, "Every schedule.")
        ) { _ in try await jobs.schedules() }
    }

    var runSchedule: Endpoint {
        .change(
            .runSchedule, .post, "/api/v1/admin/schedules/{name}/run", "Run a schedule now", tag: .administration, for: .admin,
            .path("name", JobSchemas.scheduleName),
            gives: .accepted(JobPayload.job, "The job of the schedule, which may have been queued before.", at: Self.location)
        ) { jobs.run($1, by: $0) }
    }
}
