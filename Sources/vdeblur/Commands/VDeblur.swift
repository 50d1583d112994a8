import ArgumentParser
import Glibc
import VideoIO

/// The root of the command tree. Deblurring is what a bare `vdeblur in.mp4 -o out.mp4` does.
@main
struct VDeblur: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vdeblur",
    abstract: "Sharpen motion-blurred video; sound, subtitles and frame times stay as they are.",
    version: programVersion,
    subcommands: [
      Run.self, Preview.self, Compare.self, Info.self, Models.self, Plan.self, Part.self, Status.self, Join.self,
    ],
    defaultSubcommand: Run.self)

  static var commandNames: [String] {
    configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
  }

  /// What a person who asks for help should see first.
  static let examples = """
    EXAMPLES:
      vdeblur in.mp4 -o out.mp4                     the whole clip
      vdeblur clips/*.mp4 -O sharp                  many clips, safe to repeat
      vdeblur preview in.mp4 --page look.html       moments with sliders, a page
      vdeblur preview in.mp4 --start 12 -t 3        three seconds, before | after
      vdeblur preview in.mp4 --frame 12.5           a picture, before and after
      vdeblur in.mov -o out.mkv -c:v libx265 --crf 20
      cat in.mp4 | vdeblur - -o - -f matroska | ffplay -
      vdeblur in.mp4 -o out.mp4 --work parts        goes on where it was stopped
      vdeblur info in.mp4                           what would happen; how long
      vdeblur compare sharp.mp4 out.mp4             PSNR and SSIM, with a plot

    COMMANDS:
      vdeblur INPUT -o OUTPUT    deblur a clip (this page)
      vdeblur preview            a few seconds, before and after
      vdeblur compare            measure one clip against another
      vdeblur info               streams, plan, estimated time and memory
      vdeblur models             the networks to choose from
      vdeblur plan, part,        a run in parts, on many machines
        status, join
      vdeblur COMMAND --help     more about one of them
    """

  static func main() {
    StandardDescriptors.ensure()
    // Not CommandLine.arguments, which replaces what is no UTF-8.
    let arguments = (0..<Int(CommandLine.argc)).dropFirst().compactMap { place in
      CommandLine.unsafeArgv[place].map { text in
        String(fileNameBytes: UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) })
      }
    }
    do {
      UnfinishedFiles.prepare()
      Signals.install(cleanUp: UnfinishedFiles.removeAll)
      if let script = CompletionScript.asked(by: arguments) { return try StandardOutput.write(script) }
      try MisspeltCommand.check(arguments)
      try ForeignOption.check(arguments)
      var command = try parseAsRoot(FamiliarSpelling.translate(arguments))
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Help and version go to stdout; everything else is one line on stderr and an exit status.
  private static func end(with error: any Error) -> Never {
    if exitCode(for: error) == .success { exit(withError: error) }
    let failure = failure(for: error)
    Console.shared.endStatus()
    if !failure.message.isEmpty { Console.shared.line("vdeblur: \(failure.message)") }
    // Not exit(3): it waits for OpenBLAS's threads, and under a limit of addresses those wait for memory for ever.
    _exit(failure.status.rawValue)
  }
}
