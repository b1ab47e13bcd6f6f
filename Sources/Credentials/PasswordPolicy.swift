// Which passwords are taken: long enough, not among the common ones, not the account's own names. No composition rule (NIST SP 800-63B).
package import Foundation
package import Model

package struct PasswordPolicy: Sendable {
    package static let length: ClosedRange<Int> = 8...128

    private let common: Set<String>
    /// Whether the list was found; without it the built-in passwords alone are refused.
    package let hasList: Bool

    /// The list in `file`, one password a line, on top of the built-in one.
    package init(commonPasswords file: URL? = nil) {
        var common = Self.builtIn
        let text = file.flatMap { try? String(contentsOf: $0, encoding: .utf8) }
        hasList = text != nil
        if let text {
            for line in text.split(whereSeparator: \.isNewline) where line.count >= Self.length.lowerBound {
                common.insert(line.lowercased())
            }
        }
        self.common = common
    }

    /// How many passwords are refused for being common.
    package var commonCount: Int { common.count }

    /// - Throws: `Failure.invalid` naming `field`.
    package func check(_ password: String, field: String, email: String?, username: String?) throws(Failure) {
        guard password.utf8.count <= 4 * Self.length.upperBound, Self.length.contains(password.unicodeScalars.count) else {
            throw .invalid([.init(field, "must have \(Self.length.lowerBound) to \(Self.length.upperBound) characters")])
        }
        let key = password.lowercased()
        let own = [email, username, email.map { String($0.prefix { $0 != "@" }) }].compactMap { $0?.lowercased() }
        if common.contains(key) || common.contains(String(key.reversed())) || isMonotonous(key) {
            throw .invalid([.init(field, "is a very common password: choose another")])
        }
        if own.contains(where: { $0.count >= 4 && key.contains($0) }) || key.contains("taskflow") {
            throw .invalid([.init(field, "must not contain the account's own names")])
        }
    }

    /// `aaaaaaaa`, `abcdefgh`, `87654321`.
    private func isMonotonous(_ key: String) -> Bool {
        let scalars = key.unicodeScalars.map { Int64($0.value) }
        let steps = Set(zip(scalars, scalars.dropFirst()).map { $1 - $0 })
        return steps.count <= 1 && steps.allSatisfy { abs($0) <= 1 }
    }

    /// Words people choose, alone, doubled and with the endings people add.
    private static let builtIn: Set<String> = {
        let words = [
            "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "letmein", "welcome", "qwerty", "qwertz", "azerty", "qwertyui",
            "qwertyuiop", "asdfghjk", "asdfghjkl", "zxcvbnm", "iloveyou", "sunshine", "princess", "football", "baseball", "superman",
            "batman", "dragon", "monkey", "master", "shadow", "michael", "jennifer", "computer", "internet", "trustno", "admin",
            "administrator", "root", "guest", "user", "test", "login", "secret", "changeme", "default", "hello", "freedom", "whatever",
            "starwars", "summer", "winter", "spring", "autumn", "monday", "friday", "abc", "abcd", "qazwsx", "1q2w3e4r", "1q2w3e",
            "qwerty123", "1qaz2wsx", "zaq12wsx", "access", "flower", "cheese", "cookie", "pepper", "ginger", "charlie", "thomas",
            "jordan", "hunter", "killer", "soccer", "hockey", "yankees", "mustang", "corvette", "mercedes", "ferrari", "matrix",
        ]
        let endings = [
            "", "1", "12", "123", "1234", "12345", "123456", "12345678", "!", "1!", "123!", "@123", "#1", "0", "00", "01", "007", "69",
            "2020", "2021", "2022", "2023", "2024", "2025", "2026",
        ]
        var all: Set<String> = ["12341234", "11223344", "123123123", "112233445566", "147258369", "987654321", "1234567890", "0987654321"]
        for word in words {
            all.insert(word + word)
            for ending in endings { all.insert(word + ending) }
        }
        return all.filter { $0.count >= length.lowerBound }
    }()
}
