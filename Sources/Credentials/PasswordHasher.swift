// Argon2id on threads of its own, so that a storm of logins does not slow anything else, with a queue that has an end.
import CArgon2
import Dispatch
import Foundation
import Metrics
package import Model
import Synchronization

package final class PasswordHasher: Sendable {
    package struct Parameters: Sendable {
        /// KiB.
        package var memory: UInt32
        package var passes: UInt32
        package var lanes: UInt32

        package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
            self.memory = memory
            self.passes = passes
            self.lanes = lanes
        }

        /// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane. About 25 ms.
        package static let recommended = Parameters(memory: 19_456, passes: 2, lanes: 1)

        fileprivate var prefix: String { "$argon2id$v=19$m=\(memory),t=\(passes),p=\(lanes)$" }
    }

    /// Hashes waiting for a thread; one more is refused.
    package static let queueLimit = 16

    private let parameters: Parameters
    private let random: RandomSource
    private let waiting = Mutex(0)
    private let threads: PatientThreads
    private let depth = Gauge(label: "taskflow_password_queue_depth")
    private let duration = Timer(label: "taskflow_password_hash_seconds")
    /// Of a password nobody has: verifying against it takes as long as against a real one.
    private let decoy: String

    package init(parameters: Parameters = .recommended, random: RandomSource = .system) throws {
        self.parameters = parameters
        self.random = random
        threads = PatientThreads("passwords", count: max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
        decoy = try Self.hash(random.bytes(32), parameters, salt: random.bytes(16))
    }

    /// The PHC string of a password.
    /// - Throws: `Failure.unavailable` when too many wait.
    package func hash(_ password: String) async throws -> String {
        let salt = random.bytes(16)
        return try await run { [parameters] in try Self.hash(Self.bytes(of: password), parameters, salt: salt) }
    }

    /// Takes the same time whether there is a hash or not.
    /// - Throws: `Failure.unavailable` when too many wait.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let (text, isReal) = (hash ?? decoy, hash != nil)
        return try await run {
            let bytes = Self.bytes(of: password)
            return argon2id_verify(text, bytes, bytes.count) == ARGON2_OK.rawValue && isReal
        }
    }

    /// Whether the hash was made with other parameters than today's.
    package func isOutdated(_ hash: String) -> Bool { !hash.hasPrefix(parameters.prefix) }

    /// NFC, so that the same password typed on another keyboard is the same.
    private static func bytes(of password: String) -> [UInt8] { Array(password.precomposedStringWithCanonicalMapping.utf8) }

    private static func hash(_ password: [UInt8], _ parameters: Parameters, salt: [UInt8]) throws -> String {
        let length = argon2_encodedlen(
            parameters.passes, parameters.memory, parameters.lanes, UInt32(salt.count), 32, Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            parameters.passes, parameters.memory, parameters.lanes, password, password.count, salt, salt.count, 32, &encoded, length)
        guard code == ARGON2_OK.rawValue else { throw Failure.unavailable(retryAfter: 1) }
        return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let accepted = waiting.withLock { waiting in
            guard waiting < Self.queueLimit else { return false }
            waiting += 1
            depth.record(waiting)
            return true
        }
        guard accepted else { throw Failure.unavailable(retryAfter: 1) }
        return try await withCheckedThrowingContinuation { continuation in
            threads.run { [self] in
                let start = DispatchTime.now()
                let result = Result { try work() }
                duration.recordNanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds))
                waiting.withLock { waiting in
                    waiting -= 1
                    depth.record(waiting)
                }
                continuation.resume(with: result)
            }
        }
    }
}
