// swift-tools-version: 6.2
import PackageDescription

/// FFmpeg types stay inside VideoIO: `internal import CFFmpeg` is meaningful only if imports are internal by default.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "vdeblur",
  products: [
    .executable(name: "vdeblur", targets: ["vdeblur"]),
    .library(name: "Deblur", targets: ["Deblur"]),
    .library(name: "VideoIO", targets: ["VideoIO"]),
    .library(name: "VideoDeblur", targets: ["VideoDeblur"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CFFmpeg", pkgConfig: "libavformat",
      providers: [.apt(["libavcodec-dev", "libavformat-dev", "libswscale-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // Optimised in debug builds too: kernels at -O0 are too slow to test.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "VideoIO", dependencies: ["CFFmpeg"], swiftSettings: settings),
    .target(
      name: "Deblur", dependencies: ["CKernels", "COpenBLAS"], resources: [.copy("Resources")],
      swiftSettings: settings),
    .target(name: "VideoDeblur", dependencies: ["Deblur", "VideoIO"], swiftSettings: settings),
    .executableTarget(
      name: "vdeblur",
      dependencies: [
        "VideoIO", "Deblur",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "Example", dependencies: ["Deblur", "VideoIO"], path: "samples/Example", swiftSettings: settings),
    // What all tests share: commands, probes, clips, scratch folders, seeded numbers.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(name: "VideoIOTests", dependencies: ["VideoIO", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DeblurTests", dependencies: ["Deblur", "CKernels", "TestSupport"], resources: [.copy("Fixtures")],
      swiftSettings: settings),
    .testTarget(
      name: "vdeblurTests", dependencies: ["vdeblur", "VideoDeblur", "VideoIO", "Deblur", "TestSupport"],
      swiftSettings: settings),
    // Runs the documentation's commands; Example is among its dependencies so that every test run compiles it.
    .testTarget(
      name: "DocumentationTests", dependencies: ["vdeblur", "Example", "TestSupport"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
