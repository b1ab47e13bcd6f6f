// The body of a request as a handler gets it: whole when it came with the head, otherwise piece by piece, no faster than it is taken.
package import NIOCore
import Synchronization

package enum BodyFault: Error, Equatable, Sendable {
    /// More bytes than the caller wants.
    case tooLarge
    /// It ended before its end, or is not what its head said.
    case cutOff
}

/// To be read once.
package struct RequestBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    enum Source: Sendable {
        case whole(ByteBuffer)
        case pipe(BodyPipe)
    }

    private let source: Source

    init(_ source: Source) { self.source = source }

    package init(_ bytes: ByteBuffer = ByteBuffer()) { source = .whole(bytes) }

    /// All of it.
    /// - Throws: `BodyFault`.
    package func collect(upTo limit: Int) async throws(BodyFault) -> ByteBuffer {
        switch source {
        case .whole(let bytes):
            guard bytes.readableBytes <= limit else { throw .tooLarge }
            return bytes
        case .pipe(let pipe):
            var all = ByteBuffer()
            while var piece = try await pipe.next() {
                guard all.readableBytes + piece.readableBytes <= limit else { throw .tooLarge }
                all.writeBuffer(&piece)
            }
            return all
        }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: Source

        package mutating func next() async throws(BodyFault) -> ByteBuffer? {
            switch source {
            case .whole(let bytes):
                source = .whole(ByteBuffer())
                return bytes.readableBytes > 0 ? bytes : nil
            case .pipe(let pipe): return try await pipe.next()
            }
        }

        package mutating func next(isolation: isolated (any Actor)?) async throws(BodyFault) -> ByteBuffer? { try await next() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}

/// Between the connection, which puts in what arrives, and one reader.
final class BodyPipe: Sendable {
    /// Bytes from which on nothing more is read from the client until somebody takes some.
    private static let capacity = 64 << 10

    private struct State {
        var pieces: CircularBuffer<ByteBuffer> = []
        var count = 0
        /// Nothing more comes; with the reason when it should have.
        var end: Result<Void, BodyFault>?
        var reader: CheckedContinuation<Result<ByteBuffer?, BodyFault>, Never>?
        /// Nobody has asked for a piece, and the connection wants to know when somebody does.
        var awaitsReader: Bool
    }

    private let state: Mutex<State>
    /// Asks the connection to read on.
    private let demand: @Sendable () -> Void

    init(awaitsReader: Bool, demand: @escaping @Sendable () -> Void) {
        state = Mutex(State(awaitsReader: awaitsReader))
        self.demand = demand
    }

    /// Whether more should be read from the client.
    var hasRoom: Bool { state.withLock { $0.end == nil && $0.count < Self.capacity } }

    func put(_ piece: ByteBuffer) {
        let reader = state.withLock { state -> CheckedContinuation<Result<ByteBuffer?, BodyFault>, Never>? in
            guard state.end == nil else { return nil }
            if let reader = state.reader.take() { return reader }
            state.pieces.append(piece)
            state.count += piece.readableBytes
            return nil
        }
        reader?.resume(returning: .success(piece))
    }

    /// Only the first end counts.
    func end(_ result: Result<Void, BodyFault>) {
        let reader = state.withLock { state -> CheckedContinuation<Result<ByteBuffer?, BodyFault>, Never>? in
            guard state.end == nil else { return nil }
            state.end = result
            return state.reader.take()
        }
        reader?.resume(returning: result.map { nil })
    }

    /// The next piece; `nil` at the end. What has arrived is given before a fault is told.
    func next() async throws(BodyFault) -> ByteBuffer? {
        switch take() {
        case .some(let result): return try result.get()
        case nil: break
        }
        let result = await withCheckedContinuation { reader in
            let ready = state.withLock { state -> Result<ByteBuffer?, BodyFault>? in
                if let result = Self.take(&state) { return result }
                state.reader = reader
                return nil
            }
            if let ready { reader.resume(returning: ready) } else { demand() }
        }
        return try result.get()
    }

    private func take() -> Result<ByteBuffer?, BodyFault>? {
        let (result, isNews) = state.withLock { state in
            let (isFirst, wasFull) = (state.awaitsReader, state.count >= Self.capacity)
            state.awaitsReader = false
            let result = Self.take(&state)
            return (result, isFirst || (wasFull && state.count < Self.capacity && state.end == nil))
        }
        if isNews { demand() }
        return result
    }

    private static func take(_ state: inout State) -> Result<ByteBuffer?, BodyFault>? {
        if let piece = state.pieces.popFirst() {
            state.count -= piece.readableBytes
            return .success(piece)
        }
        return state.end.map { $0.map { nil } }
    }
}
