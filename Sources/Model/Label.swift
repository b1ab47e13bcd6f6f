// A label: a word that stands on tasks. It is there as long as a task has it; its colour is a matter of who looks at it.

package enum LabelColor: String, CaseIterable, Sendable {
    case gray, red, orange, yellow, green, teal, blue, purple, pink
}

package struct Label: Equatable, Sendable {
    /// As the newest of the tasks spells it.
    package var name: String
    package var color: LabelColor?
    /// Tasks that have it.
    package var count: Int64

    package init(name: String, color: LabelColor?, count: Int64) {
        self.name = name
        self.color = color
        self.count = count
    }

    /// What labels are compared by: case tells no two of them apart.
    package static func key(of name: String) -> String { caseFolded(name) }
}

/// What becomes of one label of each task that has it.
package struct LabelEdit: Sendable {
    /// Of the label.
    package let key: String
    /// The label in its place; `nil` takes it off.
    package let replacement: String?

    package init(_ name: String, to replacement: String?) {
        key = Label.key(of: name)
        self.replacement = replacement
    }

    package func applied(to labels: [String]) -> [String] {
        TaskItem.distinct(labels.compactMap { Label.key(of: $0) == key ? replacement : $0 })
    }
}
