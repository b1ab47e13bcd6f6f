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

    package init(_ task: TaskItem) { self.init(title: task.title, description: task.description, labels: task.labels) }

    init(title: String, description: String?, labels: [String]) {
        self.init(
            title: SearchQuery.words(of: title), description: SearchQuery.words(of: description ?? ""),
            labels: Self.words(ofLabels: labels))
    }

    /// A label is found with the sign before it, too, as people write it elsewhere.
    static func words(ofLabels labels: [String]) -> [String] { labels.flatMap { SearchQuery.words(of: "#" + $0) } }

    /// The words after a change.
    /// - Parameter labels: of the task after it, where it puts some on or takes some off.
    package func applying(_ changed: ChangedWords, labels newLabels: [String]? = nil) -> TaskWords {
        TaskWords(
            title: changed.title ?? title, description: changed.description ?? description,
            labels: newLabels.map(Self.words(ofLabels:)) ?? changed.labels ?? labels)
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
        labels = changes.labels.map { TaskWords.words(ofLabels: TaskItem.distinct($0)) }
    }
}
