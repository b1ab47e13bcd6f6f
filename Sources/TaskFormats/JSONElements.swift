// Cuts a JSON text that holds tasks into its elements, as it comes: no more than one element is held.

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

    private let place: Place
    private var depth = 0
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
    private(set) var count: Int64 = 0

    init(_ place: Place) {
        self.place = place
        home = place == .sequence ? 0 : nil
    }

    mutating func read(_ bytes: [UInt8], _ take: ([UInt8]) throws -> Void) throws {
        for byte in bytes { try read(byte, take) }
    }

    private mutating func read(_ byte: UInt8, _ take: ([UInt8]) throws -> Void) throws {
        if isInElement {
            element.append(byte)
            guard element.count <= Self.limit else { throw fault("has more than \(Self.limit) bytes") }
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
        case UInt8(ascii: "\""):
            isInString = true
            word = []
            if depth == home, !isOver { throw fault("is a text, not an object") }
        case UInt8(ascii: ":"): if !isInElement { key = word }
        case UInt8(ascii: "{"), UInt8(ascii: "["): try open(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(take)
        case 0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: ","): break
        default: if depth == home, !isOver { throw fault("is not an object") }
        }
    }

    private mutating func open(_ byte: UInt8) throws(TaskFileFault) {
        let isArray = byte == UInt8(ascii: "[")
        if depth == home, !isOver {
            guard !isArray else { throw fault("is a list, not an object") }
            isInElement = true
            element = [byte]
        } else if home == nil, isArray {
            switch place {
            case .array where depth == 0: home = 1
            case .member(let name) where depth == 1 && key.elementsEqual(name.utf8): home = 2
            default: break
            }
        }
        depth += 1
    }

    private mutating func close(_ take: ([UInt8]) throws -> Void) throws {
        depth -= 1
        guard depth >= 0 else { throw TaskFileFault("", "there is a closing bracket too many behind task \(count)") }
        if isInElement, depth == home {
            isInElement = false
            count += 1
            try take(element)
        } else if let home, depth < home {
            isOver = true
        }
    }

    func finish() throws(TaskFileFault) {
        if depth > 0 || isInString { throw TaskFileFault("", "the file ends in the middle of task \(count + 1): is it whole?") }
    }

    private func fault(_ detail: String) -> TaskFileFault { TaskFileFault("", "task \(count + 1) \(detail)") }

    // MARK: The beginning

    /// Members in which programs put their tasks.
    private static let members = ["items", "tasks", "data"]

    /// Where the tasks of a text are that begins like this.
    static func place(_ opening: ArraySlice<UInt8>) -> Place {
        guard let first = opening.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }), first == UInt8(ascii: "{") else {
            return .array
        }
        // An object that holds an array of objects under one of the names; an object of another kind is a task itself.
        for name in members {
            var elements = JSONElements(.member(name))
            var isFound = false
            try? elements.read(Array(opening)) { _ in isFound = true }
            if isFound || elements.isInElement || elements.isOver { return .member(name) }
        }
        return .sequence
    }
}
