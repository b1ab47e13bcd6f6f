// Where webhooks may not go (P48): every way of writing an address that is not public, and every place that leads to one.
import Model
import Outbound
import TestKit
import Testing

@Suite struct AddressTests {
    private static let closed = [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1", "100:0:0:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
    ]
    private static let open = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]

    @Test("Special addresses are closed, however they are written", arguments: closed)
    func closedAddresses(text: String) throws {
        #expect(ReachableAddresses(open: []).contains(try #require(IPAddress(text))) == false)
    }

    @Test("Public addresses are open", arguments: open)
    func openAddresses(text: String) throws {
        #expect(ReachableAddresses(open: []).contains(try #require(IPAddress(text))))
    }

    @Test("The operator opens a network and nothing beside it")
    func allowList() throws {
        let reachable = ReachableAddresses(open: try #require(IPNetwork.list("10.0.0.0/8, 192.168.1.5")))
        #expect(reachable.contains(try #require(IPAddress("10.200.0.1"))))
        #expect(reachable.contains(try #require(IPAddress("192.168.1.5"))))
        #expect(!reachable.contains(try #require(IPAddress("192.168.1.6"))))
        #expect(!reachable.contains(try #require(IPAddress("127.0.0.1"))))
    }

    @Test(
        "No spelling of a loopback address leads to a connection",
        arguments: [
            "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0", "localhost", "localhost.", "[::1]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "127.0.0.1.", "127。0。0。1", "LOCALHOST",
        ])
    func spellings(host: String) async throws {
        try await WebhookReceiver.run { receiver in
            for scheme in ["http", "https"] {
                guard let url = WebhookURL("\(scheme)://\(host):\(receiver.port)/") else { continue }
                await #expect(throws: TransferError.self) {
                    _ = try await WebhookPost(ReachableAddresses(open: [])).send([], [:], to: url)
                }
            }
            #expect(receiver.messages.isEmpty)
        }
    }

    @Test(
        "A host of other letters is asked for as IDNA writes it, and the rest in percent signs",
        arguments: [
            ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
            ("https://straße.example/", "https://xn--strae-oqa.example/"),
            ("https://example.com/a%20b", "https://example.com/a%20b"),
        ])
    func otherLetters(given: String, asked: String) throws {
        #expect(try #require(WebhookURL(given)).text == asked)
    }

    @Test("What is opened is reached, and a refusal names no address")
    func reached() async throws {
        try await WebhookReceiver.run { receiver in
            let url = try #require(WebhookURL("http://127.0.0.1:\(receiver.port)/x"))
            let open = ReachableAddresses(open: try #require(IPNetwork.list("127.0.0.1")))
            let answer = try await WebhookPost(open).send(Array("{}".utf8), ["webhook-id": "m"], to: url)
            #expect(answer.status == 204)
            #expect(receiver.messages.first?.headers["webhook-id"] == "m")
            #expect(receiver.messages.first?.headers["content-type"] == "application/json")
            await #expect(throws: TransferError("The host has no public address.")) {
                _ = try await WebhookPost(ReachableAddresses(open: [])).send([], [:], to: url)
            }
        }
    }
}
