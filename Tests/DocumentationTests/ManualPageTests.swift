import Foundation
import TestSupport
import Testing

/// The manual page and the program name the same commands and options.
@Suite struct ManualPageTests {
  private let page: String
  private let options: Set<String>
  private let commands: Set<String>

  init() throws {
    page = try String(contentsOfFile: Repository.path("packaging/vdeblur.1"), encoding: .utf8)
      .replacing("\\-", with: "-").replacing("\\(", with: "")
    let dump = try Sandbox().run("vdeblur --experimental-dump-help")
    #expect(dump.status == 0, "\(dump.output)")
    let root = try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).command
    let all = [root] + (root.subcommands ?? [])
    commands = Set((root.subcommands ?? []).filter { $0.shouldDisplay ?? true }.map(\.commandName)).subtracting(["help"]
    )
    options = Set(all.flatMap { $0.arguments ?? [] }.flatMap { $0.names ?? [] }.map(\.spelling))
  }

  @Test func namesEveryOption() {
    let named = Set(page.matches(of: /(?:^|[^\w-])(--?[A-Za-z][\w:-]*)/).map { String($0.output.1) })
    #expect(options.subtracting(named).sorted() == [], "packaging/vdeblur.1 lacks these")
    #expect(named.filter { $0.hasPrefix("--") }.subtracting(options).sorted() == [], "the program lacks these")
  }

  @Test(arguments: ["preview", "compare", "info", "models", "plan", "part", "status", "join"])
  func namesCommand(_ command: String) {
    #expect(commands.contains(command))
    #expect(page.contains("vdeblur \(command)"))
  }
}

/// What `--experimental-dump-help` prints, as far as it is used here.
private struct Dump: Decodable {
  let command: Command

  struct Command: Decodable {
    let commandName: String
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }
  struct Argument: Decodable { let names: [Name]? }
  struct Name: Decodable {
    let kind: String
    let name: String
    var spelling: String { kind == "long" ? "--\(name)" : "-\(name)" }
  }
}
