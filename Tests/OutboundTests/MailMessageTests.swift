// Mails on the wire: readable by every mail program, and no text can get out of its place.
import Foundation
import Model
import Outbound
import TestKit
import Testing

@Suite struct MailMessageTests {
    private func message(subject: String = "Hello", text: String = "Text", html: String = "<p>Text</p>") throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("TaskFlow <taskflow@example.com>")), to: try #require(MailAddress("ada@example.com")),
            subject: subject, text: text, html: html, name: "mail-7-abc", date: .seconds(1_795_166_400),
            unsubscribeURL: "https://tasks.example.com/api/v1/unsubscribe?token=x")
    }

    private func received(_ message: MailMessage) -> ReceivedMail { ReceivedMail(String(decoding: message.bytes, as: UTF8.self)) }

    @Test("A mail has everything that mail programs and servers ask for")
    func headers() throws {
        let mail = received(try message())
        #expect(mail.headers["from"] == "TaskFlow <taskflow@example.com>")
        #expect(mail.headers["to"] == "ada@example.com")
        #expect(mail.headers["message-id"] == "<mail-7-abc@example.com>")
        #expect(mail.headers["date"] == "Fri, 20 Nov 2026 09:20:00 +0000")
        #expect(mail.headers["auto-submitted"] == "auto-generated")
        #expect(mail.headers["list-unsubscribe"] == "<https://tasks.example.com/api/v1/unsubscribe?token=x>")
        #expect(mail.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click")
        #expect(mail.headers["mime-version"] == "1.0")
        #expect(mail.text.hasPrefix("Text"))
        #expect(mail.html.hasPrefix("<p>Text</p>"))
    }

    @Test(
        "Every subject arrives as it is, on lines that are short and plain",
        arguments: [
            "Plain", "Prüfung: Größe", "日本語のタスク", String(repeating: "👩‍👩‍👧‍👦", count: 30), String(repeating: "x", count: 500), "=?UTF-8?B?eA==?=",
            "a \"b\" <c>",
        ])
    func subjects(subject: String) throws {
        let mail = received(try message(subject: subject))
        #expect(mail.subject == subject)
        let head = mail.source.components(separatedBy: "\r\n\r\n")[0]
        #expect(head.utf8.allSatisfy { $0 < 0x80 })
        #expect(head.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 78 })
    }

    @Test(
        "No text adds a header or a part",
        arguments: ["a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com", "a\rBcc: e", "a\u{0}b\u{85}c"])
    func injection(text: String) throws {
        let mail = received(try message(subject: text, text: "x\r\n--=_mail-7-abc\r\nContent-Type: text/html\r\n\r\n<script>"))
        #expect(mail.headers["bcc"] == nil)
        #expect(mail.headers.count == 11)
        #expect(mail.html.hasPrefix("<p>Text</p>"))
        #expect(mail.source.components(separatedBy: "\r\n--=_mail-7-abc\r\n").count == 3)
        #expect(MailAddress("ada@example.com\r\nBcc: eve@example.com") == nil)
        #expect(MailAddress("A\r\nB <ada@example.com>")?.name?.contains("\n") != true || !mail.source.contains("\nB <"))
    }

    @Test("Every text arrives as it is, and no line is longer than servers take")
    func bodies() throws {
        let texts = [
            "Größe = 5 \nzwei\n", String(repeating: "lang ", count: 500), "https://example.com/reset#token=abc_-123", ".\n..\n. dot",
            "tab\there ",
            "日本語",
        ]
        for text in texts {
            let mail = received(try message(text: text, html: text))
            let plain = mail.text.replacing("\r\n", with: "\n")
            #expect(plain.hasPrefix(text), "\(text.prefix(40))")
            #expect(mail.source.utf8.allSatisfy { $0 < 0x80 })
            #expect(mail.source.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 500 })
            #expect(mail.source.replacing("\r\n", with: "").utf8.allSatisfy { $0 != 10 && $0 != 13 })
        }
        let link = received(try message(text: texts[2]))
        #expect(link.source.contains(texts[2]), "a link can be copied from the file")
    }

    @Test("A mail server is an smtp or smtps URL and nothing else; its password is never printed")
    func servers() {
        for url in ["smtp://localhost", "smtp://u:p%40ss@mail.example.com:587", "smtps://mail.example.com", "smtp://[::1]:25"] {
            #expect(MailServer(url) != nil, "\(url)")
        }
        for url in ["http://mail.example.com", "smtp://", "mail.example.com", "smtp://a/b", "smtp://a?x=y", "smtp://a b", ""] {
            #expect(MailServer(url) == nil, "\(url)")
        }
        #expect(!"\(String(describing: MailServer("smtp://user:pa55word@mail.example.com")))".contains("pa55word"))
    }

    @Test("Without a server a mail is a file that only its owner reads; sent twice it is there once")
    func folder() async throws {
        try await withTemporaryFolder { folder in
            let post = MailPost.folder("\(folder)/mail")
            let mail = try message()
            for _ in 1...2 { #expect(await post.send(mail) == .sent) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/mail") == ["mail-7-abc.eml"])
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/mail/mail-7-abc.eml")[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try "".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
            let refused = await MailPost.folder("\(folder)/file").send(mail)
            #expect(refused == .refused("\(folder)/file cannot be made.", isFinal: false))
        }
    }
}
