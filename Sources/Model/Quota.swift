// Quotas: how much one user may keep here, and have done at a time.

/// The raw value is the name in the options, in answers and in errors.
package enum Quota: String, CaseIterable, Sendable {
    /// Tasks that the user owns, those in the trash included.
    case tasks
    /// Bytes of their titles, descriptions and labels.
    case text
    /// Different labels on them.
    case labels
    /// Bytes of texts that the user writes into existing tasks in a day: the audit keeps every text that there was.
    case changes
    /// Bytes of files: imports that have not ended, results of reports and imports.
    case files
    /// Bytes of answers that are kept for an Idempotency-Key.
    case answers
    case tokens
    case sessions
    case webhooks
    /// Views that are saved.
    case views
    /// Jobs that wait.
    case jobs
    /// Exports at a time.
    case exports

    package var isInBytes: Bool {
        switch self {
        case .text, .changes, .files, .answers: true
        case .tasks, .labels, .tokens, .sessions, .webhooks, .views, .jobs, .exports: false
        }
    }
}

package struct Quotas: Equatable, Sendable {
    private var limits: [Quota: Int64] = [
        .tasks: 1_000_000, .text: 1 << 30, .labels: 1000, .changes: 64 << 20, .files: 1 << 30, .answers: 64 << 20, .tokens: 100,
        .sessions: 100,
        .webhooks: 20, .views: 100, .jobs: 1000, .exports: 4,
    ]

    package init() {}

    /// `tasks=100000,text=256MiB`; a quota that is not named keeps its limit.
    package init?(_ text: String) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmed }
            guard sides.count == 2, let quota = Quota(rawValue: sides[0]), let limit = Self.limit(sides[1], of: quota) else { return nil }
            limits[quota] = limit
        }
    }

    private static let units: [(name: String, shift: Int)] = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
    private static let largest: Int64 = 1 << 50

    private static func limit(_ text: String, of quota: Quota) -> Int64? {
        let unit = quota.isInBytes ? units.first { text.hasSuffix($0.name) } : nil
        guard let number = Int64(text.dropLast(unit?.name.count ?? 0)), (1...largest).contains(number) else { return nil }
        let limit = number.multipliedReportingOverflow(by: 1 << (unit?.shift ?? 0))
        return limit.overflow || limit.partialValue > largest ? nil : limit.partialValue
    }

    package func limit(_ quota: Quota) -> Int64 { limits[quota] ?? 0 }

    /// As the option spells them.
    package var description: String { Quota.allCases.map { "\($0.rawValue)=\(spelled($0))" }.joined(separator: ",") }

    private func spelled(_ quota: Quota) -> String {
        let limit = limit(quota)
        let unit = quota.isInBytes ? Self.units.last { limit.isMultiple(of: 1 << $0.shift) } : nil
        return unit.map { "\(limit >> $0.shift)\($0.name)" } ?? "\(limit)"
    }
}
