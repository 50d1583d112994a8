"""Rules of CONTRIBUTING.md that no formatter knows. Run from the root; prints what breaks one, and then ends with 1."""

from pathlib import Path
import re
import subprocess
import sys

MARKDOWN_COLUMNS = 120
SOURCE_LINES = 400
SOURCES = {".swift", ".c", ".h", ".py", ".sh"}

# A message is for people: code that takes it apart breaks when somebody words it better.
MESSAGE = re.compile(
    r"\.(problem|description|message|remedy|localizedDescription)\??"
    r"\.(contains|hasPrefix|hasSuffix|prefix|split|firstMatch|firstRange|range|starts)\b")
# What tests run and where they write belongs to TestSupport, which removes it.
OWN_MEANS = re.compile(r"\bProcess\(\)|\btemporaryDirectory\b")
# A test is found by the name that reports, --filter and the code all give it.
TITLE = re.compile(r"@(Test|Suite)\(\s*\"")


def long_lines(text: str) -> list[int]:
    """Numbers of the lines of a page that are too long. Tables, links and shown code keep their lines.

    >>> long_lines("short" + chr(10) + "x" * 121)
    [2]
    >>> long_lines("|" + "x" * 121 + chr(10) + "[x](" + "x" * 121 + ")")
    []
    """
    found, shown = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            shown = not shown
        plain = re.sub(r"\]\([^)]*\)|https?://\S+", "", line)
        if len(plain) > MARKDOWN_COLUMNS and not shown and not line.lstrip().startswith("|"):
            found.append(number)
    return found


def broken(path: Path, text: str) -> list[str]:
    """What a file breaks, a line each.

    >>> broken(Path("Sources/a.swift"), "if error.problem.contains(word) {}")
    ['Sources/a.swift:1: takes a message for people apart: give the error a value to ask for']
    >>> broken(Path("Tests/DeblurTests/a.swift"), "let process = Process()")
    ['Tests/DeblurTests/a.swift:1: commands and scratch folders of tests are those of TestSupport']
    >>> broken(Path("Tests/DeblurTests/a.swift"), "import Testing" + chr(10) + "@Test(" + chr(10) + '  "a title", arguments: [1])')
    ['Tests/DeblurTests/a.swift:2: @Test with a title: let the name of the function say it']
    >>> broken(Path("Tests/DeblurTests/a.swift"), "@Suite(.serialized) struct A { @Test(arguments: [1]) func anyNumberIsTaken() {} }")
    []
    >>> len(broken(Path("a.py"), "x" + chr(10) * 400 + "x"))
    1
    """
    found = []
    lines = text.splitlines()
    if path.suffix == ".md":
        found += [f"{path}:{n}: more than {MARKDOWN_COLUMNS} columns" for n in long_lines(text)]
    if path.suffix in SOURCES and len(lines) > SOURCE_LINES:
        found.append(f"{path}: {len(lines)} lines, more than {SOURCE_LINES}: which two concepts does it hold?")
    if path.suffix == ".swift":
        top, *folders = path.parts
        for number, line in enumerate(lines, 1):
            code = line.partition("//")[0]
            if top == "Sources" and MESSAGE.search(code):
                found.append(f"{path}:{number}: takes a message for people apart: give the error a value to ask for")
            if top == "Tests" and folders[0] != "TestSupport" and OWN_MEANS.search(code):
                found.append(f"{path}:{number}: commands and scratch folders of tests are those of TestSupport")
        for title in TITLE.finditer(text) if top == "Tests" else ():
            holder = "function" if title[1] == "Test" else "type"
            number = text.count("\n", 0, title.start()) + 1
            found.append(f"{path}:{number}: @{title[1]} with a title: let the name of the {holder} say it")
    return found


def files() -> list[Path]:
    """Every file that git keeps or would keep; in a tree without git, as a release unpacks, all outside hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True)
    if listed.returncode == 0:
        return [Path(name) for name in listed.stdout.decode().split("\0") if name]
    return sorted(path for path in Path().rglob("*") if not any(part.startswith(".") for part in path.parts[:-1]))


def main() -> None:
    paths = files()
    texts = ((path, path.read_text()) for path in paths if path.suffix in SOURCES | {".md"} and path.is_file())
    found = [line for path, text in texts for line in broken(path, text)]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
