// The folder of one installation: who may use it, and the small files in it.
import Foundation
import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Holding this value with `isExclusive` is holding the lock: one process owns the data folder.
package final class DataFolder: Sendable {
    package let path: String
    private let locks: [Int32]

    package enum Problem: Error, CustomStringConvertible {
        case held(String)
        case unusable(String)

        package var description: String {
            switch self {
            case .held(let path):
                "another TaskFlow is running on \(path.wholePath): stop it (`fuser \(path.wholePath)/taskflow.lock` names its process), or give this "
                    + "one a data folder and a database of its own (TASKFLOW_DATA, DATABASE_URL)"
            case .unusable(let reason): reason
            }
        }
    }

    /// - Parameters:
    ///   - database: the folder of the SQLite file where it is another one. It is locked as well: two servers with data folders of
    ///     their own must not open one file.
    ///   - creating: whether the folder is made where there is none.
    /// - Throws: `Problem.held` when another process has a lock.
    package init(_ path: String, isExclusive: Bool = true, database: String? = nil, creating: Bool = true) throws {
        self.path = path
        if creating { try Self.make(path) }
        guard isExclusive else {
            locks = []
            return
        }
        // sun_path has 108 bytes on Linux and 104 on macOS, its end included.
        guard Self.controlSocket(in: path).utf8.count <= 103 else {
            throw Problem.unusable(
                "the path of the data folder \(path.wholePath) is too long: a socket in it would exceed 103 bytes; name another place")
        }
        let own = try Self.lock(path)
        guard let database, !Self.isSame(path, database) else {
            locks = [own]
            return
        }
        do {
            if creating { try Self.make(database) }
            locks = [own, try Self.lock(database)]
        } catch {
            close(own)
            throw error
        }
    }

    /// With the folders above it.
    private static func make(_ path: String) throws {
        if isFolder(path) { return }
        let above = path.folderAbove
        if above != path { try make(above) }
        if mkdir(path, 0o700) == 0 { return }
        // Another process may have been faster.
        let reason = errno
        guard isFolder(path) else { throw Problem.unusable("the folder \(path.wholePath) cannot be made: \(SystemReason(reason))") }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        let resolved = { (path: String) in URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path }
        return resolved(one) == resolved(other)
    }

    private static func lock(_ path: String) throws -> Int32 {
        let descriptor = open("\(path)/taskflow.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem.unusable("the data folder \(path.wholePath) cannot be written: \(SystemReason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Problem.held(path)
        }
        return descriptor
    }

    deinit { for lock in locks { close(lock) } }

    package static func controlSocket(in path: String) -> String { "\(path)/control.sock" }
    package var setupToken: String { "\(path)/setup-token" }
    package var signingKey: String { "\(path)/signing-key" }
    /// Where mails go when there is no mail server.
    package var mail: String { "\(path)/mail" }

    private var lastBackupFile: String { "\(path)/last-backup" }

    /// Below this many free bytes changes of ordinary size begin to fail.
    static let smallestFreeSpace: Int64 = 16 << 20

    /// Free space of the file system that the folder is on.
    var freeBytes: Int64? {
        (try? FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? NSNumber)?.int64Value
    }

    /// When the last backup was made and verified; `nil` when none was made from this folder.
    var lastBackup: Instant? { read(lastBackupFile).flatMap { Int64($0) }.map { .seconds($0) } }

    func noteBackup(at now: Instant) throws { try write("\(now.seconds)", to: lastBackupFile) }

    /// The text of a private file, or nil when there is none.
    package func read(_ file: String) -> String? {
        (try? String(contentsOfFile: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines).nonEmpty
    }

    package func remove(_ file: String) { try? FileManager.default.removeItem(atPath: file) }

    /// Writes a file that only its owner can read; it never exists with another mode.
    package func write(_ text: String, to file: String) throws {
        let temporary = file + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Problem.unusable("\(file.wholePath) cannot be written: \(SystemReason(errno))") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data((text + "\n").utf8))
        try handle.synchronize()
        guard rename(temporary, file) == 0 else { throw Problem.unusable("\(file.wholePath) cannot be written: \(SystemReason(errno))") }
    }
}
