// The job that makes a report: read at one moment, drawn, and kept as long as the job.
package import ChangeLedger
import Credentials
import Crypto
import Foundation
package import Model
import Reports
import Repositories
import StoreCore
import Synchronization

package struct ReportJob: Sendable {
    /// As it was asked for, so that a job that is tried again makes the same report.
    private struct Payload: Codable {
        var format: String
        /// Days since 1970.
        var from: Int64
        var to: Int64
        /// An IANA name; of reports that an older program queued, UTC.
        var timeZone: String?
        var isOfEverybody: Bool
    }

    /// One thread: what Pango keeps, it keeps by thread.
    private let desk = PatientThreads("reports", count: 1)

    package init() {}

    package static func queue(
        _ format: ReportFormat, _ range: ReportRange, timeZone: String, ofEverybody: Bool, for user: ID<User>, _ entry: Entry
    ) throws -> ID<Job>? {
        let payload = Payload(
            format: format.rawValue, from: range.from.number, to: range.to.number, timeZone: timeZone, isOfEverybody: ofEverybody)
        return try entry.enqueue(NewJob(.makeReport, owner: user, about: payload, priority: format == .pdf ? .drawing : .normal))
    }

    /// Whether the job makes a report over everybody's tasks.
    package static func isOfEverybody(_ job: Job) throws -> Bool {
        try JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8)).isOfEverybody
    }

    package func run(_ run: JobRun) async throws -> JobCompletion {
        let order = try run.payload(as: Payload.self)
        guard let format = ReportFormat(rawValue: order.format), let owner = run.job.ownerID,
            let range = ReportRange(from: Day(number: order.from), to: Day(number: order.to))
        else { throw JobFailure("The data of the job cannot be read.") }
        let now = run.clock.now()
        let data = try await run.store.read { tx in
            let reader = try Self.reader(owner, ofEverybody: order.isOfEverybody, tx)
            return try ReportReading(tx, reader, ofEverybody: order.isOfEverybody, zone: order.timeZone ?? "UTC", now: now).data(range)
        }
        try await run.step { _ in ((), JobProgress(done: 1, total: 2, message: "tasks read")) }
        let bytes =
            switch format {
            case .csv: ReportCSV.bytes(of: data)
            case .pdf: try await draw(data)
            }
        try await run.step { _ in ((), JobProgress(done: 2, total: 2, message: "report made")) }
        let name = "report-\(range.from)-to-\(range.to).\(format.rawValue)"
        return JobCompletion(result: #"{"size":\#(bytes.count),"tasks":\#(data.total)}"#) { entry in
            // Who lost the right while the report was made does not get it.
            _ = try Self.reader(owner, ofEverybody: order.isOfEverybody, entry.tx)
            do {
                try entry.quotas.require(.files, .files, of: owner, adding: Int64(bytes.count), entry.tx, at: entry.now)
            } catch let failure as Failure {
                throw JobFailure(quotas: failure)
            }
            let expires = entry.now + Job.retention
            let file = try Files(entry.tx).insert(name, format.mediaType, of: owner, at: entry.now, expires: expires)
            let pieces = stride(from: 0, to: bytes.count, by: StoredFile.chunkSize).map {
                Array(bytes[$0..<min($0 + StoredFile.chunkSize, bytes.count)])
            }
            try Files(entry.tx).append(pieces, to: file, at: 0)
            try Files(entry.tx).keep(file, sha256: Array(SHA256.hash(data: bytes)), at: entry.now, until: expires)
            try Jobs(entry.tx).attach(file, to: run.job.id)
        }
    }

    /// Who gets the report, if they still may.
    private static func reader(_ id: ID<User>, ofEverybody: Bool, _ tx: Tx) throws -> User {
        guard let user = try Users(tx).find(id), user.isActive else { throw JobFailure("The account is not active.") }
        guard !ofEverybody || user.role == .admin else { throw JobFailure("Only admins may create reports about everybody's tasks.") }
        return user
    }

    private func draw(_ data: ReportData) async throws -> [UInt8] {
        let isCancelled = Flag()
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    desk.run {
                        continuation.resume(with: Result { try ReportPDF.bytes(of: data, isCancelled: { isCancelled.isUp }) })
                    }
                }
            } onCancel: {
                isCancelled.raise()
            }
        } catch DrawingFault.cancelled {
            throw CancellationError()
        }
    }

    private final class Flag: Sendable {
        private let up = Atomic(false)
        var isUp: Bool { up.load(ordering: .relaxed) }
        func raise() { up.store(true, ordering: .relaxed) }
    }
}

extension JobFailure {
    /// A quota of the job's owner is exceeded.
    init(quotas failure: Failure) {
        guard case .quota(let quota, let limit) = failure else {
            self.init("The report is refused.")
            return
        }
        self.init("Your quota “\(quota.rawValue)” is exceeded: its limit is \(limit). The work done until then is kept.")
    }
}

extension ReportFormat {
    fileprivate var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .csv: "text/csv; charset=utf-8"
        }
    }
}
