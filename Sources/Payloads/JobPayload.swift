// A job as JSON.
package import Model
package import Wire

package enum JobPayload {
    private static let progress = OutputSchema<JobProgress>("JobProgress") {
        field("done", .count, example: 500) { $0.done }
        nullable("total", .count, "null while it is unknown.", example: 1000) { $0.total }
        nullable("message", .text(0...1000), example: "500 rows read") { $0.message }
    }

    /// A JSON object as the job left it; what is in it depends on the kind.
    private static let result = Shape<String?>(
        .string, document: ["type": ["object", "null"], "additionalProperties": true]
    ) { _, faults in
        faults.append(.init("", "is never read"))
        return nil
    } write: { text, writer in
        writer.json(text.flatMap { try? JSON(parsing: $0.utf8) } ?? .null)
    }

    package static let kind = Shape<JobKind>.word(JobKind.allCases.map { ($0.rawValue, $0) })
    package static let state = Shape<JobState>.word(JobState.allCases.map { ($0.word, $0) })

    package static let job = OutputSchema<Job>("Job", uses: [progress]) {
        field("id", .id(), example: 7) { $0.id }
        field("kind", kind) { $0.kind }
        field("state", state, "failed: no further attempts, unless an admin retries it.", example: "running") { $0.state }
        field("progress", progress.shape) { $0.progress }
        field("attempts", .count, "The number of attempts.", example: 1) { $0.attempts }
        field("result", result, "The result; its fields depend on the kind.", example: ["created": 3]) { $0.result }
        nullable("error", .text(0...2000), "The error of the last attempt.") { $0.error }
        field("created_at", .instant) { $0.createdAt }
        nullable("started_at", .instant) { $0.startedAt }
        nullable("finished_at", .instant) { $0.finishedAt }
    }
}
