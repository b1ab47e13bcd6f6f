// One walk along the chain of events: what it finds on the way, and what can be said of it at the end.
import BackgroundWork
import Credentials
import Model
import Repositories
import StoreCore

struct ChainWalk {
    /// A row whose hash is not that of its event in its place.
    private struct Suspect {
        var link: EventChain.Link
        var event: SealableEvent
        /// The hash stored before it, and what it should have been.
        var previous: [UInt8]
        var expected: [[UInt8]]
    }

    /// So many suspects are compared with one another.
    private static let compared = 24
    /// An event that waits longer than this, while younger ones are sealed, is passed over.
    private static let patience: Int64 = 600_000_000

    private let seal: EventSeal
    private let checkpoint: AuditCheckpoint?
    private var report = AuditReport()
    private var suspects: [Suspect] = []
    /// The row before is missing: what follows cannot be judged by its hash.
    private var isBehindGap = false
    private var newest: Int64 = 0

    init(seal: EventSeal, checkpoint: AuditCheckpoint?) {
        self.seal = seal
        self.checkpoint = checkpoint
    }

    private mutating func add(_ fault: AuditFault) {
        if report.faults.count < AuditReport.limit { report.faults.append(fault) }
    }

    mutating func take(_ link: EventChain.Link) {
        let previous = report.head
        if link.position != previous.position + 1 {
            let gap = "positions \(previous.position + 1) to \(link.position - 1) are missing"
            add(.init(.removed, position: previous.position + 1, gap))
            isBehindGap = true
        }
        report.sealed += 1
        report.head = .init(position: link.position, hash: link.hash)
        if link.position == checkpoint?.head.position, link.hash != checkpoint?.head.hash {
            add(
                .init(.changed, position: link.position, eventID: link.eventID, "the checkpoint has another hash: the log was rewritten")
            )
        }
        guard let event = link.event else {
            isBehindGap = false
            return add(.init(.removed, position: link.position, eventID: link.eventID, "the event is gone"))
        }
        newest = max(newest, event.at)
        if !link.hasItsValues {
            add(.init(.changed, position: link.position, eventID: link.eventID, "a long value of the event is missing or was changed"))
        }
        let expected = seal.hashes(event.canonical(at: link.position), after: previous.hash)
        if !isBehindGap, !expected.contains(link.hash), suspects.count < AuditReport.limit {
            suspects.append(Suspect(link: link, event: event, previous: previous.hash, expected: expected))
        }
        isBehindGap = false
    }

    mutating func finish(_ chain: EventChain) throws -> AuditReport {
        for suspect in suspects { judge(suspect) }
        if report.isIntact, let suspect = suspects.first {
            add(.init(.changed, position: suspect.link.position, eventID: suspect.link.eventID, "the chain is broken here"))
        }
        report.pending = try chain.waitingCount()
        for id in try chain.orphans(limit: AuditReport.limit) {
            add(.init(.removed, eventID: id, "the event is gone, before it was sealed"))
        }
        for id in try chain.strangers(limit: AuditReport.limit) {
            add(.init(.inserted, eventID: id, "the event is neither sealed nor pending"))
        }
        for id in try chain.waiting(since: newest - Self.patience, limit: AuditReport.limit) {
            add(.init(.inserted, eventID: id, "the event is not sealed, although later events are"))
        }
        if let end = checkpoint?.head.position, end > report.head.position {
            add(
                .init(
                    .truncated, position: report.head.position + 1,
                    "the checkpoint has \(end) positions, and \(end - report.head.position) of them are missing at the end"))
        }
        report.faults.sort { ($0.position ?? .max, $0.eventID ?? .max) < ($1.position ?? .max, $1.eventID ?? .max) }
        return report
    }

    // MARK: What a wrong hash means

    private mutating func judge(_ suspect: Suspect) {
        let others = suspects.prefix(Self.compared)
        // What may have stood before it: a row that was changed takes its own hash or its event with it.
        let before = others.flatMap { [$0.link.hash, $0.previous] + $0.expected }
        let position = suspect.link.position
        if isGenuine(suspect.event, at: position, suspect.link.hash, after: before) { return }
        let isMoved = others.contains { other in
            other.link.position != position
                && (isGenuine(suspect.event, at: other.link.position, suspect.link.hash, after: before)
                    || isGenuine(other.event, at: position, suspect.link.hash, after: [suspect.previous] + before))
        }
        let (kind, detail): (AuditFault.Kind, String) =
            isMoved
            ? (.reordered, "the event was sealed at another position")
            : (.changed, "the row was changed after it was sealed, or it was sealed with an unknown key")
        add(.init(kind, position: position, eventID: suspect.link.eventID, detail))
    }

    private func isGenuine(_ event: SealableEvent, at position: Int64, _ hash: [UInt8], after before: [[UInt8]]) -> Bool {
        let canonical = event.canonical(at: position)
        return before.contains { seal.hashes(canonical, after: $0).contains(hash) }
    }
}
