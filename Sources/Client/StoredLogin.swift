// The login that `taskflow login` keeps, in a file that only its owner can read.
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What went wrong, in a sentence that says what to do.
package struct ClientError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

struct StoredLogin: Codable, Equatable, Sendable {
    /// The address of the server, without a slash at the end.
    var url: String
    var email: String
    var accessToken: String
    var refreshToken: String
}

/// Where the login is: `$XDG_CONFIG_HOME/taskflow/login.json`, and without that variable below `~/.config`.
package struct LoginFile: Sendable {
    package let path: String

    private var folder: String { URL(filePath: path).deletingLastPathComponent().path }

    /// - Parameter environment: of the process.
    /// - Throws: `ClientError` when it names no folder.
    package init(_ environment: [String: String]) throws {
        // A relative path counts as none. Source: XDG Base Directory Specification.
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            path = "\(base)/taskflow/login.json"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = "\(home)/.config/taskflow/login.json"
        } else {
            throw ClientError("neither XDG_CONFIG_HOME nor HOME names a folder for the login: set one of them")
        }
    }

    /// - Throws: `ClientError` when there is no login, or when others may read it.
    func read() throws -> StoredLogin {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClientError("you are not logged in: run `taskflow login URL` first")
        }
        let mode = (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
        guard mode & 0o077 == 0 else { throw ClientError("\(path) can be read by others; run chmod 600 on it") }
        guard let login = try? JSONDecoder().decode(StoredLogin.self, from: data) else {
            throw ClientError("\(path) is not a login of this program: run `taskflow login URL` again")
        }
        return login
    }

    /// The login that is there, if any is.
    var current: StoredLogin? { try? read() }

    func write(_ login: StoredLogin) throws {
        try makeFolder()
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: JSONEncoder().encode(login))
            try file.synchronize()
        } catch { throw unwritable() }
        guard rename(temporary, path) == 0 else { throw unwritable() }
    }

    func remove() throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw unwritable() }
    }

    /// Runs `body` while no other command of the user does: a refresh token is good for one refresh.
    func alone<Value>(_ body: () async throws -> Value) async throws -> Value {
        try makeFolder()
        let lock = open(folder + "/login.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw unwritable() }
        defer { close(lock) }
        return try await body()
    }

    private func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw unwritable() }
    }

    private func unwritable() -> ClientError {
        ClientError("the login cannot be kept at \(path): make \(folder) a folder of yours, or set XDG_CONFIG_HOME to one")
    }
}
