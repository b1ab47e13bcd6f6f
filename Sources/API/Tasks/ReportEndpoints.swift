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
        required("to", .day, "Included; at most 366 days in all.")
    }

    private static let request = InputSchema<ReportRequest>("ReportRequest", uses: [range], ReportRequest.init) {
        required("format", .word(ReportFormat.allCases.map { ($0.rawValue, $0) }), "pdf: to print; csv: one table.", example: "pdf")
        optional("range", range.shape, "Without it the last 30 days.")
        optional("tz", .timeZone, "Whose days are meant; without it those of your account's time zone.")
        defaulted(
            "scope", .word([("mine", TaskScope.mine), ("all", .all)]), to: .mine, "mine: owned or assigned; all: everybody's, admins only.")
    }

    var make: Endpoint {
        .change(
            .makeReport, .post, "/api/v1/reports", "Have a report made", tag: .tasks, for: .tasksRead, .body(Self.request),
            gives: .accepted(
                JobPayload.job, "The job that makes it; `GET /api/v1/jobs/{id}/result` gives the file for 7 days.",
                at: JobEndpoints.location), fails: [403]
        ) { reports.request($1, by: $0) }
    }
}

extension ReportRange {
    @Sendable
    fileprivate static func checked(from: Day, to: Day) throws -> ReportRange {
        guard let range = ReportRange(from: from, to: to) else {
            throw Faults([Fault("/to", "must not be before from, nor more than \(longest - 1) days after it")])
        }
        return range
    }
}
