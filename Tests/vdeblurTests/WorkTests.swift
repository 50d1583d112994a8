import Foundation
import TestSupport
import Testing

@testable import vdeblur

/// A run in parts gives the file of a plain run, whatever happens on the way.
@Suite(.serialized) struct WorkTests {
  private static let isLong = ProcessInfo.processInfo.environment["VDEBLUR_ALL"] != nil

  /// 64×48, 40 frames with sound that outlasts them, a scene cut at frame 20, chapters, a cover and a timecode.
  static let rich = Clip(
    "rich in parts", "rich.mp4",
    """
    printf ';FFMETADATA1\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=0\\nEND=700\\ntitle=one\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=700\\nEND=1600\\ntitle=two\\n' >meta
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1.6 -vf "hue=h=90:enable='gte(n,20)',negate=enable='gte(n,20)'" -frames:v 1 cover.png
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1.6 -f lavfi -i sine=duration=2 -i meta -i cover.png -map 0 -map 1 -map 3 \
      -filter:v:0 "negate=enable='gte(n,20)'" -c:v:0 libx264 -bf 2 -g 250 -pix_fmt yuv420p -c:v:1 copy -disposition:v:1 attached_pic -c:a aac \
      -timecode 01:02:03:04 -map_metadata 2 "$OUT"
    """)

  private static let deep = Clip(
    "deep in parts", "deep.mkv",
    """
    ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=1.2 -f lavfi -i sine=duration=0.5 -vf format=yuv420p10le \
      -c:v libx265 -preset ultrafast -x265-params log-level=none -c:a flac "$OUT"
    """)

  private static let uneven = Clip(
    "uneven in parts", "uneven.mkv",
    """
    printf '1\\n00:00:00,100 --> 00:00:00,900\\nline\\n' >lines.srt
    ff -itsoffset 1.3 -f lavfi -i testsrc2=size=64x48:rate=30:duration=1.4 -f lavfi -i sine=duration=1 -i lines.srt \
      -vf "select='not(eq(mod(n\\\\,3)\\\\,1))'" -fps_mode vfr -map 0 -map 1 -map 2 -c:v libx264 -bf 3 -pix_fmt yuv420p -c:a libopus -c:s srt "$OUT"
    """)

  struct Case: CustomTestStringConvertible, Sendable {
    let clip: Clip
    let output: String
    let options: String
    var testDescription: String { "\(clip.name) → \(output) \(options)" }
  }

  private static let cases = [
    Case(clip: rich, output: "out.mp4", options: ""), Case(clip: rich, output: "out.mov", options: "--strength 0"),
    Case(clip: deep, output: "out.mp4", options: "--strength 0 --preset ultrafast"),
    Case(clip: deep, output: "out.mkv", options: "--strength 0 -c:v libx265 --preset ultrafast"),
    Case(
      clip: uneven, output: "out.webm", options: "--strength 0 -c:v libvpx-vp9 --preset ultrafast --drop-unsupported"),
    Case(clip: uneven, output: "out.mkv", options: "--strength 0 -c:v ffv1"),
    Case(clip: uneven, output: "out.mkv", options: "--strength 0.5 --start 1.5 --end 2.4"),
    Case(clip: rich, output: "out.ts", options: "--strength 0 --drop-unsupported"),
  ]

