import VideoIO

/// Remembers what was handed to the writer, and proves afterwards that the file holds it.
final class Witness {
  func saw(_ frame: Frame) {}
  func saw(_ packet: Packet) {}
  func verify(_ path: String) throws -> String { "" }
}
