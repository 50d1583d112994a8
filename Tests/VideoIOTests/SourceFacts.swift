import Foundation
import TestSupport

/// What is asked of a source once, for all outputs made of it.
final class SourceFacts: @unchecked Sendable {
  let path: String
  let probe: Probe
  let frames: [Probe.Frame]
  let thumbnails: [[UInt8]]
  private let lock = NSLock()
  private var sounds: [String: String] = [:]

  private init(_ path: String) throws {
    self.path = path
    probe = try Probe(path)
    let video = probe.video?.index ?? 0
    frames = try Probe.frames(path, stream: video)
    thumbnails = try Probe.thumbnails(path, stream: video)
  }

  func sound(_ stream: Int, whole: Bool) throws -> String {
    let key = "\(stream) \(whole)"
    if let known = lock.withLock({ sounds[key] }) { return known }
    let hash = try Probe.sound(path, stream: stream, whole: whole)
    lock.withLock { sounds[key] = hash }
    return hash
  }

  private static let all = Store()

  private final class Store: @unchecked Sendable {
    let lock = NSLock()
    var facts: [String: SourceFacts] = [:]
  }

  static func of(_ path: String) throws -> SourceFacts {
    if let known = all.lock.withLock({ all.facts[path] }) { return known }
    let made = try SourceFacts(path)
    all.lock.withLock { all.facts[path] = made }
    return made
  }
}
