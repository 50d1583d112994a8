import Foundation
import Testing

@testable import Deblur

struct InstructionSetTests {
  @Test func lowestRunsEverywhere() {
    #expect(["baseline", "neon"].contains(InstructionSet.available[0].description))
    #expect(Set(InstructionSet.available.map(\.description)).count == InstructionSet.available.count)
  }

  @Test func defaultIsTheBestOrWhatTheEnvironmentNames() {
    let names = InstructionSet.available.map(\.description)
    let wanted = ProcessInfo.processInfo.environment["VDEBLUR_ISA"]
    #expect(InstructionSet.current.description == names.first { $0 == wanted } ?? names.last)
  }
}