  @Test(arguments: cases) func inStepsAsInOneRun(_ test: Case) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      set -e; options='\(test.options) --part-frames 7'
      $VDEBLUR '\(test.clip.path)' -o whole-\(test.output) $options -q
      $VDEBLUR '\(test.clip.path)' -o \(test.output) $options -q --work one
      cmp \(test.output) whole-\(test.output); mv \(test.output) first
      $VDEBLUR plan '\(test.clip.path)' -o \(test.output) $options -q --work dir
      for name in $($VDEBLUR status dir --missing --lines | tac); do $VDEBLUR part dir $name -q; done
      [ -z "$($VDEBLUR status dir --missing)" ]
      $VDEBLUR join dir -q; cmp \(test.output) whole-\(test.output)
      [ $(cat dir/parts/* | wc -c) -le $(($(stat -c %s \(test.output)) * 105 / 100 + 6000 * $(ls dir/parts | wc -l))) ]
      """, folder: folder)
    #expect(result.status == 0, "\(result.text)\(result.errors)")
  }

  @Test func killedAtAnyMomentItGoesOn() throws {
    let folder = try ScratchFolder()
    let runs = Self.isLong ? 60 : 4
    let result = try Program.shell(
      """
      line="\(Self.rich.path) -o out.mp4 --part-frames 7 --work dir -q --strength 0"
      $VDEBLUR '\(Self.rich.path)' -o whole.mp4 --part-frames 7 -q --strength 0 || exit 1
      seconds=$( { TIMEFORMAT=%R; time $VDEBLUR $line; } 2>&1 ); cmp out.mp4 whole.mp4 || exit 1
      for i in $(seq \(runs)); do
        rm -rf dir out.mp4; kills=0
        while [ $kills -lt 3 ]; do
          $VDEBLUR $line & sleep $(awk -v s=$RANDOM -v t=$seconds 'BEGIN { print t * s / 32768 }')
          kill -KILL $! 2>/dev/null; wait $! 2>/dev/null; kills=$((kills + 1))
        done
        [ -e out.mp4 ] && { cmp out.mp4 whole.mp4 || exit 1; }
        $VDEBLUR $line || exit 1
        cmp out.mp4 whole.mp4 || exit 1
        ls out.mp4.part* dir/*.part* dir/parts/*.part* 2>/dev/null && exit 1
      done; exit 0
      """, folder: folder, seconds: 1800)
    #expect(result.status == 0, "\(result.text)\(result.errors)")
  }

  @Test func statusSaysWhatIsMissing() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      set -e; $VDEBLUR plan '\(Self.rich.path)' -o out.mp4 --part-frames 7 -q --work dir --strength 0
      $VDEBLUR status dir --missing; $VDEBLUR part dir 1 -q; $VDEBLUR part dir 4 -q; $VDEBLUR part dir 4
      $VDEBLUR status dir --missing; $VDEBLUR status dir; $VDEBLUR plan '\(Self.rich.path)' -o out.mp4 --part-frames 7 --work dir --strength 0
      """, folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.text.split(separator: "\n").map { String($0) }
    #expect(lines[0] == "0-5" && lines[1] == "0,2-3,5", "\(lines)")
    #expect(lines[2].contains("2 of 6 parts") && lines[3] == "missing: 0,2-3,5", "\(lines)")
    #expect(
      result.errors.contains("is there already")
        && result.errors.contains("6 parts of at most 7 frames, 2 of them there"))
  }

  /// What parts say and which status they end with; `prepared` is a plan of six parts of which 0 and 1 are there.
  private func fault(
    _ script: String, status: Int32, says words: String, line: Int = #line
  ) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      cp '\(Self.rich.path)' in.mp4; options='--part-frames 7 -q --strength 0'
      $VDEBLUR plan in.mp4 -o out.mp4 $options --work dir && $VDEBLUR part dir 0 -q && $VDEBLUR part dir 1 -q || exit 99
      parts() { for k in 0 1 2 3 4 5; do $VDEBLUR part dir $k -q || exit 98; done; }
      \(script)
      """, folder: folder)
    #expect(
      result.status == status && result.errors.contains(words), "line \(line): \(result.status): \(result.errors)")
    #expect(result.errorLines.count == 1, "line \(line): \(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out.mp4")), "line \(line)")
    #expect(
      folder.contents(of: "dir/parts").allSatisfy { !$0.contains(".part") }, "line \(line)")
  }

  @Test func aMissingPartIsNamed() throws {
    try fault(
      "$VDEBLUR join dir", status: 2, says: "dir: 4 parts of 6 missing: 2-5; make them first: vdeblur part dir 2")
    try fault("mkdir none; $VDEBLUR status none", status: 3, says: "none: holds no plan")
    try fault("$VDEBLUR part dir 6", status: 2, says: "no part '6': they count from 0 to 5")
  }

  @Test func damagedAndForeignPartsAreNotTaken() throws {
    try fault(
      "parts; f=$(ls dir/parts/00003*); printf x | dd of=$f bs=1 seek=700 conv=notrunc 2>/dev/null; $VDEBLUR join dir",
      status: 3,
      says: "00003")
    try fault("parts; truncate -s -1 dir/parts/00002*; $VDEBLUR join dir", status: 2, says: "missing: 2")
    try fault("parts; cp dir/parts/00002* $(ls dir/parts/00004*); $VDEBLUR join dir", status: 2, says: "missing: 4")
    try fault(
      "sed -i 's/\"strength\" : 0/\"strength\" : 1/' dir/plan.json; $VDEBLUR part dir 3", status: 3,
      says: "has been edited")
    // A run with --work makes them again.
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      set -e; line='\(Self.rich.path) -o out.mp4 --part-frames 7 --strength 0'
      $VDEBLUR $line -q --work dir; mv out.mp4 whole.mp4
      printf x | dd of=$(ls dir/parts/00003*) bs=1 seek=700 conv=notrunc 2>/dev/null; truncate -s -1 dir/parts/00001*
      $VDEBLUR $line --work dir; cmp out.mp4 whole.mp4
      """, folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains("is damaged") && result.errors.contains("is made again")
        && result.errors.contains("4 of 6 parts there already"))
  }

  @Test func aFolderBelongsToOneJob() throws {
    try fault(
      "cp in.mp4 other.mp4; printf x >>other.mp4; $VDEBLUR other.mp4 -o out.mp4 $options --work dir", status: 2,
      says: "belongs to another input")
    try fault("$VDEBLUR in.mp4 -o out.mp4 $options --work dir --crf 30", status: 2, says: "other options (--crf)")
    try fault("$VDEBLUR in.mp4 -o other.mp4 $options --work dir", status: 2, says: "is for the output")
    try fault(
      "printf x >>in.mp4; $VDEBLUR in.mp4 -o out.mp4 $options --work dir", status: 3,
      says: "has changed since it was planned")
    try fault("printf x >>in.mp4; $VDEBLUR part dir 3", status: 3, says: "has changed since it was planned")
    try fault(
      "parts; printf x | dd of=in.mp4 bs=1 seek=3000 conv=notrunc 2>/dev/null; $VDEBLUR join dir", status: 3,
      says: "has changed")
    try fault("cat in.mp4 | $VDEBLUR - -o out.mp4 $options --work dir2", status: 2, says: "which a pipe cannot give")
    try fault(
      "$VDEBLUR in.mp4 -o - -f matroska $options --work dir2 | cat; exit ${PIPESTATUS[0]}", status: 2,
      says: "standard output")
  }

  /// A plan as another machine would have made it, with what each of them computes in its own way.
  @Test(arguments: [
    ("floats", "0123", "other results of the network"), ("encoder", "4567", "other bits of the encoder"),
    ("instructionSet", "avx4096", "computed with avx4096, which this machine has not"),
    ("program", "0.0.9", "is for vdeblur 0.0.9"),
    ("libraries", "libavcodec 1.2.3", "is for libavcodec 1.2.3"),
  ])
  func anotherMachineRefuses(_ key: String, _ value: String, _ words: String) throws {
    let folder = try ScratchFolder()
    let made = try Program.run(
      "plan", Self.rich.path, "-o", "out.mp4", "--work", "dir", "--part-frames", "7", "-q", folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    let place = WorkFolder(path: folder.path("dir"))
    let text = try String(contentsOfFile: place.planFile, encoding: .utf8)
    let changed = text.replacing(try Regex("(\"\(key)\" : \")[^\"]*")) { "\($0.output[1].substring!)\(value)" }
    let job = try JSONDecoder().decode(Whole.self, from: Data(changed.utf8)).job
    try changed.replacing(/"address" : "[^"]*"/, with: "\"address\" : \"\(job.address)\"")
      .write(toFile: place.planFile, atomically: true, encoding: .utf8)
    let line = "\(Self.rich.path) -o out.mp4 --work dir --part-frames 7"
    for command in ["part dir 0", line] {
      let result = try Program.shell("$VDEBLUR \(command)", folder: folder)
      #expect(result.status == 5 && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains("not on this machine") && result.errors.contains(words), "\(result.errors)")
    }
  }
  private struct Whole: Decodable { let job: Job }

  /// The plan's instruction set counts, whatever the machine could do.
  @Test func theInstructionSetIsThePlans() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      set -e; cp '\(Self.rich.path)' in.mp4; export VDEBLUR_ISA=baseline
      $VDEBLUR in.mp4 -o whole.mp4 --part-frames 20 -q; $VDEBLUR plan in.mp4 -o out.mp4 --part-frames 20 -q --work dir
      unset VDEBLUR_ISA
      $VDEBLUR part dir 0 -q; $VDEBLUR part dir 1 -q; $VDEBLUR join dir -q; cmp out.mp4 whole.mp4
      """, folder: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  private static let canMount: Bool = {
    let line = "d=$(mktemp -d) && mount -t tmpfs -o size=64k none $d && umount $d && rmdir $d"
    return ((try? Program.shell(line).status) ?? 1) == 0
  }()

  @Test(.enabled(if: canMount, "takes the right to mount a tmpfs"))
  func aFullDiskKeepsWhatIsDone() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      mkdir dir; mount -t tmpfs -o size=36k none dir; trap 'umount dir' EXIT
      line="\(Self.rich.path) -o out.mkv --part-frames 7 -q --strength 0 -c:v ffv1 --drop-unsupported"
      $VDEBLUR $line --work dir; status=$?; ls dir/parts; $VDEBLUR status dir --missing
      mount -o remount,size=4m dir; $VDEBLUR $line --work dir && $VDEBLUR \(Self.rich.path) -o whole.mkv ${line#* -o out.mkv} && cmp out.mkv whole.mkv
      exit $status
      """, folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("No space left on device"), "\(result.errors)")
    let lines = result.text.split(separator: "\n")
    #expect(!lines.contains { $0.contains(".part") } && lines.contains { $0.hasPrefix("00000-") }, "\(result.text)")
    #expect(!result.text.contains("differ"))
  }

  @Test func onlyOneRunWorksInAFolder() throws {
    try fault(
      "exec 9>dir/lock; flock -n 9; $VDEBLUR in.mp4 -o out.mp4 $options --work dir", status: 4,
      says: "another run works in this folder")
  }

  /// A file system without locks, as some network file systems are, by a flock(2) that fails.
  @Test(.enabled(if: hasCompiler, "takes a C compiler")) func withoutLocksItIsSaid() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      printf '#include <errno.h>\\nint flock(int d, int o) { errno = ENOLCK; return -1; }\\n' >lock.c; clang -shared -fPIC -o lock.so lock.c || exit 1
      LD_PRELOAD=$PWD/lock.so $VDEBLUR '\(Self.rich.path)' -o out.mp4 --part-frames 7 --strength 0 --work dir
      """, folder: folder)
    #expect(result.status == 0 && result.errors.contains("knows no locks"), "\(result.errors)")
  }
  private static let hasCompiler = (try? Program.shell("command -v clang").status) == 0

  @Test func twoMachinesOnOnePartAtOnce() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      $VDEBLUR plan '\(Self.rich.path)' -o out.mp4 --part-frames 7 -q --strength 0 --work dir || exit 1
      for i in 1 2 3; do $VDEBLUR part dir 2 -q & all="$all $!"; done; for one in $all; do wait $one || exit 1; done; ls dir/parts
      """, folder: folder)
    #expect(result.status == 0 && result.text.split(separator: "\n").count == 1, "\(result.text)\(result.errors)")
  }

  @Test func leftoversOfKilledRunsAreRemoved() throws {
    let folder = try ScratchFolder()
    let line = """
      one() { $VDEBLUR '\(Clip.long.path)' -o out.mp4 -q & last=$!; while ! ls out.mp4.part$last-* >/dev/null 2>&1; do sleep 0.02; done; }
      touch out.mp4.part1-elsewhere-01234567 out.mp4.parts
      one; kill -KILL $last; wait $last 2>/dev/null; one; alive=$last
      $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0
      kill -0 $alive && ls out.mp4.part$alive-* && kill -KILL $alive; rm -f out.mp4.part$alive-*; ls
      """
    let result = try Program.shell(line, folder: folder)
    // The second of them has found the first one's.
    #expect(
      result.text.split(separator: "\n").suffix(3) == ["out.mp4", "out.mp4.part1-elsewhere-01234567", "out.mp4.parts"],
      "\(result.text)")
    #expect(result.text.split(separator: "\n").count == 4, "\(result.text)")
  }

  @Test func aLongRunSaysHowItCouldBeResumed() throws {
    let folder = try ScratchFolder()
    // Two pictures, fourteen hours apart, at a stated rate of 25.
    let result = try Program.shell(
      """
      ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25:duration=0.08 -vf "setpts='if(N,50000/TB,0)'" -fps_mode vfr \
        -c:v libx264 -bf 0 -r 25 -fps_mode passthrough in.mkv; $VDEBLUR in.mkv -o out.mkv; $VDEBLUR in.mkv -o out2.mkv -q
      """, folder: folder)
    #expect(result.status == 0 && result.errors.contains("with --work FOLDER"), "\(result.errors)")
  }
}
