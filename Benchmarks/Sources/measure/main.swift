// Times what bench.py asks for, one request a line, so that rivals can be measured in turns:
//
//   threads 2                       answers with the number of threads
//   isa                             answers with the instruction set
//   peak                            multiply-adds of one core
//   convolution H W I O k s d       also: transposed, plain, cost-volume, warp (see Layers.swift)
//   restoration FILE H W            also: flow, frame (see Networks.swift)
//   work restoration FILE H W       answers with the multiply-accumulates of one run
//
// Answers to the others: seconds on the wall and of processor time.

import CPeak
@testable import Deblur
import Foundation

/// What has been set up stays, so that setting up is never timed; the last request only, for the memory's sake.
var ready: (request: String, layer: Layer)?

func layer(_ words: [String]) throws -> Layer {
  let numbers = words.dropFirst().compactMap { Int($0) }
  switch words[0] {
  case "peak": return Layer { precondition(peak_operations(peakRounds) > 0) }
  case "convolution": return .convolution(numbers)
  case "transposed": return .transposed(numbers)
  case "plain": return .plain(numbers)
  case "cost-volume": return .costVolume(numbers)
  case "warp": return .warp(numbers)
  case "restoration": return try Networks(path: words[1], height: numbers[0], width: numbers[1]).restoration
  case "flow": return try Networks(path: words[1], height: numbers[0], width: numbers[1]).flow
  case "frame": return try Networks(path: words[1], height: numbers[0], width: numbers[1]).frame
  default: throw UnknownRequest(word: words[0])
  }
}

struct UnknownRequest: Error {
  let word: String
}

let peakRounds = 1_000_000

/// Answers are lines, each sent at once: the asker waits.
func answer(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  if words.isEmpty { continue }
  do {
    switch words[0] {
    case "threads":
      Parallel.threadCount = Int(words[1]) ?? Parallel.availableCores
      answer("\(Parallel.threadCount)")
    case "isa":
      answer(InstructionSet.name)
    case "work":
      let profile = Profile()
      let network = try layer(Array(words.dropFirst()))
      Profile.active = profile
      network.run()
      Profile.active = nil
      answer("\(profile.entries.reduce(0) { $0 + $1.multiplyAccumulates })")
    default:
      if ready?.request != line {
        ready = nil
        ready = (line, try layer(words))
        ready!.layer.run()
      }
      let seconds = Seconds.taken(by: ready!.layer.run)
      let operations = words[0] == "peak" ? " \(peak_operations(peakRounds))" : ""
      answer("\(seconds.wall) \(seconds.cpu)\(operations)")
    }
  } catch {
    answer("error: \(error)")
  }
}
