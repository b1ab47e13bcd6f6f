// Log lines on standard error, as text for people or as JSON for machines. Control characters never reach a terminal or a log file.
import Foundation
package import Logging
import Model

package struct LogOutput: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let asJSON: Bool

    package init(level: Logger.Level, asJSON: Bool) {
        logLevel = level
        self.asJSON = asJSON
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let said = event.metadata ?? [:]
        let facts = (metadata.isEmpty ? said : metadata.merging(said) { $1 }).sorted { $0.key < $1.key }
        var line: [UInt8] = []
        line.reserveCapacity(400)
        let time = WallClock.system.now()
        if asJSON {
            append("{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"message\":", to: &line)
            appendQuoted("\(event.message)", to: &line)
            for (key, value) in facts {
                append(",", to: &line)
                appendQuoted(key, to: &line)
                append(":", to: &line)
                appendQuoted(text(of: value), to: &line)
            }
            append("}\n", to: &line)
        } else {
            append("\(time) \(event.level.rawValue) ", to: &line)
            appendHarmless("\(event.message)", to: &line)
            for (key, value) in facts {
                append(" ", to: &line)
                append(key, to: &line)
                append("=", to: &line)
                appendHarmless(text(of: value), to: &line)
            }
            append("\n", to: &line)
        }
        write(line)
    }

    /// A log that cannot be written is no reason to stop serving.
    private func write(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func text(of value: Logger.MetadataValue) -> String { if case .string(let text) = value { text } else { "\(value)" } }

    private func append(_ text: String, to line: inout [UInt8]) { line.append(contentsOf: text.utf8) }

    /// Quoted when it holds anything that could be taken for the structure of the line, or for a command to a terminal.
    private func appendHarmless(_ text: String, to line: inout [UInt8]) {
        let isPlain = { (scalar: Unicode.Scalar) in !isDangerous(scalar) && scalar != " " && scalar != "\"" && scalar != "=" }
        if !text.isEmpty, isVisibleASCII(text, but: "=") || text.unicodeScalars.allSatisfy(isPlain) {
            append(text, to: &line)
        } else {
            appendQuoted(text, to: &line)
        }
    }

    private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
        default: return false
        }
    }

    private func appendQuoted(_ text: String, to line: inout [UInt8]) {
        append("\"", to: &line)
        defer { append("\"", to: &line) }
        if isVisibleASCII(text, but: "\\") { return append(text, to: &line) }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"", to: &line)
            case "\\": append("\\\\", to: &line)
            case _ where isDangerous(scalar):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits, to: &line)
                }
            default: append(String(scalar), to: &line)
            }
        }
    }

    /// Nearly every text of a log: looking at bytes is enough. Blanks and quotation marks are not among them.
    private func isVisibleASCII(_ text: String, but other: Unicode.Scalar) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: other) }
    }
}
