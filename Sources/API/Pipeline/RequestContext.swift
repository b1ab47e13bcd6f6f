// What travels with a request through Hummingbird's middleware.
package import Hummingbird
import NIOCore
import Synchronization

package struct TaskFlowContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of the peer: a client or a proxy.
    let peer: String?
    /// Done when the connection has ended.
    let closed: EventLoopFuture<Void>
    let record = RequestRecord()

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        closed = source.channel.closeFuture
    }
}

/// What the pipeline finds out about a request, for the log line that is written when it is answered.
final class RequestRecord: Sendable {
    struct Facts {
        var requestID = ""
        var address: String?
        var operation: String?
        var user: Int64?
        var cause: String?
        var code: String?
    }

    private let facts = Mutex(Facts())

    func note(_ change: (inout Facts) -> Void) { facts.withLock { change(&$0) } }
    var all: Facts { facts.withLock { $0 } }
}
