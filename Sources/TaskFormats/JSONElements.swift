// Cuts a JSON text that holds tasks into its elements, as it comes: no more than one element is held.
import BoundedText
import Wire

/// Finds where objects begin and end; whether each is JSON is for its reader to say.
struct JSONElements: Sendable {
    /// Where the tasks are.
    enum Place: Equatable, Sendable {
        /// The text is an array of them.
        case array
        /// One after the other, as lines or with commas between them.
        case sequence
        /// In an array that is a member of an object.
        case member(String)
    }

    /// Bytes of an element: a task at its longest, with every character escaped.
    static let limit = 1 << 20
    /// Levels of brackets, more than the reader of an element takes.
    private static let depthLimit = 64

    private let place: Place
    /// The brackets that close what is open, the innermost last.
    private var closing: [UInt8] = []
    private var isInString = false
    private var isEscaped = false
    /// The depth at which elements begin, once it is reached.
    private var home: Int?
    private var isOver = false
    /// The element that has begun.
    private var element: [UInt8] = []
    private var isInElement = false
    /// The last string outside of elements, and the one before a colon.
    private var word: [UInt8] = []
    private var key: [UInt8] = []
    /// The object around the array of tasks, without them: what else it has is looked at when all of it is there.
    private var frame: [UInt8] = []
    private var line: Int64 = 1
    private(set) var count: Int64 = 0

    init(_ place: Place) {
        self.place = place
        home = place == .sequence ? 0 : nil
    }

    mutating func read(_ bytes: [UInt8], _ take: ([UInt8]) throws -> Void) throws {
        for byte in bytes { try read(byte, take) }
    }

    private var isHome: Bool { closing.count == home && !isOver }

    private mutating func read(_ byte: UInt8, _ take: ([UInt8]) throws -> Void) throws {
        if byte == 0x0a { line += 1 }
        if isInElement {
            element.append(byte)
            guard element.count <= Self.limit else { throw fault("has more than \(Self.limit) bytes") }
        } else if case .member = place, !isHome || byte == UInt8(ascii: "]") {
            frame.append(byte)
            guard frame.count <= Self.limit else {
                throw TaskFileFault("", "has more than \(Self.limit) bytes of other data: send only the list of tasks")
            }
        }
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            } else if !isInElement, word.count < 64 {
                word.append(byte)
            }
            return
        }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try open(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(byte, take)
        case 0x20, 0x09, 0x0a, 0x0d: break
        case UInt8(ascii: ",") where isHome: break
        case UInt8(ascii: "\""):
            isInString = true
            word = []
            if isHome { throw fault("is a text, not an object") }
            if closing.isEmpty { throw strayFault() }
        case UInt8(ascii: ":") where !isInElement: key = word
        default:
            if isHome { throw fault("is not an object") }
            if closing.isEmpty { throw strayFault() }
        }
    }

    private mutating func open(_ byte: UInt8) throws(TaskFileFault) {
        let isArray = byte == UInt8(ascii: "[")
        if isHome {
            guard !isArray else { throw fault("is a list, not an object") }
            isInElement = true
            element = [byte]
        } else if closing.isEmpty, isOver || isArray != (place == .array) {
            throw strayFault()
        } else if home == nil, isArray {
            switch place {
            case .array where closing.isEmpty: home = 1
            case .member(let name) where closing.count == 1 && key.elementsEqual(name.utf8): home = 2
            default: break
            }
        }
        guard closing.count < Self.depthLimit else { throw fault("has more than \(Self.depthLimit) levels of brackets") }
        closing.append(isArray ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    }

    private mutating func close(_ byte: UInt8, _ take: ([UInt8]) throws -> Void) throws {
        guard let expected = closing.popLast() else {
            throw TaskFileFault("", "there is an extra closing bracket after task \(count), in line \(line)")
        }
        guard byte == expected else {
            let (found, expected) = (Character(Unicode.Scalar(byte)), Character(Unicode.Scalar(expected)))
            let place = isInElement ? "in task \(count + 1)" : "after task \(count)"
            throw TaskFileFault("", "there is “\(found)” instead of “\(expected)”, \(place), in line \(line)")
        }
        if isInElement, closing.count == home {
            isInElement = false
            count += 1
            try take(element)
        } else if let home, closing.count < home {
            isOver = true
        }
    }

    /// - Returns: the names of lists and objects that stand beside the tasks.
    func finish() throws(TaskFileFault) -> [String] {
        if !closing.isEmpty || isInString { throw TaskFileFault("", "the file ends in the middle of task \(count + 1): is it complete?") }
        guard case .member(let name) = place else { return [] }
        let json: JSON
        do {
            json = try JSON(parsing: frame, limits: JSONLimits(values: 100_000, isStreamSafe: false))
        } catch {
            throw TaskFileFault("", "the text around the tasks under “\(name)” is not JSON: \(error.detail)")
        }
        guard case .object(let members) = json else { return [] }
        if let other = members.first(where: { $0.name != name && Self.members.contains($0.name) && $0.value.isListOfObjects }) {
            throw TaskFileFault("", "has tasks under “\(name)” and under “\(other.name)”: send each list as a separate file")
        }
        return members.filter { $0.name != name && $0.value.hasParts }.map(\.name)
    }

    private func fault(_ detail: String) -> TaskFileFault { TaskFileFault("", "task \(count + 1) \(detail)") }

    /// Something is outside of all brackets.
    private func strayFault() -> TaskFileFault {
        isOver
            ? TaskFileFault(
                "", "there is more text after the end of the tasks, after task \(count), in line \(line): send it as a separate file")
            : TaskFileFault("", "is not JSON with a list or an object: there is other text in line \(line)")
    }

    // MARK: The beginning

    /// Members in which programs put their tasks.
    static let members = ["items", "tasks", "data"]
}

