import Foundation
import Glibc
import VideoIO

/// The folder of a run in parts: the plan, and the parts that are there. It is the only record: schedulers forget, it does not.
///
///     DIR/plan.json                 what is to be done (``WorkPlan``)
///     DIR/parts/00007-3fa1…         parts, by number and address
///     DIR/joined                    by what the finished output is recognised
///     DIR/lock                      held by a run with --work
struct WorkFolder {
  let path: String

  var planFile: String { "\(path)/plan.json" }

  /// The plan that lies here; nil when there is none.
  func plan() throws -> WorkPlan? {
    guard access(planFile, F_OK) == 0 else { return nil }
    guard let data = FileManager.default.contents(atPath: planFile) else {
      throw Failure(.input, "\(planFile): cannot be read: \(SystemFailure(number: errno))")
    }
    guard let form = try? JSONDecoder().decode(Form.self, from: data) else { throw damaged }
    guard form.version == WorkPlan.version else {
      throw Failure(.otherMachine, "\(planFile): was written by another version of vdeblur; use that one")
    }
    guard let plan = try? JSONDecoder().decode(WorkPlan.self, from: data), try plan.job.address == plan.address else {
      throw damaged
    }
    return plan
  }

  /// - Throws: `Failure` when there is none.
  func existingPlan() throws -> WorkPlan {
    if let plan = try plan() { return plan }
    throw Failure(.input, "\(path): holds no plan; make one: vdeblur plan INPUT -o OUTPUT --work \(path)")
  }

  func write(_ plan: WorkPlan) throws {
    try makeFolders()
    try OutputPlace(path: planFile, overwrite: true).write(Array(JSONEncoder.ofWork.encode(plan)))
  }

  /// Creates what is missing of the folder, in which nothing else may lie.
  func makeFolders() throws {
    do {
      try FileManager.default.createDirectory(atPath: "\(path)/parts", withIntermediateDirectories: true)
    } catch {
      throw Failure(.output, "\(path): cannot be created: \(SystemFailure(number: errno))")
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw Failure(.output, "\(path): cannot be written: \(SystemFailure(number: errno))")
    }
  }

  // MARK: Parts

  /// Where a part lies, and its address.
  func place(_ part: Int, of plan: WorkPlan) -> PartWriter.Place {
    let address = SHA256.hex(of: Array("\(plan.address) \(part)".utf8))
    return ("\(path)/parts/\(WorkFolder.name(part, address))", address)
  }

  private static func name(_ part: Int, _ address: String) -> String {
    String(repeating: "0", count: max(0, 5 - String(part).count)) + "\(part)-\(address.prefix(16))"
  }

  /// The part that is there; nil when it is missing.
  /// - Parameters:
  ///   - isProven: read it to the end and compare its hash; a file that is not right is removed.
  ///   - report: told of a file that is there but damaged.
  func part(_ part: Int, of plan: WorkPlan, isProven: Bool, report: (String) -> Void = { _ in }) -> PartFile? {
    let place = place(part, of: plan)
    guard access(place.path, F_OK) == 0 else { return nil }
    do throws(VideoError) {
      let file = try PartFile(path: place.path, address: place.address)
      if isProven { try file.verify() }
      return file
    } catch {
      report("\(error.file): \(error.problem); it is made again")
      // What has been proven wrong must not be taken for the work of another machine.
      if isProven { unlink(place.path) }
      return nil
    }
  }

  // MARK: The finished output

  func noteJoined(_ stamp: FileStamp) throws(VideoError) {
    guard let data = try? JSONEncoder.ofWork.encode(stamp) else { return }
    try OutputPlace(path: "\(path)/joined", overwrite: true).write(Array(data))
  }

  /// Whether the output is there already, as this folder's parts made it.
  func isJoined(_ output: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: "\(path)/joined"),
      let stamp = try? JSONDecoder().decode(FileStamp.self, from: data)
    else { return false }
    return FileStamp(path: output) == stamp
  }

  // MARK: Lock

  /// Keeps a second run with --work out until this process ends.
  /// - Returns: a warning where the file system knows no locks.
  func lock() throws -> String? {
    let descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(.output, "\(path)/lock: cannot be created: \(SystemFailure(number: errno))")
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return nil }
    let reason = errno
    close(descriptor)
    if reason == EWOULDBLOCK {
      throw Failure(.output, "\(path): another run works in this folder: wait for its end, or choose another folder")
    }
    return
      "\(path): its file system knows no locks: should another run work in it too, both make the same parts, and no harm is done"
  }

  private struct Form: Decodable { let version: Int }

  private var damaged: Failure {
    Failure(.input, "\(planFile): is damaged or has been edited; remove the folder and plan again")
  }
}

/// `3,7-9`, as Slurm's `--array` takes it.
func ranges(_ numbers: [Int]) -> String {
  var runs: [ClosedRange<Int>] = []
  for number in numbers {
    if let last = runs.last, last.upperBound + 1 == number {
      runs[runs.count - 1] = last.lowerBound...number
    } else {
      runs.append(number...number)
    }
  }
  return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
}
