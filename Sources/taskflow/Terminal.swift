// What the commands ask of the terminal: how wide it is, and answers of whoever sits before it.
import Client
import Composition
import Foundation
import Wire

enum Terminal {
    /// Columns of the terminal that standard output goes to; `nil` when it goes elsewhere, where nothing is to be cut.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    static func printTable(_ titles: [String], _ rows: [[String]]) {
        for line in TextTable(titles, rows).lines(width: width) { print(line) }
    }

    /// What is not part of the result.
    static func note(_ text: String) { FileHandle.standardError.write(Data("\(TextTable.harmless(text))\n".utf8)) }

    /// - Throws: `SettingsError` when nobody can be asked.
    static func ask(_ question: String, or advice: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { throw SettingsError(advice) }
        FileHandle.standardError.write(Data(question.utf8))
        guard let line = readLine(), !line.isEmpty else { throw SettingsError(advice) }
        return line
    }
}
