#!/usr/bin/env python3
"""Manual pages and completions for bash, zsh and fish, written from what the programs say of themselves: `--help` of every command,
and the fields, entries and presets of `mid schema --catalogue`. `cmake --install` runs it.

    native/package/write_manual.py FOLDER PROGRAM...     FOLDER/man1, FOLDER/bash, FOLDER/zsh, FOLDER/fish, FOLDER/spec.schema.json
"""
import dataclasses
import gzip
import json
import pathlib
import re
import subprocess
import sys

SYNOPSIS = {"mid": "what a trained model gives away about its records", "mid-studio": "the laboratory of mid in a window"}


@dataclasses.dataclass
class Option:
    names: list      # "-h", "--help"; of a positional its name
    value: str       # "PATH=VALUE", "DIR"; empty: it takes none
    choices: list
    text: str
    note: str = ""   # "not together with --thread"


@dataclasses.dataclass
class Command:
    path: list       # ["mid", "data", "list"]
    summary: str
    usage: str
    positionals: list
    options: list
    commands: list
    footer: str


def call(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, check=True).stdout


def entries_of(block):
    """(what stands left, what stands right) of a block's lines; what is too long on the left has its text on the next line."""
    text = 30  # the column where texts begin
    found = []
    for line, after in zip(block, [*block[1:], ""]):
        if re.match(r"  \S", line):
            alone = after.startswith(" " * text) or len(line) <= text or line[text - 1] != " "
            cut = len(line) if alone else text
            found.append([line[:cut].strip(), line[cut:].strip()])
        elif found and line.strip():
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


def option_of(left, text):
    names, _, rest = left.partition(" ")
    names = names.split(",")
    value, *notes = re.split(r"(?:^| )(Excludes|Needs): ", rest)
    with_what = {"Excludes": "not together with", "Needs": "only together with"}
    note = "; ".join(f"{with_what[word]} {others.strip().replace(' ', ', ')}" for word, others in zip(notes[::2], notes[1::2]))
    value = re.sub(r" ?([.]{3}|REQUIRED)", "", value)
    choices = re.search(r":\{(.*)\}", value)
    value = re.sub(r":.*", "", value)
    return Option(names, value.strip(), choices.group(1).split(",") if choices else [], text, note)


def read(program, path):
    lines = call(program, *path[1:], "--help").splitlines()
    usage = next(i for i, line in enumerate(lines) if line.startswith("Usage: "))
    blocks, footer, current = {}, [], None
    for line in lines[usage + 1:]:
        title = re.match(r"(Positionals|Options|Subcommands):$", line)
        if title and not footer:
            current = blocks.setdefault(title.group(1), [])
        elif current is not None and (line.startswith("  ") or not line):
            current.append(line)
        elif line or footer:
            current = None
            footer.append(line)
    positionals = [option_of(*e) for e in entries_of(blocks.get("Positionals", []))]
    options = [option_of(*e) for e in entries_of(blocks.get("Options", []))]
    names = [(left, text) for left, text in entries_of(blocks.get("Subcommands", []))]
    return Command(path, " ".join(lines[:usage]).strip(), lines[usage][len("Usage: "):], positionals, options,
                   [dataclasses.replace(read(program, [*path, name]), summary=text) for name, text in names], "\n".join(footer).strip())


def all_commands(command):
    yield command
    for one in command.commands:
        yield from all_commands(one)


# ---- manual page -------------------------------------------------------------------------------------------------------


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def verbatim(text):
    return f".nf\n{roff(text)}\n.fi\n"


def option_roff(option):
    head = ", ".join(f"\\fB{roff(n)}\\fR" for n in option.names)
    value = "{" + ",".join(option.choices) + "}" if option.choices else option.value
    if value:
        head += f" \\fI{roff(value)}\\fR"
    return f".TP\n{head}\n{roff(option.text)}{roff(f' ({option.note})') if option.note else ''}\n"


