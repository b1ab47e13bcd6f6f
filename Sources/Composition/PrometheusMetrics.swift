// A backend for swift-metrics that shows what was recorded in the Prometheus text format, and the process's own figures with it.
import Foundation
package import Metrics
import Synchronization

package final class PrometheusMetrics: MetricsFactory {
    private struct Key: Hashable {
        let label: String
        let dimensions: [String]
    }

    private let handlers = Mutex<[Key: any Series]>([:])
    private let start = Date()

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions) { Count() }
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        handler(label, dimensions) { Count() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(label, dimensions) { Level() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        handler(label, dimensions) { Level() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions) { Histogram(label == "taskflow_job_duration_seconds" ? Histogram.ofJobs : Histogram.ofRequests) }
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func handler<Handler: Series>(_ label: String, _ dimensions: [(String, String)], _ make: () -> Handler) -> Handler {
        let key = Key(label: label, dimensions: dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" })
        return handlers.withLock { handlers in
            if let known = handlers[key] as? Handler { return known }
            let new = make()
            handlers[key] = new
            return new
        }
    }

    /// Figures that are looked up when somebody asks.
    package struct Reading: Sendable {
        package var label: String
        package var dimensions: [(String, String)]
        package var value: Double

        package init(_ label: String, _ value: Double, _ dimensions: [(String, String)] = []) {
            self.label = label
            self.dimensions = dimensions
            self.value = value
        }
    }

    /// Source: Prometheus, “Exposition formats”.
    /// - Parameter readings: further gauges.
    package func text(with readings: [Reading] = []) -> String {
        let all = handlers.withLock { $0 }
        var lines: [String] = []
        for (label, group) in Dictionary(grouping: all, by: \.key.label).sorted(by: { $0.key < $1.key }) {
            guard let type = group.first?.value.type else { continue }
            lines += Self.head(label, type)
            for (key, series) in group.sorted(by: { $0.key.dimensions.lexicographicallyPrecedes($1.key.dimensions) }) {
                lines += series.samples(label, key.dimensions)
            }
        }
        for reading in readings + process {
            lines += Self.head(reading.label, reading.label.hasSuffix("_total") ? "counter" : "gauge")
            let dimensions = reading.dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            lines.append("\(Self.name(reading.label, dimensions)) \(reading.value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ label: String, _ type: String) -> [String] {
        (MetricDescriptions.all[label].map { ["# HELP \(label) \($0)"] } ?? []) + ["# TYPE \(label) \(type)"]
    }

    fileprivate static func name(_ label: String, _ dimensions: [String]) -> String {
        dimensions.isEmpty ? label : "\(label){\(dimensions.joined(separator: ","))}"
    }

    /// Names as the official client libraries use them.
    private var process: [Reading] {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").map { Int($0) ?? 0 } ?? []
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        // POSIX: clock() counts a million a second.
        let cpu = Double(clock()) / 1_000_000
        return [
            Reading("process_resident_memory_bytes", Double((pages.dropFirst().first ?? 0) * 4096)),
            Reading("process_open_fds", Double(files)),
            Reading("process_cpu_seconds_total", cpu),
            Reading("process_start_time_seconds", start.timeIntervalSince1970),
        ]
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

private protocol Series: AnyObject, Sendable {
    var type: String { get }
    func samples(_ label: String, _ dimensions: [String]) -> [String]
}

extension Series {
    func name(_ label: String, _ dimensions: [String]) -> String { PrometheusMetrics.name(label, dimensions) }
}

private final class Count: CounterHandler, FloatingPointCounterHandler, Series {
    private let value = Mutex(0.0)
    let type = "counter"

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func reset() { value.withLock { $0 = 0 } }
    func samples(_ label: String, _ dimensions: [String]) -> [String] { ["\(name(label, dimensions)) \(value.withLock { $0 })"] }
}

private final class Level: RecorderHandler, MeterHandler, Series {
    private let value = Mutex(0.0)
    let type = "gauge"

    func record(_ new: Int64) { value.withLock { $0 = Double(new) } }
    func record(_ new: Double) { value.withLock { $0 = new } }
    func set(_ new: Int64) { record(new) }
    func set(_ new: Double) { record(new) }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func samples(_ label: String, _ dimensions: [String]) -> [String] { ["\(name(label, dimensions)) \(value.withLock { $0 })"] }
}

private final class Histogram: TimerHandler, Series {
    static let ofRequests = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    static let ofJobs = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600]

    private struct State {
        var buckets: [Int]
        var count = 0
        var sum = 0.0
    }

    /// Upper bounds in seconds.
    private let bounds: [Double]
    private let state: Mutex<State>
    let type = "histogram"

    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(buckets: [Int](repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1_000_000_000
        state.withLock { state in
            state.count += 1
            state.sum += seconds
            if let bucket = bounds.firstIndex(where: { seconds <= $0 }) { state.buckets[bucket] += 1 }
        }
    }

    func samples(_ label: String, _ dimensions: [String]) -> [String] {
        let state = state.withLock { $0 }
        var total = 0
        var lines: [String] = []
        for (bound, count) in zip(bounds, state.buckets) {
            total += count
            lines.append("\(name(label + "_bucket", dimensions + ["le=\"\(bound)\""])) \(total)")
        }
        lines.append("\(name(label + "_bucket", dimensions + ["le=\"+Inf\""])) \(state.count)")
        lines.append("\(name(label + "_sum", dimensions)) \(state.sum)")
        lines.append("\(name(label + "_count", dimensions)) \(state.count)")
        return lines
    }
}
