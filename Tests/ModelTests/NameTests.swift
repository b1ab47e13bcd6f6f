// The rules for names, and the patterns that tell clients of them.
import Model
import TestKit
import Testing

@Suite struct EmailTests {
    private static let longLabel = String(repeating: "d", count: 63)

    private static let good =
        [
            "a@b.co", "ada@example.com", "Ada.Lovelace@Example.COM", "first.middle.last@example.com", "a.b.c.d.e.f@example.com",
            "o'brien@example.ie", "user+tag@example.com", "!#$%&'*+/=?^_`{|}~-@example.com", "1@2.de", "x@1.2.3.org",
            "x@xn--bcher-kva.example",
            "x@a-b.example", "x@a.b.c.d.e.f.g.h.i.example", "x@\(longLabel).com", "x@example.c1", "x@example.c-1",
            String(repeating: "l", count: 64) + "@example.com", String(repeating: "l", count: 65) + "@example.com",
            String(repeating: "l", count: 40) + ".x@example.com",
            String(repeating: "l", count: 32) + "." + String(repeating: "m", count: 31) + "@example.com",
        ]

    private static let bad =
        [
            "", "@", "a", "a@", "@b.co", "a@b", "a@b.", "a@.co", "a@b.c", "a@b..co", "a@b.co.", ".a@b.co", "a.@b.co", "a..b@b.co",
            "a b@b.co",
            "a@b c.co", " a@b.co", "a@b.co ", "a@b.co\n", "a@b@c.co", "a@-b.co", "a@b-.co", "a@b.-co", "a@b.co-", "a@b_c.co", "a@b.1co",
            "a@127.0.0.1", "a@[127.0.0.1]", "\"a\"@b.co", "a\\@b.co", "a,b@b.co", "a;b@b.co", "a:b@b.co", "<a@b.co>", "(a)a@b.co",
            "ä@b.co", "a@bücher.de", "a@b.cö", "a\u{301}@b.co", "a@b\u{0}.co", "a@b.co\u{200b}", "ａ@b.co", "mailto:a@b.co",
            "a@\(longLabel)d.com",
        ]

    @Test("Addresses that people have are taken", arguments: good)
    func taken(_ text: String) {
        #expect(User.isEmail(text))
    }

    @Test("A text that is no address is refused", arguments: bad)
    func refused(_ text: String) {
        #expect(!User.isEmail(text))
    }

    @Test("An address has at most 254 bytes")
    func length() {
        let domain = (0..<3).map { _ in Self.longLabel }.joined(separator: ".")
        let tail = "@\(domain).example"
        for count in [254, 255] {
            let address = String(repeating: "x", count: 30) + String(repeating: "-", count: count - tail.utf8.count - 30) + tail
            #expect(address.utf8.count == count)
            #expect(User.isEmail(address) == (count == 254))
        }
    }

    @Test("Who checks addresses by the documented pattern decides as the server does")
    func pattern() throws {
        let pattern = try Regex(User.emailPattern)
        func documented(_ text: String) throws -> Bool {
            try User.emailLength.contains(text.unicodeScalars.count)
                && pattern.matchingSemantics(.unicodeScalar).wholeMatch(in: text) != nil
        }
        for text in Self.good + Self.bad { #expect(try documented(text) == User.isEmail(text), "\(text)") }
        let alphabet = Array("ab1.-@_é ")
        var random = SplitMix(seed: 5)
        for _ in 0..<3000 {
            var text = Array("a.b@c-d.e1.fg".prefix(Int.random(in: 5...13, using: &random)))
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                text[Int.random(in: text.indices, using: &random)] = alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            #expect(try documented(String(text)) == User.isEmail(String(text)), "\(String(text))")
        }
    }
}

@Suite struct UsernameTests {
    private static let good = ["ada", "Ada", "a1b", "007", "a.b", "a_b", "a-b", "a--b", "a.-_b", String(repeating: "a", count: 32)]
    private static let bad = [
        "", "a", "ab", "a@b", "a b", ".ab", "ab.", "_ab", "ab_", "-ab", "ab-", "a+b", "a/b", "äbc", "abé", "ab\n", "\nabc", "a\u{0}b",
        "ab\u{301}c", "ａｂｃ", String(repeating: "a", count: 33),
    ]

    @Test("Usernames of letters, digits, dots, underscores and hyphens are taken", arguments: good)
    func taken(_ text: String) {
        #expect(User.isUsername(text))
    }

    @Test("Anything else is refused", arguments: bad)
    func refused(_ text: String) {
        #expect(!User.isUsername(text))
    }

    @Test("Who checks usernames by the documented pattern decides as the server does")
    func pattern() throws {
        let pattern = try Regex(User.usernamePattern).matchingSemantics(.unicodeScalar)
        for text in Self.good + Self.bad { #expect((try pattern.wholeMatch(in: text) != nil) == User.isUsername(text), "\(text)") }
        let alphabet = Array("aZ9._-@é ")
        var random = SplitMix(seed: 6)
        for _ in 0..<5000 {
            let text = String((0..<Int.random(in: 1...5, using: &random)).map { _ in alphabet[Int.random(in: 0..<9, using: &random)] })
            #expect((try pattern.wholeMatch(in: text) != nil) == User.isUsername(text), "\(text)")
        }
    }

    @Test("A username is never an address, so that a login name means one account")
    func apart() {
        for text in Self.good { #expect(!User.isEmail(text)) }
    }
}

@Suite struct UserNameTests {
    @Test("Time zones go by their IANA names", arguments: ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kathmandu"])
    func zones(_ name: String) {
        #expect(User.isTimeZone(name))
    }

    @Test(
        "A name that means no place is refused", arguments: ["", "/", "CET", "EST5EDT", "utc", "GMT+1", "Europe/Atlantis", "../etc/passwd"])
    func noZones(_ name: String) {
        #expect(!User.isTimeZone(name))
    }
}

func sampleUser() -> User {
    User(
        id: ID(1), email: "ada.l@example.com", isEmailVerified: true, username: "ada", name: "Ada Lovelace", role: .user,
        isActive: true, timeZone: "UTC", createdAt: .seconds(0), updatedAt: .seconds(0), version: 1)
}