def manual(root, version):
    name = root.path[0]
    out = [f'.TH {name.upper()} 1 "" "midlab {version}" "midlab"\n.SH NAME\n{roff(name)} \\- {roff(SYNOPSIS[name])}\n.SH SYNOPSIS\n']
    for command in [c for c in all_commands(root) if not c.commands]:
        out.append(f"\\fB{roff(' '.join(command.path))}\\fR {roff(command.usage[len(' '.join(command.path)):].strip())}\n.br\n")
    out.append(f".SH DESCRIPTION\n{roff(root.summary)}\n")
    if root.options:
        out.append(".SH OPTIONS\n" + "".join(option_roff(o) for o in root.positionals + root.options))
    for command in list(all_commands(root))[1:]:
        if command.commands:
            continue
        out.append(f".SH {roff(' '.join(command.path).upper())}\n{roff(command.summary)}\n")
        out += [option_roff(o) for o in command.positionals + command.options if "--help" not in o.names]
        examples = command.footer.partition("Examples:\n")[2]
        if examples:
            out.append(f".PP\nExamples:\n{verbatim(examples)}")
    if root.footer:
        out.append(f".SH NOTES\n{verbatim(root.footer)}")
    out.append(".SH SEE ALSO\n" + ", ".join(f"\\fB{roff(n)}\\fR(1)" for n in SYNOPSIS if n != name) + "\n")
    return "".join(out)


# ---- completions -------------------------------------------------------------------------------------------------------


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def fields(catalogue):
    """Every field that --set and --vary take, with the words that it may be: ("defense.kind", ["none", "mid", ...])."""
    found = {"seed": [], "control": ["none", "permuted", "zero"]}
    for section in catalogue["sections"]:
        if section.get("key"):
            found[f"{section['name']}.{section['key']}"] = [e["name"] for e in section["entries"]]
        for entry in section["entries"]:
            for p in entry["params"]:
                words = p["choices"] or (["true", "false"] if p["type"] == "boolean" else [])
                known = found.setdefault(f"{section['name']}.{p['name']}", [])
                known += [w for w in words if w not in known]
    return found


def values_of(option, context):
    """What an option's value may be: a list of words, "file", "folder", "field" or "" (nothing to offer)."""
    if option.choices:
        return option.choices
    if option.value == "PATH=VALUE" or option.value.startswith("PATH="):
        return "field"
    if "--preset" in option.names:
        return context["stories"]
    if "--theme" in option.names:
        return ["light", "dark", "contrast"]
    if "--device" in option.names:
        return ["cpu", "gpu", "auto"]
    if option.value in ("DIR", "RUN", "FOLDER"):
        return "folder"
    return "file" if re.search(r"FILE|[.]json|[.]csv|[.]png|[.]onnx|[.]svg|CSV", option.value) else ""


def takes_spec(command):
    return any(p.names[0] == "spec" for p in command.positionals)


def bash_words(option, context):
    kind = values_of(option, context)
    if isinstance(kind, list):
        return f'mapfile -t COMPREPLY < <(compgen -W {quoted(" ".join(kind))} -- "$word")'
    return {"file": "_midlab_files", "folder": "_midlab_folders", "field": "_midlab_field"}.get(kind, "return 0")


