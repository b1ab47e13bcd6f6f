// A text of any length, made piece by piece while it is sent: nobody holds all of it.

package struct BodyStream: Sendable {
    /// Waits until the connection has room for the piece. It throws when the client has gone.
    package typealias Send = ([UInt8]) async throws -> Void

    /// What it throws cuts the connection: the client sees that the body is not whole.
    package let write: @Sendable (_ send: Send) async throws -> Void
    /// Called when the connection ends, for a body that may wait long without sending. It may come after the end of `write`.
    package let abandoned: (@Sendable () -> Void)?

    package init(abandoned: (@Sendable () -> Void)? = nil, write: @escaping @Sendable (_ send: Send) async throws -> Void) {
        self.write = write
        self.abandoned = abandoned
    }
}
