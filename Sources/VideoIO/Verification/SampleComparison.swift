internal import Glibc

/// Uncompressed sound is one run of samples, which every container cuts into packets as it likes: it is compared as such.
struct SampleComparison {
  /// Of the source and of the result.
  private let before: PacketCursor
  private let after: PacketCursor

  /// nil for sound whose packets are whole.
  init?(_ before: PacketCursor, _ after: PacketCursor) {
    guard before.stream.codec.hasPrefix("pcm_") else { return nil }
    (self.before, self.after) = (before, after)
  }

  /// The first difference in words; nil for a true copy.
  /// - Parameters:
  ///   - shift: seconds by which all of the result lies later.
  ///   - tolerance: seconds.
  func difference(isSegment: Bool, _ shift: Double, tolerance: Double) -> String? {
    var wanted = before.nextPacket()
    guard var found = after.nextPacket() else {
      return isSegment || wanted == nil ? nil : "all of its sound is missing"
    }
    // A segment begins with a packet of the source.
    if isSegment, let beginning = after.time(of: found) {
      while let packet = wanted, let time = before.time(of: packet), time < beginning - shift - tolerance {
        wanted = before.nextPacket()
      }
    }
    var (place, foundPlace) = (0, 0)
    while true {
      guard let packet = wanted else { return "there is more of it than in the source" }
      if place == 0, foundPlace == 0, let a = after.time(of: found), let b = before.time(of: packet),
        abs(a - b - shift) > tolerance
      {
        return "packet \(before.count - 1) of the source lies at \(moment(a - shift)), in the source at \(moment(b))"
      }
      let count = min(packet.byteCount - place, found.byteCount - foundPlace)
      if count > 0, memcmp(packet.pointer.pointee.data + place, found.pointer.pointee.data + foundPlace, count) != 0 {
        return "packet \(before.count - 1) of the source is changed"
      }
      place += count
      foundPlace += count
      if place == packet.byteCount { (wanted, place) = (before.nextPacket(), 0) }
      if foundPlace == found.byteCount {
        guard let next = after.nextPacket() else { break }
        (found, foundPlace) = (next, 0)
      }
    }
    return isSegment || wanted == nil ? nil : "its end is missing, from packet \(before.count - 1) of the source on"
  }
}
