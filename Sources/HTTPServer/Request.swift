// A request as a handler gets it, and the two ways in which it may be answered.
package import HTTPTypes

package struct Request: Sendable {
    package let head: RequestHead
    package let body: RequestBody
    /// The address at the other end of the connection: a client or a proxy.
    package let peer: String?

    package var method: HTTPRequest.Method { head.method }

    /// The value of a field; those of several fields of that name are separated by commas.
    package subscript(_ name: HTTPField.Name) -> String? { head[name] }
}

/// How a request is answered.
package enum Handling: Sendable {
    /// At once, on the event loop: for what waits for nothing and takes microseconds.
    case answer(Response)
    /// By a task. It begins on the event loop, and goes on where it is resumed.
    case work(@Sendable () async -> Response)
}

/// What the server asks of whoever uses it.
package struct RequestHandler: Sendable {
    /// Called on an event loop.
    let handle: @Sendable (Request) -> Handling
    /// What a client is told whose request is not served. Called on an event loop.
    let refuse: @Sendable (Refusal, _ peer: String?) -> Response

    package init(
        refuse: @escaping @Sendable (Refusal, _ peer: String?) -> Response, handle: @escaping @Sendable (Request) -> Handling
    ) {
        self.handle = handle
        self.refuse = refuse
    }
}
