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
        field("kind", kind, "What was done to the log.", example: "changed") { $0.kind }
        sometimes("position", .count, "Where in the chain.", example: 1042) { $0.position }
        sometimes("event_id", .count, "Which event.", example: 1001) { $0.eventID }
        field("detail", .text(1...500), example: "the event is gone") { $0.detail }
    }

    private static let head = OutputSchema<AuditReport>("AuditHead") {
        field("position", .count, "0 before the first event.", example: 1042) { $0.head.position }
        field("hash", hash, "Of the last sealed event and all before it, in hexadecimal.", example: "5d41402abc4b2a76b9719d911017c592") {
            $0.head.hash
        }
    }

    static let report = OutputSchema<AuditReport>("AuditReport", uses: [fault, head]) {
        field("is_intact", .flag, "Whether the log is what was recorded.") { $0.isIntact }
        field("sealed", .count, "Events in the chain.", example: 1042) { $0.sealed }
        field("pending", .count, "Events that wait to be sealed.", example: 0) { $0.pending }
        field("head", head.shape, "The end of the chain.") { $0 }
        field("faults", .list(fault.shape, 0...AuditReport.limit), "The first of them.") { $0.faults }
    }

    static let query = InputSchema<String?>("AuditVerification", { $0 }) {
        filter(
            "checkpoint", .text(1...1000),
            "What `taskflow audit checkpoint` printed: finds out whether the end of the log was cut off, or the log written anew.")
    }
}
