// How much one transaction may do: others wait for its end.

/// Counts what a transaction does, and says when the rest of the work belongs into the next one.
package struct TransactionBudget: Sendable {
    package struct Limits: Sendable {
        /// Tasks, or rows of the like, that are changed.
        package var rows: Int
        /// Bytes of text whose words are indexed anew, those that are replaced and those that replace them. FTS5 takes up to 30 ms for a text of
        /// 20 kB in the place of another one, when no word occurs twice, and up to 2.4 times that in scripts without blanks, when no pair does.
        package var bytes: Int
        /// The guard for machines on which the counts above are far too generous. A small work is not to be cut in two by a busy moment.
        package var time: Duration

        package init(rows: Int, bytes: Int, time: Duration) {
            self.rows = rows
            self.bytes = bytes
            self.time = time
        }

        /// A part of a larger work: about a tenth of a second.
        package static let step = Limits(rows: 250, bytes: 256 << 10, time: .milliseconds(500))
        /// New rows that were worked out before the transaction.
        package static let insertion = Limits(rows: 1000, bytes: 512 << 10, time: .milliseconds(500))
        /// A work that must be one transaction: about a quarter of a second. The caller refuses what is larger before it begins.
        package static let whole = Limits(rows: 1000, bytes: 512 << 10, time: .milliseconds(500))
    }

    private let limits: Limits
    private let begin = ContinuousClock.now
    /// Text whose words stay as they are is only copied: so many bytes of it count as one.
    package static let copiedBytes = 8
    package private(set) var rows = 0
    package private(set) var bytes = 0

    package init(_ limits: Limits = .step) { self.limits = limits }

    package mutating func spend(rows: Int = 1, bytes: Int = 0) {
        self.rows += rows
        self.bytes += bytes
    }

    /// Whether something was done and the rest must wait. It is asked before each further row, so the last row may go beyond the limits.
    package var isSpent: Bool {
        rows > 0 && (rows >= limits.rows || bytes >= limits.bytes || ContinuousClock.now - begin >= limits.time)
    }

    /// Whether the counts alone, without the time, are within the limits.
    package var fits: Bool { rows <= limits.rows && bytes <= limits.bytes }
}

extension TaskItem {
    /// Bytes of everything in it that people write.
    package var textBytes: Int {
        title.utf8.count + (description?.utf8.count ?? 0) + labels.reduce(0) { $0 + $1.utf8.count }
    }
}

extension TaskChanges {
    /// Bytes of the texts that take the place of others.
    package var textBytes: Int {
        let description = description.flatMap { $0 }?.utf8.count ?? 0
        return (title?.utf8.count ?? 0) + description + ((labels ?? []) + addedLabels).reduce(0) { $0 + $1.utf8.count }
    }
}
