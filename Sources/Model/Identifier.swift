// How people name an account.

package enum Identifier: Sendable {
    case email(String)
    case username(String)

    /// Whichever it looks like: a username never holds an @.
    package init(_ text: String) { self = text.contains("@") ? .email(text) : .username(text) }

    /// The key that attempts are counted under.
    package var key: String {
        switch self {
        case .email(let email): "email:\(caseFolded(email))"
        case .username(let username): "username:\(caseFolded(username))"
        }
    }
}
