// A mail as it goes over the wire: RFC 5322 with a text part and an HTML part. No text that comes in can add a line to the header.
import Foundation
package import Model

/// `ada@example.com`, or `TaskFlow <taskflow@example.com>`.
package struct MailAddress: Sendable {
    package let name: String?
    package let address: String

    package init?(_ text: String) {
        let parts = text.split(separator: "<", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard parts[1].last == ">" else { return nil }
            address = String(parts[1].dropLast())
            let name = parts[0].trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
            self.name = name.isEmpty ? nil : name
        } else {
            address = text
            name = nil
        }
        let isLocal = address.hasSuffix("@localhost") && User.isEmail(address + ".example")
        guard User.isEmail(address) || isLocal else { return nil }
    }

    package var domain: String { String(address[address.index(after: address.firstIndex(of: "@") ?? address.startIndex)...]) }

    var header: String { name.map { "\(headerText($0)) <\(address)>" } ?? address }
}

package struct MailMessage: Sendable {
    package var from: MailAddress
    package var to: MailAddress
    package var subject: String
    package var text: String
    package var html: String
    /// The same for every attempt at the same mail, and for no other mail.
    package var name: String
    package var date: Instant
    /// Where a POST switches off mails like this one (RFC 8058).
    package var unsubscribeURL: String?

    package init(
        from: MailAddress, to: MailAddress, subject: String, text: String, html: String, name: String, date: Instant,
        unsubscribeURL: String?
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.name = name
        self.date = date
        self.unsubscribeURL = unsubscribeURL
    }

    /// Lines end with CRLF, and none is longer than servers take.
    package var bytes: [UInt8] {
        // No part has these characters: quoted-printable writes the equals sign as three others.
        let boundary = "=_\(name)"
        var lines = [
            "From: \(from.header)", "To: \(to.header)", "Subject: \(headerText(subject))", "Date: \(headerDate(date))",
            "Message-ID: <\(name)@\(from.domain)>", "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
        ]
        if let unsubscribeURL {
            lines += ["List-Unsubscribe: <\(unsubscribeURL)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        }
        lines += ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
        for (type, body) in [("plain", text), ("html", html)] {
            let (encoding, encoded) = encodedBody(body)
            lines += [
                "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: \(encoding)", "", encoded,
            ]
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}

/// A text as it may stand in a header: on one line, and as encoded words (RFC 2047) unless it is plain and short.
func headerText(_ text: String) -> String {
    let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    let isPlain = line.utf8.count <= 60 && line.utf8.allSatisfy { $0 == 0x20 || plainInNames.contains($0) }
    if isPlain { return line }
    var words: [String] = []
    var piece: [UInt8] = []
    func end() {
        words.append("=?UTF-8?B?\(Data(piece).base64EncodedString())?=")
        piece = []
    }
    for scalar in line.unicodeScalars {
        // 39 bytes make 52 characters and a word of 64, which fits on a line behind the name of the field. No character is cut in two.
        if piece.count + UTF8.width(scalar) > 39 { end() }
        piece += Array(String(scalar).utf8)
    }
    if !piece.isEmpty || words.isEmpty { end() }
    return words.joined(separator: "\r\n ")
}

/// Letters, digits and what needs no quotes in a name (RFC 5322, atext), with the marks of sentences that no parser minds.
private let plainInNames = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/^_`{|}~".utf8)

/// As it is when it is plain, so that a link in it can be copied from the file; else quoted-printable (RFC 2045, 6.7).
func encodedBody(_ text: String) -> (encoding: String, text: String) {
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        .split(separator: "\n", omittingEmptySubsequences: false)
    let isPlain = lines.allSatisfy { line in
        line.utf8.count <= 500 && line.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !line.contains("=_")
    }
    if isPlain { return ("7bit", lines.joined(separator: "\r\n")) }
    return ("quoted-printable", lines.map(quotedPrintable).joined(separator: "\r\n"))
}

private func quotedPrintable(_ line: Substring) -> String {
    let bytes = Array(line.utf8)
    var text = ""
    var width = 0
    for (index, byte) in bytes.enumerated() {
        let isBlankAtEnd = byte == 0x20 && index == bytes.count - 1
        let isLiteral = (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "=") && !isBlankAtEnd
        let piece = isLiteral ? String(Unicode.Scalar(byte)) : "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        if width + piece.utf8.count > 75 {
            text += "=\r\n"
            width = 0
        }
        text += piece
        width += piece.utf8.count
    }
    return text
}

/// `Fri, 20 Nov 2026 09:30:00 +0000`.
private func headerDate(_ instant: Instant) -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let (year, month, day) = instant.day.civil
    let time = instant.description.dropFirst(11).prefix(8)
    let weekday = days[Int((instant.day.number % 7 + 7) % 7)]
    return "\(weekday), \(day) \(months[Int(month) - 1]) \(year) \(time) +0000"
}
