"""How the scripts beside this one put what they write in its place: whole or not at all."""
import sys


def put(path, text):
    temporary = path.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def put_or_check(path, text, script, numbers):
    """Writes the page, or with --check ends with an error where it is not what its `numbers` say now."""
    if "--check" in sys.argv[1:]:
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        sys.exit(0 if there == text else f"docs/{path.name} is not what its {numbers} say now: python3 docs/{script}")
    put(path, text)
