import Foundation
import Testing

@testable import Deblur

@Suite struct InstructionSetTests {
  @Test func lowestRunsEverywhere() {
    #expect(["baseline", "neon"].contains(InstructionSet.available[0].description))
    #expect(Set(InstructionSet.available.map(\.description)).count == InstructionSet.available.count)
  }

  @Test func defaultIsTheBestOrWhatTheEnvironmentNames() {
    let names = InstructionSet.available.map(\.description)
    let wanted = ProcessInfo.processInfo.environment["VDEBLUR_ISA"]
    #expect(InstructionSet.current.description == names.first { $0 == wanted } ?? names.last)
  }

  @Test func aNameChoosesItsSet() throws {
    for set in InstructionSet.available {
      #expect(try InstructionSet.named(set.description).description == set.description)
    }
    let best = InstructionSet.available.last?.description
    #expect(try InstructionSet.named(nil).description == best)
    #expect(try InstructionSet.named("").description == best)
  }

  @Test func anUnknownNameIsRefused() throws {
    let error = #expect(throws: DeblurError.self) { try InstructionSet.named("avx9") }
    let line = try #require(error?.description)
    #expect(line.hasPrefix("VDEBLUR_ISA='avx9'"))
    for set in InstructionSet.available { #expect(line.contains(set.description)) }
  }
}
