import Foundation
import TestSupport
import Testing

/// What the Tab key offers.
@Suite struct CompletionTests {
  /// Words before the cursor, and what must be among the offers. The last word is the one that is being typed.
  static let lines: [(words: [String], offers: Set<String>)] = [
    (["pre"], ["preview"]),
    (["--stren"], ["--strength"]),
    (["in.mp4", "--prog"], ["--progress"]),
    (["in.mp4", "--model", ""], ["fast", "paper"]),
    (["preview", "in.mp4", "--lay"], ["--layout"]),
    (["preview", "in.mp4", "--layout", ""], ["side", "split", "wipe", "stack"]),
    (["in.mp4", "--preset", "very"], ["veryfast", "veryslow"]),
    (["in.mp4", "-c:v", "libx"], ["libx264", "libx265"]),
    (["compare", "a.mp4", "b.mp4", "--pl"], ["--plot"]),
  ]

  @Test(arguments: lines)
  func bashCompletes(words: [String], offers: Set<String>) throws {
    let quoted = (["vdeblur"] + words).map { "'\($0)'" }.joined(separator: " ")
    let result = try Program.shell(
      """
      source <($VDEBLUR --generate-completion-script bash)
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count); COMP_LINE="${COMP_WORDS[*]}"
      _vdeblur vdeblur "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """)
    #expect(offers.isSubset(of: Set(result.text.split(separator: "\n").map(String.init))), "\(result.text)")
  }

  @Test(.enabled { (try? Program.shell("command -v fish"))?.status == 0 }, arguments: lines)
  func fishCompletes(words: [String], offers: Set<String>) throws {
    let line = (["vdeblur"] + words).joined(separator: " ")
    let result = try Program.shell(
      "fish -c \"$VDEBLUR --generate-completion-script fish | source; complete -C '\(line)'\"")
    // An offer is followed by a tab and its description.
    let offered = result.text.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    #expect(offers.isSubset(of: Set(offered)), "\(result.text)\(result.errors)")
  }

  /// Files stand beside the commands: most people begin with their clip.
  @Test func aBareNameIsAFile() throws {
    let folder = try ScratchFolder()
    try Data().write(to: folder.file("holiday.mp4"))
    let result = try Program.shell(
      """
      source <($VDEBLUR --generate-completion-script bash)
      COMP_WORDS=(vdeblur holi); COMP_CWORD=1; COMP_LINE='vdeblur holi'
      _vdeblur vdeblur holi vdeblur; printf '%s\\n' "${COMPREPLY[@]}"
      """, folder: folder)
    #expect(result.text == "holiday.mp4\n", "\(result.errors)")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyShellGetsAScript(shell: String) throws {
    let script = try Program.run("--generate-completion-script", shell)
    #expect(script.status == 0)
    for word in ["preview", "compare", "strength", "model", "layout"] { #expect(script.text.contains(word)) }
  }

  @Test func anUnknownShellIsNamed() throws {
    let script = try Program.run("--generate-completion-script", "tcsh")
    #expect(script.status == 2 && script.errors.contains("tcsh"), "\(script.errors)")
  }
}
