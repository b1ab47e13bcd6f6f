// One connection over a socket of this machine, by hand: what another version of a program would say.
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

package struct LocalSocket: Sendable {
    package struct Problem: Error {
        let reason = String(cString: strerror(errno))
    }

    private let descriptor: Int32

    package init(connectingTo path: String) throws {
        descriptor = try Self.make()
        try Self.with(path) { connect(descriptor, $0, $1) }
    }

    package init(listeningAt path: String) throws {
        descriptor = try Self.make()
        try Self.with(path) { bind(descriptor, $0, $1) }
        guard listen(descriptor, 1) == 0 else { throw Problem() }
    }

    /// Sends a text and reads until the next line break.
    package func exchange(_ text: String) throws -> String {
        defer { close(descriptor) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try file.write(contentsOf: Data(text.utf8))
        var received = Data()
        while let piece = try file.read(upToCount: 1), piece != Data("\n".utf8), !piece.isEmpty { received += piece }
        return String(decoding: received, as: UTF8.self)
    }

    /// Takes one connection and closes it without a word.
    package func hangUp() async throws {
        defer { close(descriptor) }
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { throw Problem() }
        close(client)
    }

    private static func make() throws -> Int32 {
        #if canImport(Darwin)
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw Problem() }
        return descriptor
    }

    private static func with(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard result == 0 else { throw Problem() }
    }
}
