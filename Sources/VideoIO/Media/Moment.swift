/// "3.250 s", the way messages give a moment.
func moment(_ seconds: Double) -> String {
  let milliseconds = Int64(limiting: seconds * 1000)
  let sign = milliseconds < 0 ? "-" : ""
  let fraction = String(milliseconds.magnitude % 1000)
  return "\(sign)\(milliseconds.magnitude / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
}
