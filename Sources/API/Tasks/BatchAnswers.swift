// One answer to a batch that was made in steps, of the stored answers to each of them.
import Model
import Services
import StoreCore
import Wire

extension TaskSchemas {
    @Sendable
    static func join(_ answers: [Answer]) throws -> Answer {
        var (results, succeeded, failed) = ([JSON](), Int64(0), Int64(0))
        for answer in answers {
            guard let body = try? JSON(parsing: answer.body), case .array(let part)? = body["results"],
                case .int(let good)? = body["succeeded"], case .int(let bad)? = body["failed"]
            else { throw StoreError.corrupt("the stored answer to a step") }
            results += part
            succeeded += good
            failed += bad
        }
        var writer = JSONWriter(capacity: answers.reduce(64) { $0 + $1.body.count })
        writer.json(["results": .array(results), "succeeded": .int(succeeded), "failed": .int(failed)])
        var joined = answers.last ?? Answer(status: 200, body: [])
        joined.body = writer.bytes
        return joined
    }
}
