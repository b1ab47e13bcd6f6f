// What is wrong with one place of a request.

/// `pointer` is a JSON Pointer (RFC 6901) into the body, or `query:name`, `path:name`, `header:name`.
package struct Fault: Error, Equatable, Sendable {
    package var pointer: String
    package var detail: String

    package init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }
}

/// Everything that is wrong with a request, reported at once.
package struct Faults: Error, Equatable, Sendable {
    package var all: [Fault]

    package init(_ all: [Fault]) { self.all = all }
}

extension [Fault] {
    /// Runs `body` and puts `prefix` before the pointers of the faults it adds.
    mutating func within<Value>(_ prefix: @autoclosure () -> String, _ body: (inout [Fault]) -> Value) -> Value {
        let before = count
        let value = body(&self)
        for index in before..<count { self[index].pointer = prefix() + self[index].pointer }
        return value
    }
}

/// `name` as a reference token of a JSON Pointer.
func pointerToken(_ name: String) -> String {
    "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
}
