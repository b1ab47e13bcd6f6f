// The marks of known devices: what was made here is read back, and nothing else is.
import Credentials
import Model
import Testing

@Suite struct KnownDeviceTests {
    private let now = Instant.seconds(1_795_176_000)

    private func devices() throws -> KnownDevices { KnownDevices(try SigningKeys(SigningKeys.generate(.system)), random: .system) }

    private var mark: DeviceMark { DeviceMark(userID: ID(7), device: "abcDEF_-123", epoch: 3, expiresAt: now + .seconds(60)) }

    @Test("A mark is read as it was made, until it ends, and by no other installation")
    func roundTrip() throws {
        let devices = try devices()
        let text = devices.text(of: mark)
        #expect(devices.read(text, at: now) == mark)
        #expect(devices.read(text, at: now + .seconds(60)) == nil)
        #expect(try self.devices().read(text, at: now) == nil)
    }

    @Test("No other text is a mark, whatever is changed of it and however long it is")
    func forged() throws {
        let devices = try devices()
        let text = devices.text(of: mark)
        let bytes = Array(text.utf8)
        for place in bytes.indices {
            for byte in [UInt8(ascii: "A"), UInt8(ascii: "."), UInt8(ascii: "9"), 0xcc] where byte != bytes[place] {
                var changed = bytes
                changed[place] = byte
                let read = devices.read(String(decoding: changed, as: UTF8.self), at: now)
                // The last letter of the code has bits that mean nothing.
                #expect(read == nil || place == bytes.count - 1 && read == mark, "\(place)")
            }
        }
        let marks = String(repeating: "\u{316}\u{301}", count: 50_000)
        for other in ["", "....", "7.x.3.9999999999.", text + ".", text + text, "7.\(marks).3.9999999999.AAAA", marks] {
            #expect(devices.read(other, at: now) == nil)
        }
    }
}
