// `taskflow transfer`: moves a whole installation into another database, of the other engine or the same.
import Foundation
import Model
import Repositories
import StoreCore
import StoreSQLite

package struct Transfer: Sendable {
    private let from: DatabaseLocation
    private let to: DatabaseLocation

    /// - Throws: `SettingsError`, which never shows a URL: there may be a password in it.
    package init(from: String, to: String) throws(SettingsError) {
        guard let source = DatabaseLocation(from), let target = DatabaseLocation(to) else {
            let option = DatabaseLocation(from) == nil ? "--from" : "--to"
            throw SettingsError("\(option) takes sqlite:PATH or postgres://…")
        }
        guard source.identity != target.identity else { throw SettingsError("--from and --to are the same database") }
        (self.from, self.to) = (source, target)
    }

    /// Copies what is not there yet, compares every row, and releases the target.
    /// - Returns: what was done, in words.
    package func run(report: @escaping @Sendable (CopyProgress) -> Void) async throws -> [String] {
        if case .sqlite(let path) = from, !FileManager.default.fileExists(atPath: path) {
            throw SettingsError("there is no file \(path.wholePath)")
        }
        let folders = try lockFolders()
        let source = try await from.open(connections: 2, isPatient: true)
        let birth = try await Self.birth(of: source)
        let target = try await to.open(connections: 2, isPatient: true)
        let copy = InstallationCopy(source: source, target: target, report: report)
        let lines: [String]
        switch try await Self.state(of: target, birth) {
        case .full: lines = try await Self.recognize(copy)
        case .empty:
            try await migrator.migrate(target, at: WallClock.system.now().microseconds)
            try await Self.mark(target, birth)
            lines = try await Self.fill(copy)
        case .begun: lines = try await Self.fill(copy)
        }
        try await source.close()
        try await target.close()
        withExtendedLifetime(folders) {}
        return lines
    }

    /// A server on a SQLite file holds the lock of its folder.
    private func lockFolders() throws -> [DataFolder] {
        let folders = Set([from, to].filter(\.isExclusive).map { URL(filePath: $0.folder).standardizedFileURL.path })
        let locks = try folders.sorted().map { folder in
            do {
                return try DataFolder(folder)
            } catch DataFolder.Problem.held {
                throw SettingsError("a server is running on \(folder): stop it, transfer, start it on the new database")
            }
        }
        // Another program, or a server of an older version whose data folder is elsewhere.
        for case .sqlite(let path) in [from, to] where FileManager.default.fileExists(atPath: path) {
            guard try !SQLiteStore.isInUse(path) else { throw SettingsError("another program has \(path) open: stop it first") }
        }
        return locks
    }

    private static func birth(of source: any Store) async throws -> Int64 {
        let steps = try await migrator.pending(source)
        guard steps.isEmpty else {
            throw SettingsError(
                steps.count == Int(migrator.newest)
                    ? "the source is empty" : "the source has an older schema: run taskflow migrate on it first")
        }
        return try await source.read { try migrator.birth($0) }
    }

    // MARK: The target

    private enum State {
        case empty
        /// An earlier run of this transfer came this far.
        case begun
        /// It holds an installation, whole.
        case full
    }

    private static func state(of target: any Store, _ birth: Int64) async throws -> State {
        try await target.read { tx in
            let version = try migrator.version(tx)
            if let source = try TransferMark(tx).source() {
                guard source == birth else { throw SettingsError("the target holds a part of another installation: \(Self.advice)") }
                guard version == migrator.newest else {
                    throw SettingsError("the transfer was begun by another version of the program: \(Self.advice)")
                }
                return .begun
            }
            if version == 0 { return .empty }
            guard version == migrator.newest else {
                // An earlier run was killed between two steps of the schema, or nobody ever used it: whatever is there belongs to an account.
                guard try Table.all[0].isEmpty(tx) else { throw SettingsError("the target holds another installation: \(Self.advice)") }
                return .empty
            }
            return try Table.all.allSatisfy { try $0.isEmpty(tx) } ? .empty : .full
        }
    }

    private static let advice = "a transfer needs an empty database"

    private static func mark(_ target: any Store, _ birth: Int64) async throws {
        try await target.maintain { tx in
            guard try TransferMark(tx).source() == nil, try Table.all.allSatisfy({ try $0.isEmpty(tx) }) else {
                throw SettingsError("somebody else uses the target: \(Self.advice)")
            }
            try TransferMark(tx).set(source: birth)
        }
    }

    private static func fill(_ copy: InstallationCopy) async throws -> [String] {
        try await copy.run { _ in }
        let digests: [ContentDigest]
        do {
            digests = try await copy.compare()
        } catch let difference as InstallationCopy.Difference {
            throw SettingsError(
                "\(difference): the source was changed meanwhile. Stop its servers first, and begin again with an empty target")
        }
        let last = try await copy.source.read { try InstallationCopy.lastIDs($0) }
        try await copy.target.maintain { tx in
            try InstallationCopy.setLastIDs(last, tx)
            try Table.analyze(tx)
            try TransferMark(tx).remove()
        }
        return ["transferred, and every row compared: \(words(for: digests))"]
    }

    /// The end of an earlier run may have been lost on its way to the terminal.
    private static func recognize(_ copy: InstallationCopy) async throws -> [String] {
        do {
            return ["the target holds all of it already, every row compared: \(words(for: try await copy.compare()))"]
        } catch is InstallationCopy.Difference {
            throw SettingsError("the target holds another installation: \(advice)")
        }
    }

    private static func words(for digests: [ContentDigest]) -> String {
        zip(Table.all, digests).map { "\($1.count) \($0.name)" }.joined(separator: ", ")
    }
}

extension DatabaseLocation {
    /// Equal for two ways to write the same file.
    fileprivate var identity: String {
        switch self {
        case .sqlite(let path): URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
        case .postgres(let url): url.value
        }
    }
}
