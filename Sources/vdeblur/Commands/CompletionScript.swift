import ArgumentParser

/// What `--generate-completion-script` prints.
///
/// The parser's own scripts offer nothing but the commands after a bare `vdeblur`, although deblurring needs none. Here
/// they are made for a tree in which it is a command `run`, and a few lines make the shell think of that word wherever
/// no command stands.
enum CompletionScript {
  /// - Parameter arguments: of the command line.
  /// - Returns: nil unless they ask for a script.
  static func asked(by arguments: [String]) -> String? {
    guard arguments.count == 2, arguments[0] == "--generate-completion-script" else { return nil }
    return CompletionShell(rawValue: arguments[1]).flatMap(script)
  }

  private static func script(for shell: CompletionShell) -> String? {
    let generated = Tree.completionScript(for: shell)
    let root = "\n_vdeblur() {"
    switch shell {
    case .bash:
      return generated.replacing(root, with: "\n_vdeblur_command() {") + """

        _vdeblur() {
            case "${COMP_WORDS[1]}" in
            \(commands.joined(separator: "|")))
                [[ "${COMP_CWORD}" -gt 1 ]] && _vdeblur_command "${@}" && return
                ;;
            esac
            local -a COMP_WORDS=("${COMP_WORDS[0]}" run "${COMP_WORDS[@]:1}")
            local -i COMP_CWORD="$((COMP_CWORD + 1))"
            _vdeblur_command "${@}"
            [[ "${COMP_CWORD}" -eq 2 ]] && COMPREPLY+=($(compgen -W '\(commands.joined(separator: " "))' -- "${2}"))
        }

        """
    case .zsh:
      return generated.replacing(
        root,
        with: """

          _vdeblur() {
              if (( CURRENT > 2 )) && [[ "${words[2]}" = (\(commands.joined(separator: "|"))) ]]; then
                  _vdeblur_command "${@}"
                  return
              fi
              (( CURRENT == 2 )) && compadd \(commands.joined(separator: " "))
              words=("${words[1]}" run "${(@)words[2,-1]}")
              (( CURRENT++ ))
              _vdeblur_command "${@}"
          }

          _vdeblur_command() {
          """)
    case .fish:
      let noCommand = "-n 'not __fish_seen_subcommand_from \(commands.joined(separator: " "))'"
      return generated.replacing(/-n '[^']*"vdeblur run"[^']*'/, with: noCommand)
        .replacing(/complete [^\n]* -fa 'run'[^\n]*\n/, with: "")
    default:
      return nil
    }
  }

  private static let commands = ["preview", "compare", "info", "models", "plan", "part", "status", "join", "help"]

  private struct Tree: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "vdeblur", version: programVersion,
      subcommands: [
        Bare.self, Preview.self, Compare.self, Info.self, Models.self, Plan.self, Part.self, Status.self, Join.self,
      ])
  }

  /// ``Run`` hides from the help's list of commands, and so from the scripts.
  private struct Bare: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run")
    @OptionGroup var run: Run
  }
}
