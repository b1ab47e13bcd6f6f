// What files and reports call an account, and how it is found again by that.
package import Model
package import StoreCore

extension User {
    /// What a file calls an account. The address of somebody else is an admin's to see.
    package func shownName(to reader: ID<User>, isAdmin: Bool) -> String { username ?? (isAdmin || id == reader ? email : "#\(id)") }
}

/// Tells the ids of one installation from those of another. It is no secret.
package struct InstallationMark: Equatable, Sendable {
    package let text: String

    package init(_ tx: Tx) throws { text = String(try migrator.birth(tx), radix: 36) }
}

extension User {
    /// The name by which an import finds the account again. An id says who it is in one installation only, so that it bears its mark.
    package func exportedName(to reader: ID<User>, isAdmin: Bool, _ mark: InstallationMark) -> String {
        username ?? (isAdmin || id == reader ? email : "#\(id)@\(mark.text)")
    }

    /// The id in such a name, when it is of this installation.
    package static func id(exported name: String, _ tx: Tx) throws -> ID<User>? {
        guard name.hasPrefix("#"), let at = name.firstIndex(of: "@"), let id = Int64(name[..<at].dropFirst()),
            try String(name[at...].dropFirst()) == InstallationMark(tx).text
        else { return nil }
        return ID(id)
    }
}
