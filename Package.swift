// swift-tools-version: 6.2
// The rooms of TaskFlow and the arrows between them; docs/architecture.md has the picture.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// For modules of generic code that others fill with their types: the optimizer may look into them from there.
let open: [SwiftSetting] = strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

let package = Package(
    name: "taskflow",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "taskflow", targets: ["taskflow"])],
    // Exact or up to the next minor version: Package.resolved is not committed. swift-nio ≥ 2.100.0 fixes CVE-2026-28980 and
    // GHSA-cq87-8r7h-962v.
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/swift-mustache", .upToNextMinor(from: "2.1.1")),
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        .package(url: "https://github.com/apple/swift-metrics", .upToNextMinor(from: "2.13.0")),
        .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
        .package(url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0")),
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
    ],
    targets: [
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"]), .brew(["argon2"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(
            name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"]), .brew(["cairo", "pango"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        .target(name: "BoundedText", swiftSettings: strict),
        // Foundation's own copy of ICU, for the collation: the same on every machine. Foundation loads it in any case.
        .target(
            name: "Model", dependencies: ["BoundedText"], swiftSettings: strict, linkerSettings: [.linkedLibrary("_FoundationICU")]),
        .target(name: "Wire", dependencies: ["BoundedText", httpTypes], swiftSettings: open),
        .target(name: "Payloads", dependencies: ["Model", "Wire"], swiftSettings: open),
        .target(name: "CSV", swiftSettings: strict),
        .target(name: "TaskFormats", dependencies: ["BoundedText", "Model", "Wire", "CSV"], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["Model", "CPango"], swiftSettings: strict),
        .target(name: "HTTPServer", dependencies: ["BoundedText", httpTypes, lifecycle, nioCore, nioPosix], swiftSettings: open),
        .target(name: "StoreCore", dependencies: [logging], swiftSettings: open),
        .target(
            name: "StoreSQLite",
            dependencies: [
                "StoreCore", metrics, .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .target(name: "StorePostgres", dependencies: ["StoreCore", "CPostgres", logging, metrics], swiftSettings: strict),
        .target(name: "Outbound", dependencies: ["Model", "CCurl"], swiftSettings: strict),
        .target(name: "Repositories", dependencies: ["BoundedText", "Model", "Wire", "StoreCore", crypto], swiftSettings: strict),
        .target(
            name: "ChangeLedger", dependencies: ["Model", "StoreCore", "Repositories", crypto], swiftSettings: strict),
        .target(
            name: "Credentials",
            dependencies: ["Model", "Wire", "StoreCore", "Repositories", "ChangeLedger", "CArgon2", crypto, metrics],
            swiftSettings: strict),
        .target(
            name: "BackgroundWork",
            dependencies: [
                "BoundedText", "Model", "Wire", "Payloads", "CSV", "TaskFormats", "Reports", "StoreCore", "Repositories", "Outbound",
                "ChangeLedger", "Credentials", crypto, logging, metrics, .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict),
        .target(
            name: "Services",
            dependencies: [
                "BoundedText", "Model", "Wire", "CSV", "TaskFormats", "StoreCore", "Repositories", "Outbound", "ChangeLedger",
                "Credentials", "BackgroundWork", crypto,
            ],
            swiftSettings: strict),
        .target(
            name: "JobRunner",
            dependencies: ["Model", "StoreCore", "Repositories", "ChangeLedger", "BackgroundWork", logging, metrics, lifecycle],
            swiftSettings: strict),
        .target(
            name: "Live",
            dependencies: ["Model", "StoreCore", "Repositories", "BackgroundWork", "Services", logging, metrics, lifecycle],
            swiftSettings: strict),
        .target(
            name: "API",
            dependencies: [
                "BoundedText", "CZlib", "HTTPServer", "Model", "Wire", "Payloads", "TaskFormats", "StoreCore", "Repositories",
                "ChangeLedger",
                "Credentials", "BackgroundWork", "Services", "Live",
                httpTypes, lifecycle, logging, metrics, crypto, nioCore, nioPosix,
            ], swiftSettings: strict),
        .target(name: "Web", dependencies: ["API", "HTTPServer", httpTypes, crypto, nioCore], swiftSettings: strict),
        .target(
            name: "Composition",
            dependencies: [
                "BoundedText", "Model", "StoreCore", "StoreSQLite", "StorePostgres", "Repositories", "Outbound", "TaskFormats",
                "ChangeLedger",
                "Credentials", "BackgroundWork", "Services", "JobRunner",
                "Live", "HTTPServer", "API",
                "Web", logging, metrics, lifecycle,
                unixSignals,
                crypto,
                nioCore, nioPosix,
            ], swiftSettings: strict),
        .target(name: "Client", dependencies: ["Model", "Wire", "Outbound"], swiftSettings: strict),
        .executableTarget(
            name: "taskflow",
            dependencies: [
                "Client", "Composition", "Wire", logging, metrics, nioCore, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .target(
            name: "TestKit",
            dependencies: [
                "CZlib", "Model", "Wire", "StoreCore", "StoreSQLite", "StorePostgres", "Repositories", "ChangeLedger", "Credentials",
                "BackgroundWork", "Services", "JobRunner", "Live",
                "API", "HTTPServer",
                "Web", "Composition",
                httpTypes, logging,
                crypto, lifecycle, nioCore, nioPosix, nioHTTP1,
            ], swiftSettings: strict),
        .testTarget(name: "ModelTests", dependencies: ["BoundedText", "Model", "TestKit"], swiftSettings: strict),
        .testTarget(name: "CSVTests", dependencies: ["CSV", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "TaskFormatsTests", dependencies: ["BoundedText", "CSV", "Model", "TaskFormats", "TestKit", "Wire"], swiftSettings: strict
        ),
        .testTarget(name: "ReportsTests", dependencies: ["Model", "Reports", "TestKit"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Wire", "TestKit", httpTypes], swiftSettings: strict),
        .testTarget(name: "StoreTests", dependencies: ["StoreCore", "StoreSQLite", "StorePostgres", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "RepositoriesTests", dependencies: ["Model", "StoreCore", "StoreSQLite", "Repositories", "TestKit"],
            swiftSettings: strict),
        .testTarget(name: "OutboundTests", dependencies: ["Model", "Outbound", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "JobRunnerTests",
            dependencies: [
                "Model", "StoreCore", "Repositories", "ChangeLedger", "BackgroundWork", "Services", "JobRunner", "TestKit", lifecycle,
            ], swiftSettings: strict),
        .testTarget(
            name: "ServicesTests",
            dependencies: [
                "Model", "CSV", "Wire", "StoreCore", "Repositories", "ChangeLedger", "Credentials", "BackgroundWork", "Services", "API",
                "Composition", "TestKit", crypto, httpTypes,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Model", "CSV", "Wire", "HTTPServer", "Repositories", "StoreCore", "TaskFormats", "ChangeLedger", "Credentials",
                "BackgroundWork", "Services", "Live", "API", "Composition", "TestKit",
                httpTypes,
                lifecycle, logging,
                nioCore, nioPosix,
                crypto,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HTTPServerTests", dependencies: ["HTTPServer", "TestKit", httpTypes, lifecycle, logging, nioCore, nioPosix],
            swiftSettings: strict),
        .testTarget(name: "WebTests", dependencies: ["Wire", "Web", "TestKit", httpTypes], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Client", "Model", "StoreCore", "StoreSQLite", "Repositories", "Composition", "TestKit", "Wire", "taskflow", httpTypes,
            ],
            swiftSettings: strict),
    ]
)

// `make fuzz` sets this: its program is one more target, and the rooms that it reaches are built with the counters of libFuzzer. Optimised,
// since it is their speed that finds things; with AddressSanitizer, since the optimiser leaves no check of bounds at unsafe pointers.
if Context.environment["TASKFLOW_FUZZ"] != nil {
    let sanitizers = "-sanitize=fuzzer,address"
    let rooms = [
        "BoundedText", "HTTPServer", "Model", "Wire", "Payloads", "CSV", "TaskFormats", "Outbound", "Repositories", "ChangeLedger",
        "Credentials", "BackgroundWork", "Services", "API",
    ]
    for target in package.targets where rooms.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O", sanitizers])]
    }
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Model", "HTTPServer", "Wire", "CSV", "TaskFormats", "Outbound", "Services", "API", "CCurl", httpTypes, nioCore,
            ],
            path: "Fuzz",
            exclude: ["corpus"], swiftSettings: strict + [.unsafeFlags(["-O", sanitizers])],
            // The other linkers of Linux trip over AddressSanitizer.
            linkerSettings: [.unsafeFlags([sanitizers, "-use-ld=lld"])]))
}