def bash(root, context):
    name = root.path[0]
    lines = [f"# Completion of {name} for bash, written by native/package/write_manual.py.",
             '_midlab_files() { mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames; }',
             '_midlab_folders() { mapfile -t COMPREPLY < <(compgen -d -- "$word"); compopt -o filenames; }']
    if context["fields"] and name == "mid":
        lines += ["_midlab_field() {", "  case $word in"]
        for field, words in context["fields"].items():
            if words:
                lines.append(f'    {field}=*) mapfile -t COMPREPLY < <(compgen -W {quoted(" ".join(words))} -- "${{word#*=}}"); '
                             f'COMPREPLY=("${{COMPREPLY[@]/#/{field}=}}") ;;')
        lines += ["    *=*) ;;",
                  f'    *) mapfile -t COMPREPLY < <(compgen -W {quoted(" ".join(f + "=" for f in context["fields"]))} -- "$word"); compopt -o nospace ;;',
                  "  esac", "}"]
    presets = " ".join("preset:" + p for p in context["presets"])
    lines += ["_midlab_spec() {", '  _midlab_files',
              f'  [[ $word != p* ]] || mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W {quoted(presets)} -- "$word")', "}"]
    function = "_" + name.replace("-", "_")
    # The line's words without bash's splitting at = and :, which names of fields and presets hold.
    lines += [f"{function}() {{", "  local line=${COMP_LINE:0:COMP_POINT} words word before path i", "  read -ra words <<<\"$line\"",
              '  [[ $line != *[[:space:]] ]] || words+=("")', '  word=${words[-1]} before="" path=""',
              "  [ ${#words[@]} -lt 2 ] || before=${words[-2]}", "  COMPREPLY=()",
              "  for ((i = 1; i < ${#words[@]} - 1; ++i)); do", '    case "$path ${words[i]}" in']
    inner = [c for c in list(all_commands(root))[1:]]
    if inner:
        lines.append("      " + "|".join(quoted(" " + " ".join(c.path[1:])) for c in inner) + ') path="$path ${words[i]}" ;;')
    lines += ["      *) ;;", "    esac", "  done", '  case "$path" in']
    for command in all_commands(root):
        key = "".join(" " + p for p in command.path[1:])
        lines.append(f"    {quoted(key)})")
        valued = [o for o in command.options if o.value or o.choices]
        if valued:
            lines.append("      case $before in")
            for o in valued:
                lines.append(f'        {"|".join(o.names)}) {bash_words(o, context)}; _midlab_trim; return ;;')
            lines.append("      esac")
        offered = [n for o in command.options for n in o.names if n.startswith("--")]
        lines.append(f'      if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W {quoted(" ".join(offered))} -- "$word")')
        if command.commands:
            names = " ".join(c.path[-1] for c in command.commands)
            lines.append(f'      else mapfile -t COMPREPLY < <(compgen -W {quoted(names)} -- "$word")')
        elif takes_spec(command):
            lines.append("      else _midlab_spec")
        elif command.positionals:
            lines.append("      else _midlab_files")
        lines += ["      fi ;;"]
    lines += ["  esac", "  _midlab_trim", "}",
              "# bash puts the rest behind the last : or = of what is typed.",
              "_midlab_trim() {", "  local last=${COMP_WORDS[COMP_CWORD]} begun", "  [[ $last != : && $last != = ]] || last=",
              '  begun=${word%"$last"}', '  [ -z "$begun" ] || COMPREPLY=("${COMPREPLY[@]#"$begun"}")', "}",
              f"complete -F {function} {name}"]
    return "\n".join(lines) + "\n"


def zsh_text(text):
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:").replace("'", "’")[:160]


def zsh_action(kind):
    if isinstance(kind, list):
        return "(" + " ".join(kind) + ")"
    return {"file": "_files", "folder": "_files -/", "field": "_midlab_field"}.get(kind, " ")


def zsh(root, context):
    name = root.path[0]
    function = "_" + name.replace("-", "_")
    lines = [f"#compdef {name}", f"# Completion of {name} for zsh, written by native/package/write_manual.py."]
    if name == "mid":
        lines += ["_midlab_field() {", "  local -a fields", "  case $PREFIX in"]
        for field, words in context["fields"].items():
            if words:
                lines.append(f"    {field}=*) compset -P '*='; compadd -- {' '.join(words)}; return ;;")
        lines += ["  esac", f"  fields=({' '.join(context['fields'])})", "  compadd -S = -- $fields", "}",
                  "_midlab_spec() {", f"  compadd -- {' '.join('preset:' + p for p in context['presets'])}", "  _files", "}"]
    for command in reversed(list(all_commands(root))):
        own = function + "".join("_" + p for p in command.path[1:])
        lines.append(f"{own}() {{")
        arguments = []
        for o in command.options:
            value = f":{zsh_text(o.value or 'value')}:{zsh_action(values_of(o, context))}" if o.value or o.choices else ""
            for n in o.names:
                star = "*" if o.value.startswith("PATH=") else ""
                arguments.append(quoted(f"{star}{n}[{zsh_text(o.text)}]{value}"))
        if command.commands:
            lines.append("  local -a commands")
            lines.append("  commands=(" + " ".join(quoted(f"{c.path[-1]}:{zsh_text(c.summary)}") for c in command.commands) + ")")
            cases = " ".join(f"{c.path[-1]}) {function}{''.join('_' + p for p in c.path[1:])} ;;" for c in command.commands)
            lines.append(f"  _arguments -C {' '.join(arguments)} '1:command:->command' '*::rest:->rest'")
            lines.append("  case $state in command) _describe command commands ;; rest) case $words[1] in " + cases + " esac ;; esac")
        else:
            spec = [quoted(f"1:specification:{'_midlab_spec'}")] if takes_spec(command) else [quoted("*:file:_files")] if command.positionals else []
            lines.append(f"  _arguments {' '.join(arguments + spec)}")
        lines.append("}")
    lines.append(f"{function} \"$@\"")
    return "\n".join(lines) + "\n"


