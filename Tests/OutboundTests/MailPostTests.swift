// Mails over a real SMTP server: encrypted, authenticated, and with nothing but the truth about what became of them.
import Foundation
import Model
import Outbound
import TestKit
import Testing

@Suite(.enabled(if: MailSink.isInstalled, "scripts/setup tests installs the SMTP server"))
struct MailPostTests {
    private func message(to address: String = "ada@example.com", text: String = "Größe\n.\n..\nlast") throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("TaskFlow <taskflow@example.com>")), to: try #require(MailAddress(address)),
            subject: "Prüfung", text: text, html: "<p>Größe</p>", name: "mail-7-abc", date: .seconds(1_795_166_400), unsubscribeURL: nil)
    }

    private func post(_ url: String, trusting sink: MailSink? = nil) throws -> MailPost {
        .server(try #require(MailServer(url)), authorities: sink?.authorities)
    }

    private func send(_ url: String, trusting sink: MailSink? = nil) async throws -> MailOutcome {
        await (try post(url, trusting: sink)).send(try message())
    }

    /// Refused, but not for good.
    private func isPostponed(_ outcome: MailOutcome) -> Bool { if case .refused(_, isFinal: false) = outcome { true } else { false } }

    private let credentials = "mailer:open%20sesame"

    @Test("A mail arrives as it was, dots and all, with the addresses it is for")
    func plain() async throws {
        try await MailSink.run(.plain) { sink in
            let outcome7 = try await send("smtp://127.0.0.1:\(sink.port)")
            #expect(outcome7 == .sent)
            let got = try #require(sink.received.first)
            #expect(sink.received.count == 1)
            #expect(got.from == "taskflow@example.com")
            #expect(got.to == ["ada@example.com"])
            #expect(ReceivedMail(got.data).text.replacing("\r\n", with: "\n") == "Größe\n.\n..\nlast\n")
            let sent = try message().bytes
            #expect(Array(got.data.utf8) == sent)
        }
    }

    @Test("With STARTTLS and with TLS a mail goes encrypted and with the password")
    func encrypted() async throws {
        // An address that counts as another machine's.
        try await MailSink.run(.starttls, on: "127.0.0.2") { sink in
            let outcome8 = try await send("smtp://\(credentials)@127.0.0.2:\(sink.port)", trusting: sink)
            #expect(outcome8 == .sent)
            #expect(sink.received.map(\.tls) == [true])
            #expect(sink.received.map(\.authenticated) == [true])
        }
        try await MailSink.run(.tls) { sink in
            let outcome9 = try await send("smtps://\(credentials)@127.0.0.1:\(sink.port)", trusting: sink)
            #expect(outcome9 == .sent)
            #expect(sink.received.map(\.tls) == [true])
            #expect(sink.received.map(\.authenticated) == [true])
        }
    }

    @Test("Nothing goes to a server without encryption, with a certificate of nobody's, or with a wrong password; and nothing is final")
    func refusedServers() async throws {
        try await MailSink.run(.plain, on: "127.0.0.2") { sink in
            let outcome1 = try await send("smtp://127.0.0.2:\(sink.port)")
            #expect(isPostponed(outcome1))
            #expect(sink.received.isEmpty)
        }
        try await MailSink.run(.starttls, on: "127.0.0.2") { sink in
            let outcome2 = try await send("smtp://\(credentials)@127.0.0.2:\(sink.port)")
            #expect(isPostponed(outcome2))
            let outcome3 = try await send("smtp://mailer:guess@127.0.0.2:\(sink.port)", trusting: sink)
            #expect(isPostponed(outcome3))
            #expect(sink.received.isEmpty)
        }
        try await MailSink.run(.tls) { sink in
            let outcome4 = try await send("smtps://\(credentials)@127.0.0.1:\(sink.port)")
            #expect(isPostponed(outcome4))
            #expect(sink.received.isEmpty)
        }
        let outcome5 = try await send("smtp://127.0.0.1:1")
        #expect(isPostponed(outcome5))
        let outcome6 = try await send("smtp://does-not-exist.invalid")
        #expect(isPostponed(outcome6))
    }

    @Test("A server is checked to its log-in, and gets no mail")
    func check() async throws {
        try await MailSink.run(.starttls, on: "127.0.0.2") { sink in
            #expect(try await post("smtp://\(credentials)@127.0.0.2:\(sink.port)", trusting: sink).fault() == nil)
            let wrong = try await post("smtp://mailer:guess@127.0.0.2:\(sink.port)", trusting: sink).fault()
            #expect(wrong?.hasPrefix("refuses the log-in: ") == true, "\(wrong ?? "nothing")")
            let stranger = try await post("smtp://\(credentials)@127.0.0.2:\(sink.port)").fault()
            #expect(stranger?.hasPrefix("does not answer as it should: ") == true, "\(stranger ?? "nothing")")
            #expect(sink.received.isEmpty)
        }
        try await MailSink.run(.plain) { sink in #expect(try await post("smtp://127.0.0.1:\(sink.port)").fault() == nil) }
        #expect(try await post("smtp://127.0.0.1:1").fault() != nil)
    }

    @Test("A wrong password is named as what it is, and can be put right")
    func login() async throws {
        try await MailSink.run(.tls) { sink in
            let outcome = try await send("smtps://mailer:guess@127.0.0.1:\(sink.port)", trusting: sink)
            #expect(outcome == .refused("The mail server answered with 535: Login denied.", isFinal: false))
        }
    }

    @Test("A refusal is told from a postponement, before and after the whole mail; a cut after it is uncertain")
    func outcomes() async throws {
        try await MailSink.run(.plain) { sink in
            let post = try post("smtp://127.0.0.1:\(sink.port)")
            let outcomes = await [
                post.send(try message(to: "reject@example.com")), post.send(try message(to: "later@example.com")),
                post.send(try message(to: "full@example.com")), post.send(try message(to: "drop@example.com")),
            ]
            let kinds = outcomes.map { outcome in
                switch outcome {
                case .sent: "sent"
                case .refused(let reason, let isFinal):
                    (isFinal ? "final " : "later ") + (reason.firstMatch(of: /\d{3}/).map { String($0.0) } ?? reason)
                case .uncertain: "uncertain"
                }
            }
            #expect(kinds == ["final 550", "later 451", "final 552", "uncertain"])
            #expect(sink.received.map(\.to) == [["full@example.com"], ["drop@example.com"]])
        }
    }

    @Test("Many mails at once arrive, each once")
    func many() async throws {
        try await MailSink.run(.plain) { sink in
            let post = try post("smtp://127.0.0.1:\(sink.port)")
            let big = String(repeating: "a line of a long mail = \u{e4}\n", count: 3000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let message = try message(to: "u\(number)@example.com", text: big)
                    group.addTask { #expect(await post.send(message) == .sent) }
                }
                try await group.waitForAll()
            }
            #expect(Set(sink.received.flatMap(\.to)).count == 40)
            #expect(sink.received.count == 40)
            #expect(sink.received.allSatisfy { ReceivedMail($0.data).text.hasPrefix(big.replacing("\n", with: "\r\n")) })
        }
    }
}
