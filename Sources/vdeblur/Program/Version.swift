/// The version of the program: of releases, of plans, in `vdeblur --version`.
let programVersion = "0.1.0"
