// How a verification of the event log looks on the wire.
import Model
import Repositories
import Services
import Wire

enum AuditSchemas {
    private static let kind = Shape<AuditFault.Kind>.word(AuditFault.Kind.allCases.map { ($0.rawValue, $0) })
    private static let hash = Shape<String>.text(0...64).map(
        fault: "is never read", into: { _ in [UInt8]?.none }, from: { (hash: [UInt8]) in hex(hash) })

    private static let fault = OutputSchema<AuditFault>("AuditFault") {
        field("kind", kind, "The kind of manipulation.", example: "changed") { $0.kind }
        sometimes("position", .count, "The position in the chain.", example: 1042) { $0.position }
        sometimes("event_id", .count, "The id of the event.", example: 1001) { $0.eventID }
        field("detail", .text(1...500), example: "the event is gone") { $0.detail }
    }

    private static let head = OutputSchema<AuditReport>("AuditHead") {
        field("position", .count, "0 before the first event.", example: 1042) { $0.head.position }
        field(
            "hash", hash,
            "The hash of the last sealed event and all events before it, in hexadecimal.", example: "5d41402abc4b2a76b9719d911017c592"
        ) {
            $0.head.hash
        }
    }

    static let report = OutputSchema<AuditReport>("AuditReport", uses: [fault, head]) {
        field("is_intact", .flag, "Whether no event was changed, removed or added.") { $0.isIntact }
        field("sealed", .count, "Events in the chain.", example: 1042) { $0.sealed }
        field("pending", .count, "Events that are not sealed yet.", example: 0) { $0.pending }
        field("head", head.shape, "The end of the chain.") { $0 }
        field("faults", .list(fault.shape, 0...AuditReport.limit), "The first faults that were found.") { $0.faults }
    }

    static let query = InputSchema<String?>("AuditVerification", { $0 }) {
        filter(
            "checkpoint", .text(1...1000),
            "The output of `taskflow audit checkpoint`: with it the server detects whether the end of the log was cut off, or the log was "
                + "rewritten.")
    }
}
