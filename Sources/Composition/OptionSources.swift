// Where the text of an option is looked for: a flag, the environment, a file of NAME=value lines, and for a secret a file of its own.
import Foundation
import StorePostgres

/// What is wrong with an option; the text names it as it was typed, and says what it takes.
package struct OptionError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// A flag wins over the environment, the environment over the file.
struct OptionSources: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let file: [String: String]
    private let filePath: String
    /// systemd shows secrets in this folder.
    private let credentials: String?
    /// Variables of libpq in the file.
    let libpq: [String: String]
    /// What was ignored, in words.
    let notes: [String]

    /// - Parameter arguments: flags and their values.
    /// - Throws: `OptionError` for an option that does not exist, and a file that cannot be read.
    init(_ arguments: [String], _ environment: [String: String]) throws {
        var flags = try Self.flags(arguments)
        let named = flags.removeValue(forKey: "CONFIG")
        filePath = named ?? ".env"
        let lines = try Self.lines(of: filePath, mayBeMissing: named == nil)
        let links = environment.filter { Self.isServiceLink($0.key, $0.value) }.keys.sorted()
        self.flags = flags
        self.environment = environment.filter { !links.contains($0.key) }
        libpq = lines.filter { PostgresStore.environmentNames.contains($0.key) }
        file = lines.filter { !PostgresStore.environmentNames.contains($0.key) }
        credentials = environment["CREDENTIALS_DIRECTORY"]?.nonEmpty
        notes =
            links.isEmpty
            ? [] : ["\(links.joined(separator: ", ")): not options of TaskFlow but links that Kubernetes sets for a service, ignored"]
        try requireKnown()
    }

    private func requireKnown() throws {
        let known = Set(Option.all.flatMap { $0.isSecret ? [$0.name, $0.fileName] : [$0.name] })
        let ours = environment.keys.filter { $0.hasPrefix("TASKFLOW_") && !$0.hasPrefix("TASKFLOW_TEST_") }
        let advice = "`taskflow serve --help` lists the options"
        for name in flags.keys.sorted() where !known.contains(name) {
            throw OptionError("unknown flag \(Option.flag(for: name)): \(advice)")
        }
        for name in ours.sorted() where !known.contains(name) { throw OptionError("unknown environment variable \(name): \(advice)") }
        for name in file.keys.sorted() where !known.contains(name) {
            throw OptionError("unknown option \(name) in the file \(filePath.wholePath): \(advice)")
        }
    }

    /// Kubernetes tells every container of a namespace where its services are. A service that is called `taskflow` or `taskflow-…` then looks
    /// like options of ours. Source: Kubernetes, “Service: Discovering services: Environment variables”.
    private static func isServiceLink(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix("TASKFLOW_") else { return false }
        return name.wholeMatch(of: #/TASKFLOW_(\w+_)?SERVICE_(HOST|PORT(_\w+)?)/#) != nil
            || name.wholeMatch(of: #/TASKFLOW_(\w+_)?PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?/#) != nil
            || name.hasSuffix("_PORT") && value.prefixMatch(of: #/(tcp|udp|sctp):///#) != nil
    }

    private static func flags(_ arguments: [String]) throws -> [String: String] {
        var flags: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else { throw OptionError("unexpected argument “\(argument)”") }
            guard let value = rest.popFirst() else { throw OptionError("\(argument) needs a value") }
            flags[argument.dropFirst(2).uppercased().replacing("-", with: "_")] = value
        }
        return flags
    }

    private static func lines(of path: String, mayBeMissing: Bool) throws -> [String: String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            if mayBeMissing { return [:] }
            throw OptionError("--config: the file \(path.wholePath) cannot be read")
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw OptionError("\(path.wholePath), line \(index + 1): expected NAME=value") }
            values[parts[0].trimmingCharacters(in: .whitespaces)] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return values
    }

    /// The text that is given, and how whoever gave it calls the option.
    private func find(_ name: String) -> (text: String, label: String)? {
        let found: (String, String)? =
            if let text = flags[name] {
                (text, Option.flag(for: name))
            } else if let text = environment[name] {
                (text, name)
            } else if let text = file[name] {
                (text, "\(name) in \(filePath.wholePath)")
            } else {
                nil
            }
        // What is empty is as good as not given.
        return found.flatMap { $0.0.isEmpty ? nil : $0 }
    }

    /// - Returns: the default when the option is not given.
    /// - Throws: `OptionError`, which never shows a secret.
    func text(of option: Option) throws -> String {
        let given = find(option.name)
        if option.isSecret, let (path, label) = find(option.fileName) {
            guard given == nil else { throw OptionError("\(option.name) and \(option.fileName) are both set: keep one") }
            return try secret(in: path, for: label)
        }
        guard let (text, label) = given else { return option.fallback }
        guard option.isValid(text) else {
            let shown = option.isSecret ? "its value" : "“\(text)”"
            throw OptionError("\(label): \(shown) is not valid; it takes \(option.expects)")
        }
        return text
    }

    /// In production others must not read the secrets of a configuration file.
    func requirePrivateFile() throws {
        let names = Option.all.filter(\.isSecret).map(\.name) + ["PGPASSWORD"]
        let secrets = names.filter { (file[$0] ?? libpq[$0])?.nonEmpty != nil }
        guard let secret = secrets.first, mode(of: filePath) & 0o007 != 0 else { return }
        throw OptionError("\(filePath.wholePath) holds \(secret) and can be read by others; run chmod 600 on it")
    }

    /// systemd shows credentials with a mode of its own in a folder that only the service can enter.
    private func secret(in path: String, for label: String) throws -> String {
        let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
        guard mode(of: path) & (isCredential ? 0o027 : 0o077) == 0 else {
            throw OptionError("\(label): \(path.wholePath) can be read by others; run chmod 600 on it")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw OptionError("\(label): \(path.wholePath) cannot be read")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func mode(of path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
    }
}