extension JSON {
    var isListOfObjects: Bool {
        guard case .array(let elements) = self, case .object? = elements.first else { return false }
        return true
    }

    /// Whether it is a list or an object that is not empty.
    fileprivate var hasParts: Bool {
        switch self {
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        default: false
        }
    }
}

/// What the first object of a text shows as far as its beginning is known: it may be a task, or hold them.
struct JSONOutline {
    /// The names of its members, the first ones.
    private(set) var names: [String] = []
    /// The text of its member `kind`.
    private(set) var kind: String?
    /// The first member that programs put tasks in and that has an object in its list.
    private(set) var list: String?
    /// Whether another object comes behind it.
    private(set) var isFollowed = false

    private static let nameLimit = 1000

    /// `nil` when the text begins with something else.
    init?(_ opening: ArraySlice<UInt8>) {
        var (depth, isInString, isEscaped, isClosed, isValue) = (0, false, false, false, false)
        var (word, key): ([UInt8], String) = ([], "")
        // Whether the sign before this one opened a list that may have tasks.
        var isFirstInList = false
        for byte in opening {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 1, isValue, key == "kind", kind == nil { kind = String(decoding: word, as: UTF8.self) }
                    continue
                }
                if depth == 1, word.count <= 64 { word.append(byte) }
                continue
            }
            if byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { continue }
            if isClosed {
                if byte == UInt8(ascii: ",") { continue }
                isFollowed = byte == UInt8(ascii: "{")
                return
            }
            if depth == 0, byte != UInt8(ascii: "{") { return nil }
            let isAfterBracket = isFirstInList
            isFirstInList = false
            switch byte {
            case UInt8(ascii: "\""): (isInString, word) = (true, [])
            case UInt8(ascii: ":") where depth == 1:
                (isValue, key) = (true, String(decoding: word, as: UTF8.self))
                if names.count < Self.nameLimit { names.append(key) }
            case UInt8(ascii: ",") where depth == 1: isValue = false
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if isAfterBracket, byte == UInt8(ascii: "{"), list == nil { list = key }
                isFirstInList = depth == 1 && byte == UInt8(ascii: "[") && JSONElements.members.contains(key)
                depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                isClosed = depth == 0
            default: break
            }
        }
        if depth == 0, !isClosed { return nil }
    }
}
