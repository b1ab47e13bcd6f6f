// Log lines on standard error, as text for people or as JSON for machines. Control characters never reach a terminal or a log file.
import Foundation
package import Logging

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
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
        let line = asJSON ? json(time, event, facts) : text(time, event, facts)
        // A log that cannot be written is no reason to stop serving.
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    private func text(_ time: String, _ event: LogEvent, _ facts: [(key: String, value: Logger.MetadataValue)]) -> String {
        let pairs = facts.map { "\($0.key)=\(harmless("\($0.value)"))" }
        return ([time, event.level.rawValue, harmless("\(event.message)")] + pairs).joined(separator: " ")
    }

    private func json(_ time: String, _ event: LogEvent, _ facts: [(key: String, value: Logger.MetadataValue)]) -> String {
        let fields =
            [("time", time), ("level", event.level.rawValue), ("message", "\(event.message)")] + facts.map { ($0.key, "\($0.value)") }
        return "{" + fields.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}"
    }

    /// Quoted when it holds anything that could be taken for the structure of the line, or for a command to a terminal.
    private func harmless(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { !isDangerous($0) && $0 != " " && $0 != "\"" && $0 != "=" }
        return isPlain ? text : quoted(text)
    }

    private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where isDangerous(scalar):
                for unit in String(scalar).utf16 {
                    quoted += "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
                }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
