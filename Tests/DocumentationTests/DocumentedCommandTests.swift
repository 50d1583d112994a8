import Testing

/// Every command that the documentation shows works as it stands there.
@Suite(.serialized) struct DocumentedCommandTests {
  @Test(.timeLimit(.minutes(5)), arguments: CodeBlock.commands)
  func runs(_ block: CodeBlock) throws {
    let result = try Sandbox().run(block.script)
    #expect(result.status == 0, "\(block): \(result.output)")
  }

  @Test func readmeIsCovered() {
    #expect(CodeBlock.commands.filter { $0.page == "README.md" }.count >= 4)
  }
}
