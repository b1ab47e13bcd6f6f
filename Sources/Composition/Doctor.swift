// What an operator should know of an installation, one line for each check. What breaks at night is among them.
import API
import BackgroundWork
import Credentials
import Foundation
import Model
import Outbound
import Repositories
package import StoreCore

struct Doctor {
    /// How long the oldest job may wait, and how long ago the last backup may be.
    private static let (longestWait, longestWithoutBackup) = (Duration.seconds(300), Duration.seconds(2 * 86_400))
    /// How far the newest event may be ahead of the clock: instances differ by so much.
    private static let clockTolerance = Duration.seconds(60)

    private let installation: Installation
    private var settings: Settings { installation.settings }
    private var folder: DataFolder { installation.folder }
    private var store: any Store { installation.store }
    private let now: Instant

    init(_ installation: Installation) {
        self.installation = installation
        now = installation.rooms.clock.now()
    }

    /// - Throws: `StoreError` when the database does not answer.
    func findings() async throws -> [Diagnosis] {
        var findings = try await store.diagnose()
        let version = try await store.read { try migrator.current($0) }
        findings.append(Diagnosis("schema", "version \(version)", isHealthy: version == migrator.newest))
        let differences = try await SchemaCheck.differences(of: store)
        findings.append(
            Diagnosis(
                "schema objects", differences.isEmpty ? "as the migrations make them" : differences.joined(separator: "; "),
                isHealthy: differences.isEmpty))
        findings.append(
            Diagnosis("common passwords", "\(installation.policy.commonCount) refused", isHealthy: installation.policy.commonCount > 3000))
        if version == migrator.newest {
            findings.append(try await knownPasswords())
            findings += [try await signingKey(), try await clock()] + (try await work())
        }
        findings += try permissions() + disk() + [try await backup(), await mailServer()]
        return findings
    }

    /// The documented demo passwords must not open anything outside a demo.
    private func knownPasswords() async throws -> Diagnosis {
        for account in DemoData.accounts {
            let hash = try await installation.store.read { tx in
                try Users(tx).find(email: account.email).flatMap { try Users(tx).passwordHash(of: $0.id) }
            }
            if let hash, try await installation.hasher.verify(account.password, against: hash) {
                return Diagnosis(
                    "known passwords", "\(account.email) still has its demo password", isHealthy: !installation.settings.isProduction)
            }
        }
        return Diagnosis("known passwords", "none in use")
    }

    /// Another key verifies nothing that was signed before: everybody is logged out, and the audit cannot be checked.
    private func signingKey() async throws -> Diagnosis {
        guard settings.signs else { return Diagnosis("signing key", "not given, so that it is not compared with what it signed") }
        switch try await store.read({ [seal = installation.seal] in try seal.hasSealedTheEnd($0) }) {
        case true?: return Diagnosis("signing key", "is the one that sealed the audit")
        case false?: return Diagnosis("signing key", "is not the one that sealed the audit: give the old one, or both", isHealthy: false)
        case nil: return Diagnosis("signing key", "has sealed nothing yet")
        }
    }

    private func clock() async throws -> Diagnosis {
        guard let newest = try await store.rows(Events.newest, from: .primary).first, newest > now + Self.clockTolerance else {
            return Diagnosis("clock", "\(now)")
        }
        return Diagnosis("clock", "\(now), but something was recorded at \(newest): the clock was set back", isHealthy: false)
    }

    private func work() async throws -> [Diagnosis] {
        let (now, day) = (now, Duration.seconds(86_400))
        let (queue, failed, webhooks) = try await store.read { tx in
            (try Jobs(tx).backlog(at: now), try Jobs(tx).failedOfServer(since: now - day), try Webhooks(tx).failing())
        }
        let wait = queue.oldest.map { Duration.microseconds(now.microseconds - $0.microseconds) } ?? .zero
        return [
            Diagnosis(
                "queue", queue.count == 0 ? "nothing waits" : "\(queue.count) jobs wait, the oldest for \(wait.components.seconds) s",
                isHealthy: wait < Self.longestWait),
            Diagnosis(
                "failed jobs", failed == 0 ? "none of the server's own in a day" : "\(failed) of the server's own in a day",
                isHealthy: failed == 0),
            // Another machine is at fault most likely: its owner is told by mail.
            Diagnosis("webhooks", webhooks == 0 ? "none fails" : "\(webhooks) fail at the moment"),
        ]
    }

    private func permissions() throws -> [Diagnosis] {
        var files = [folder.signingKey]
        if case .sqlite(let path) = settings.database { files.append(path) }
        return try files.filter { FileManager.default.fileExists(atPath: $0) }.map { file in
            let mode = (try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int) ?? 0
            return Diagnosis("permissions", "\(file.wholePath) has mode \(String(mode, radix: 8))", isHealthy: mode & 0o077 == 0)
        }
    }

    /// A backup, and what a restore keeps of the old database, take as much as the database.
    private func disk() -> [Diagnosis] {
        guard let free = folder.freeBytes else { return [] }
        var needed = DataFolder.smallestFreeSpace
        if case .sqlite(let path) = settings.database,
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.int64Value
        {
            needed += size
        }
        let words = "\(free >> 20) MiB free at \(folder.path.wholePath)"
        return [Diagnosis("disk", free < needed ? "\(words), \(needed >> 20) MiB are needed" : words, isHealthy: free >= needed)]
    }

    /// A new installation has time for its first backup. With PostgreSQL its own tools make backups, and nothing is known of those.
    private func backup() async throws -> Diagnosis {
        let last = folder.lastBackup
        let birth = try await store.read { Instant(microseconds: try migrator.birth($0)) }
        let isDue = now >= (last ?? birth) + Self.longestWithoutBackup
        let words = last.map {
            "the last one was made \(Duration.microseconds(now.microseconds - $0.microseconds).components.seconds / 3600) hours ago"
        }
        return Diagnosis(
            "backup", words ?? "`taskflow backup` has made none yet",
            isHealthy: !(isDue && settings.isProduction && settings.database.isExclusive))
    }

    private func mailServer() async -> Diagnosis {
        guard let server = settings.mailServer else {
            return Diagnosis("mail server", "none is set: mails are put into \(folder.mail.wholePath)")
        }
        let fault = await MailPost.server(server).fault()
        return Diagnosis("mail server", fault ?? "answers, and takes the log-in", isHealthy: fault == nil)
    }
}

extension Diagnosis {
    /// As the command line prints it.
    package var line: String { "\(isHealthy ? "ok  " : "FAIL")  \(check): \(finding)" }
}