def fish(root, context):
    name = root.path[0]
    lines = [f"# Completion of {name} for fish, written by native/package/write_manual.py.", f"complete -c {name} -f"]
    for command in all_commands(root):
        path = command.path[1:]
        inner = " ".join(c.path[-1] for c in command.commands)
        conditions = [f"__fish_seen_subcommand_from {p}" for p in path]
        if command.commands:
            conditions.append(f"not __fish_seen_subcommand_from {inner}")
        where = f" -n {quoted('; and '.join(conditions))}" if conditions else ""
        for c in command.commands:
            lines.append(f"complete -c {name}{where} -a {c.path[-1]} -d {quoted(c.summary)}")
        for o in command.options:
            flags = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in o.names)
            kind = values_of(o, context) if o.value or o.choices else None
            values = ""
            if kind is not None:
                if kind == "field":   # behind PATH= its values, before it the paths
                    for test, words in (("not ", [f + "=" for f in context["fields"]]), ("", [f"{f}={v}" for f, all_ in context["fields"].items() for v in all_])):
                        now = quoted("; and ".join([*conditions, test + 'string match -q -- "*=*" (commandline -ct)']))
                        lines.append(f"complete -c {name} -n {now} {flags} -x -a {quoted(' '.join(words))} -d {quoted(o.text)}")
                    continue
                words = kind if isinstance(kind, list) else []
                values = " -x -a " + quoted(" ".join(words)) if words else " -r -a " + quoted("(__fish_complete_directories)") if kind == "folder" else " -r -F"
            lines.append(f"complete -c {name}{where} {flags}{values} -d {quoted(o.text)}")
        if takes_spec(command):
            lines.append(f"complete -c {name}{where} -F -a {quoted(' '.join('preset:' + p for p in context['presets']))}")
        elif command.positionals and not command.commands:
            lines.append(f"complete -c {name}{where} -F")
    return "\n".join(lines) + "\n"


def main():
    folder, programs = pathlib.Path(sys.argv[1]), [pathlib.Path(p) for p in sys.argv[2:]]
    context = {"fields": {}, "presets": [], "stories": []}
    for program in programs:
        if program.name == "mid":
            catalogue = json.loads(call(program, "schema", "--catalogue"))
            context = {"fields": fields(catalogue), "presets": list(catalogue["presets"]), "stories": [s["name"] for s in catalogue["stories"]]}
    for name in ("man1", "bash", "zsh", "fish"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for page in (folder / "man1").glob("*.1"):   # unpacked ones, of an earlier version
        page.unlink()
    for program in programs:
        root, version = read(program, [program.name]), call(program, "--version").strip()
        # Packed, as Debian wants it and every man reads it; without a time, so that equal pages are equal bytes.
        (folder / f"man1/{program.name}.1.gz").write_bytes(gzip.compress(manual(root, version).encode(), 9, mtime=0))
        (folder / f"bash/{program.name}").write_text(bash(root, context), encoding="utf-8")
        (folder / f"zsh/_{program.name}").write_text(zsh(root, context), encoding="utf-8")
        (folder / f"fish/{program.name}.fish").write_text(fish(root, context), encoding="utf-8")
        if program.name == "mid":
            (folder / "spec.schema.json").write_text(call(program, "schema"), encoding="utf-8")


main()
