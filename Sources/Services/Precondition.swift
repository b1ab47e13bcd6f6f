// If-Match: the versions of which a change expects one (RFC 9110, 13.1.1).
package import Model

package enum Precondition: Equatable, Sendable {
    /// No condition was given.
    case none
    case versions([Int64])

    /// - Throws: `Failure.stale`.
    package func require(_ version: Int64) throws(Failure) {
        if case .versions(let expected) = self, !expected.contains(version) { throw .stale(current: version) }
    }
}
