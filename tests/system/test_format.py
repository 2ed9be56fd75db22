#!/usr/bin/env python3
"""The C++ of the tree is laid out as .clang-format says, by clang-format 19 alone: other versions lay some lines out otherwise."""
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
PROGRAM = shutil.which("clang-format-19")
FOLDERS = ["core/mid", "core/cmake", "web", "native", "tests", "docs"]
HOW = "run: clang-format-19 -i"


def cpp_files():
    return sorted(p for folder in FOLDERS for p in (SOURCE / folder).rglob("*") if p.suffix in (".cpp", ".hpp"))


def wrongly_laid_out(files):
    """Those of `files` that clang-format would change."""
    done = subprocess.run([PROGRAM, "--dry-run", "-Werror", "--ferror-limit=1", "--style=file:" + str(SOURCE / ".clang-format"), *map(str, files)],
                          capture_output=True, text=True)
    return [p for p in files if f"{p}:" in done.stderr]


def main():
    if not PROGRAM:
        sys.exit("clang-format-19 was not found; install it (apt install clang-format-19)")
    files = cpp_files()
    if len(files) < 400:
        sys.exit(f"only {len(files)} files were found: the test itself is wrong")
    crooked = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"midlab-format-{os.getpid()}.cpp"
    crooked.write_text("int  main( ){return 0 ;}\n")
    try:
        if wrongly_laid_out([crooked]) != [crooked]:
            sys.exit("a crooked file was not found: the test itself is wrong")
    finally:
        crooked.unlink()
    wrong = wrongly_laid_out(files)
    if wrong:
        sys.exit(f"{len(wrong)} of {len(files)} files are laid out otherwise than .clang-format says; {HOW} " + " ".join(str(p.relative_to(SOURCE)) for p in wrong))
    print(f"{len(files)} files are laid out as .clang-format says")


main()
