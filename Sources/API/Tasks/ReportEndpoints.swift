// Reports over HTTP: asked for here, fetched as the file of their job.
import HTTPTypes
import Model
import Payloads
import Services
import Wire

struct ReportEndpoints {
    let reports: ReportService

    private static let range = InputSchema<ReportRange>("ReportRange", ReportRange.checked) {
        required("from", .day)
        required("to", .day, "The last day; at most 366 days in all.")
    }

    private static let request = InputSchema<ReportRequest>("ReportRequest", uses: [range], ReportRequest.init) {
        required("format", .word(ReportFormat.allCases.map { ($0.rawValue, $0) }), "pdf: for printing; csv: one table.", example: "pdf")
        optional("range", range.shape, "The days of the report; by default the last 30 days.")
        optional("tz", .timeZone, "The time zone of the days; by default that of your account.")
        defaulted(
            "scope", .word([("mine", TaskScope.mine), ("all", .all)]), to: .mine,
            "mine: tasks that you own or are assigned; all: all tasks, admins only.")
    }

    var make: Endpoint {
        .change(
            .makeReport, .post, "/api/v1/reports", "Create a report", tag: .tasks, for: .tasksRead, .body(Self.request),
            gives: .accepted(
                JobPayload.job, "The job that creates the report; `GET /api/v1/jobs/{id}/result` returns the file for 7 days.",
                at: JobEndpoints.location), fails: [403]
        ) { reports.request($1, by: $0) }
    }
}

extension ReportRange {
    @Sendable
    fileprivate static func checked(from: Day, to: Day) throws -> ReportRange {
        guard let range = ReportRange(from: from, to: to) else {
            throw Faults([Fault("/to", "must not be before from, and at most \(longest - 1) days after it")])
        }
        return range
    }
}
