// The words of a task's texts, folded for the search: folding takes longer than everything else that is done with a long text, so a change
// of many tasks does it before its transaction.
package import Model

package struct TaskWords: Sendable {
    let title: [String]
    let description: [String]
    let labels: [String]

    /// For a document without words.
    static let none = TaskWords(title: [], description: [], labels: [])

    private init(title: [String], description: [String], labels: [String]) {
        self.title = title
        self.description = description
        self.labels = labels
    }

    package init(_ task: TaskItem) {
        self.init(
            title: SearchQuery.words(of: task.title), description: SearchQuery.words(of: task.description ?? ""),
            labels: SearchQuery.words(of: task.labels.joined(separator: "\n")))
    }

    /// The words after a change.
    package func applying(_ changed: ChangedWords) -> TaskWords {
        TaskWords(
            title: changed.title ?? title, description: changed.description ?? description, labels: changed.labels ?? labels)
    }
}

/// The words of the texts that a change brings, once for all tasks that get them.
package struct ChangedWords: Sendable {
    fileprivate let title: [String]?
    fileprivate let description: [String]?
    fileprivate let labels: [String]?

    package init(_ changes: TaskChanges) {
        title = changes.title.map { SearchQuery.words(of: $0) }
        description = changes.description.map { SearchQuery.words(of: $0 ?? "") }
        labels = changes.labels.map { SearchQuery.words(of: TaskItem.distinct($0).joined(separator: "\n")) }
    }
}
