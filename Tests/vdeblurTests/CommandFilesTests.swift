import Foundation
import TestSupport
import Testing

/// No file that a command reads, nor another of its outputs, is ever written, under whatever name.
@Suite struct CommandFilesTests {
  /// A folder with `x.mp4`, a second clip, and the first one's other names.
  private func folder() throws -> (ScratchFolder, before: Data) {
    let folder = try ScratchFolder()
    let source = folder.file("x.mp4")
    try FileManager.default.copyItem(atPath: Clip.small.path, toPath: source.path)
    try FileManager.default.copyItem(
      atPath: Clip.coarse.path, toPath: folder.path("n.mp4"))
    try FileManager.default.linkItem(at: source, to: folder.file("hard.svg"))
    for (name, end) in [("soft.svg", "x.mp4"), ("chain.svg", "soft.svg")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(name), withDestinationPath: end)
    }
    return (folder, try Data(contentsOf: source))
  }

  @Test(arguments: [
    "x.mp4 -o y.mp4 --progress x.mp4",
    "x.mp4 -o y.mp4 --progress ./x.mp4 -y",
    "x.mp4 -o y.mp4 --progress hard.svg -y",
    "x.mp4 -o y.mp4 --progress chain.svg -y",
    "x.mp4 -o y.mp4 --progress /dev/fd/3 3<>x.mp4",
    "x.mp4 -o y.mp4 --progress /proc/self/fd/3 -y 3>>x.mp4",
    "x.mp4 -o /dev/fd/3 -f matroska 3<>x.mp4",
    "x.mp4 -o /dev/stdout -f matroska -y >>x.mp4",
    "x.mp4 -o - -f matroska >>x.mp4",
    "- -o y.mp4 --progress x.mp4 -y <x.mp4",
    "/dev/stdin -o x.mp4 -y <x.mp4",
    "- -o hard.svg -f matroska -y <x.mp4",
    "preview x.mp4 --frame 0.1 -o x.mp4 -y",
    "preview x.mp4 --frame 0.1 -o chain.svg -y",
    "preview x.mp4 -o hard.svg -f matroska -y",
    "compare x.mp4 n.mp4 --csv x.mp4 -y",
    "compare n.mp4 x.mp4 --csv x.mp4 -y",
    "compare x.mp4 n.mp4 --plot hard.svg -y",
    "compare x.mp4 n.mp4 --plot chain.svg -y",
    "compare x.mp4 n.mp4 --csv - >>x.mp4",
    "compare x.mp4 n.mp4 >>x.mp4",
    "compare x.mp4 n.mp4 --json >>x.mp4",
    "info x.mp4 >>x.mp4",
    "info x.mp4 --json >>x.mp4",
    "n.mp4 -o x.mp4 -f matroska -y --model x.mp4",
    "n.mp4 -o y.mp4 --progress x.mp4 -y --model x.mp4",
  ])
  func whatIsReadIsNeverWritten(arguments: String) throws {
    let (folder, before) = try folder()
    let names = folder.contents
    let result = try Program.shell("$VDEBLUR \(arguments)", folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("already"), "\(result.errors)")
    #expect(try Data(contentsOf: folder.file("x.mp4")) == before)
    #expect(folder.contents == names)
  }

  @Test(arguments: [
    ("mv x.mp4 y.mp4", "join dir -i y.mp4 -y"), ("mv x.mp4 $part", "part dir 0 -i $part"),
    (":", "status dir >>dir/plan.json"),
  ])
  func whatARunInPartsReadsIsNeverWritten(first: String, arguments: String) throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      """
      $VDEBLUR plan x.mp4 -o y.mp4 --strength 0 -q --work dir && $VDEBLUR part dir 0 -q || exit 98
      sums() { find . -type f -exec md5sum {} + | sort; }
      part=$(ls dir/parts/*); \(first); before=$(sums); $VDEBLUR \(arguments); status=$?
      [[ $(sums) == "$before" ]] && exit $status || exit 99
      """, folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("already"), "\(result.errors)")
  }

  /// Nor do messages go behind it: nobody hears of that but by the exit status.
  @Test(arguments: [
    "x.mp4 -o y.mp4", "x.mp4 -o y.mp4 -v", "info x.mp4", "preview x.mp4 -o y.png --frame 0.1", "compare n.mp4 x.mp4",
    "n.mp4 x.mp4 -O d", "- -o y.mp4 <x.mp4",
  ])
  func messagesNeverGoIntoWhatIsRead(arguments: String) throws {
    let (folder, before) = try folder()
    let names = folder.contents
    for name in ["x.mp4", "hard.svg"] {
      let result = try Program.shell("$VDEBLUR \(arguments) 2>>\(name)", folder: folder)
      #expect(result.status == 4 && result.text.isEmpty, "\(result.text)")
      #expect(try Data(contentsOf: folder.file("x.mp4")) == before)
      #expect(folder.contents == names)
    }
    let elsewhere = try Program.shell("$VDEBLUR info x.mp4 2>>log", folder: folder)
    #expect(elsewhere.status == 0)
  }

  @Test(arguments: [
    "x.mp4 -o y.mkv --progress y.mkv",
    "x.mp4 -o y.mkv --progress ./y.mkv -y",
    "x.mp4 -o d/y.mkv --progress e/y.mkv",
    "x.mp4 -o ahead.mkv --progress y.mkv",
    "x.mp4 -o - -f matroska --progress /dev/stdout >y.mkv",
    "x.mp4 -o - -f matroska --progress /dev/fd/3 >y.mkv 3>&1",
    "x.mp4 -o /dev/fd/3 -f matroska --progress /dev/fd/4 3>y.mkv 4>&3",
    "compare x.mp4 n.mp4 --csv y.svg --plot y.svg -y",
    "compare x.mp4 n.mp4 --json --csv /dev/stdout >y.mkv",
  ])
  func twoOutputsAreNeverOneFile(arguments: String) throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      "mkdir d; ln -s d e; ln -s y.mkv ahead.mkv; $VDEBLUR \(arguments)", folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("already"), "\(result.errors)")
    #expect(!folder.contents.contains("y.svg"))
    #expect(((try? Data(contentsOf: folder.file("y.mkv"))) ?? Data()).isEmpty)
  }

  /// Some one else's file is not a report of progress: it stays. An earlier report is replaced.
  @Test func progressReplacesOnlyProgress() throws {
    let (folder, _) = try folder()
    let notes = folder.file("notes")
    try Data("precious".utf8).write(to: notes)
    let refused = try Program.run("x.mp4", "-o", "y.mp4", "--progress", "notes", folder: folder)
    #expect(refused.status == 4 && refused.errors.contains("exists already"), "\(refused.errors)")
    #expect(try Data(contentsOf: notes) == Data("precious".utf8))
    for _ in 0..<2 {
      let taken = try Program.run(
        "x.mp4", "-o", "y.mp4", "-y", "--progress", "report", "--strength", "0", folder: folder)
      #expect(taken.status == 0, "\(taken.errors)")
    }
    let report = try String(contentsOf: folder.file("report"), encoding: .utf8)
    #expect(report.hasPrefix("frame=") && report.hasSuffix("progress=end\n"))
  }

  /// Devices, FIFOs and what the shell opened are written through; links of the system stay as they are.
  @Test(arguments: [
    "$VDEBLUR x.mp4 -o /dev/stdout -f matroska -y --strength 0 >y.mkv",
    "$VDEBLUR x.mp4 -o /dev/stdout -f matroska --strength 0 | cat >y.mkv",
    "$VDEBLUR x.mp4 -o /proc/self/fd/1 -f matroska --strength 0 >y.mkv",
    "$VDEBLUR x.mp4 -o /dev/fd/3 -f matroska -y --strength 0 3>y.mkv",
    "ln -s /dev/fd/3 three; $VDEBLUR x.mp4 -o three -f matroska -y --strength 0 3>y.mkv",
    "mkfifo p; cat p >y.mkv & $VDEBLUR x.mp4 -o p -f matroska -y --strength 0; s=$?; wait; [ -p p ] && exit $s",
    "mkfifo p; ln -s p q; cat p >y.mkv & $VDEBLUR x.mp4 -o q -f matroska --strength 0; s=$?; wait; [ -L q ] && exit $s",
  ])
  func whatIsOpenIsWrittenThrough(line: String) throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      "a=$(readlink /dev/stdout); \(line); s=$?; [ \"$(readlink /dev/stdout)\" = \"$a\" ] && exit $s", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Probe.frameTimes(folder.path("y.mkv")).count == 8)
  }

  /// `>>` of a shell keeps what is there.
  @Test func whatAShellOpenedIsNotTruncated() throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      "echo first >log; $VDEBLUR x.mp4 -o y.mkv --strength 0 --progress /dev/fd/3 3>>log; head -n 2 log", folder: folder
    )
    #expect(result.text.hasPrefix("first\nframe="), "\(result.errors)")
  }

  @Test(arguments: [
    ("-o /dev/fd/9 -f matroska", "is closed"),
    ("-o /dev/fd/3 -f matroska 3<x.mp4", "already"),
    ("-o /dev/fd/3 -f matroska 3<n.mp4", "not open for writing"),
    ("-o - -f matroska >&-", "not open for writing"),
    ("-o loop.mkv", "links"),
    ("-o away.mkv", "does not exist"),
  ])
  func whatCannotBeWrittenIsSaidBeforeTheWork(arguments: String, words: String) throws {
    let (folder, before) = try folder()
    let result = try Program.shell(
      "ln -s loop.mkv loop.mkv; ln -s no/such/folder.mkv away.mkv; $VDEBLUR x.mp4 \(arguments)", folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains(words), "\(result.errors)")
    #expect(try Data(contentsOf: folder.file("x.mp4")) == before)
  }

  /// Links are followed, as a shell's `>` does, also where nothing is there yet; the link stays.
  @Test(arguments: ["", "-y"])
  func theEndOfALinkIsWritten(option: String) throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      """
      mkdir d; ln -s d/y.mkv link.mkv; [ -z '\(option)' ] || echo old >d/y.mkv
      $VDEBLUR x.mp4 -o link.mkv \(option) --strength 0 && [ -L link.mkv ] && ls d
      """, folder: folder)
    #expect(result.status == 0 && result.text == "y.mkv\n", "\(result.errors)")
    #expect(try Probe.frameTimes(folder.path("d/y.mkv")).count == 8)
    let refused = try Program.run("x.mp4", "-o", "link.mkv", "--strength", "0", folder: folder)
    #expect(refused.status == 4 && refused.errors.contains("exists already"), "\(refused.errors)")
  }

  /// Somebody's file that has the name of the unfinished output is not touched.
  @Test func aFileNamedLikeAPartStays() throws {
    let (folder, before) = try folder()
    let result = try Program.shell(
      "(ln x.mp4 y.mkv.part$BASHPID; exec $VDEBLUR n.mp4 -o y.mkv --strength 0)", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Data(contentsOf: folder.file("x.mp4")) == before)
    #expect(folder.contents.count { $0.contains(".part") } == 1)
  }

  /// Closed descriptors: nothing that the program opens gets their numbers, and so no message gets into it.
  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func closedDescriptorsAreNoTrap(closing: String) throws {
    let (folder, _) = try folder()
    let result = try Program.shell(
      "$VDEBLUR x.mp4 -o y.mkv --strength 0 -v \(closing) & wait $!", folder: folder, seconds: 60)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Probe.frameTimes(folder.path("y.mkv")).count == 8)
    let none = try Program.shell("$VDEBLUR info x.mp4 >&-; exit $?", folder: folder)
    #expect(none.status == 4 && none.errorLines.count == 1, "\(none.errors)")
    let nothing = try Program.shell("$VDEBLUR - -o z.mkv <&-; exit $?", folder: folder)
    #expect(nothing.status == 3 && nothing.errorLines.count == 1, "\(nothing.errors)")
  }
}
