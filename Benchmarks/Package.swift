// swift-tools-version: 6.2
import PackageDescription

// Measurements of the library from inside; a package of its own, so that users of the library never build it.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "vdeblur", path: "..")],
  targets: [
    .target(name: "CPeak", cSettings: [.unsafeFlags(["-O3"])]),
    .executableTarget(
      name: "measure", dependencies: ["CPeak", .product(name: "Deblur", package: "vdeblur")],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
  ],
  swiftLanguageModes: [.v6]
)
