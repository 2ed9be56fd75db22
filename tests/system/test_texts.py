#!/usr/bin/env python3
"""Every key of core/teach/texts is used by somebody, and every key that somebody uses exists there. What a language lacks fails the
build (core/cmake/texts.cmake). What the core refuses, fails of or warns of has a key, too."""
import json
import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
failures = []


def check(true, sentence):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


texts, thousands = {}, {}
for file in sorted((SOURCE / "core/teach/texts").glob("*.json")):
    groups = json.loads(file.read_text(encoding="utf-8"))
    thousands[file.stem] = groups.pop("language")["thousands_sign"]
    texts[file.stem] = {key: text for group in groups.values() for key, text in group.items()}
english = texts["en"]

sources = [f for folder in ("core/mid", "web/ui", "web/shell", "native") for f in (SOURCE / folder).rglob("*") if f.suffix in (".cpp", ".hpp", ".js", ".py", ".html")]
code = "\n".join(f.read_text(encoding="utf-8") for f in sources)
literals = {m for kind in (r'"((?:[^"\\\n]|\\.)*)"', r"'([^'\\\n]*)'", r"`([^`$\n]*)`") for m in re.findall(kind, code)}
# Beginnings of keys that are put together: words("section." + name), `class.${key}`.
made = {m for m in re.findall(r'["\'`]([\w-]+(?:\.[\w -]+)*\.)(?:"|\'|\$\{)', code)}

# ---- numbers of four digits and more are written in one way (base/language.hpp) ----

# Addresses, names of other things, years; and what tells of the ways in which others write numbers.
ELSEWHERE = re.compile(r"https?://\S+|arXiv \S+|Windows-\d+|\b(?:19|20)\d\d\b|\{\w+\}")
for language, all_of_it in texts.items():
    other = "|".join(re.escape(sign) for sign in " ,.\u00a0\u2009\u202f" if sign != thousands[language])
    for key, text in all_of_it.items():
        if key in ("warning.thousands", "warning.compact_dates"):
            continue
        rest = ELSEWHERE.sub("", text)
        wrong = re.search(rf"(?<![\w.,])\d{{4,}}(?!\w)|(?<![\w.,])[1-9]\d{{0,2}}(?:{other})\d{{3}}(?![\d.,])", rest)
        check(not wrong, f"{language}, {key}: write {wrong and wrong[0]!r} with {thousands[language]!r} between its thousands")

# ---- every key is used ----

texts_of = [json.loads(f.read_text(encoding="utf-8")).get("texts", {}) for f in (SOURCE / "core/teach/stories").glob("*.json")]
# A story that asks for membership has the words about that (web/ui/story.cpp).
stories = {"membership"} | {beginning for t in texts_of for which in ("own", "of_others") for beginning in t.get(which, [])}
# What a story's words are about: its kind of answer, its kind of attack (web/ui/story.cpp).
ENDINGS = {".label", ".inside", ".pixels", ".file", ".defended", ".exact", ".made", ".wait"}


def is_story_text(key):
    for story in stories:
        if key.startswith(story + "."):
            rest = key[len(story) + 1:]
            for end in ENDINGS:
                if rest.endswith(end) and (rest[:-len(end)] in literals or is_story_text(key[:-len(end)])):
                    return True
            return rest in literals or any(rest.startswith(m) for m in literals if m.endswith((".", "_")) and len(m) > 4)
    return False


def is_put_together(key):
    """Whether the code has a literal for its beginning and one for its ending: words(id + ".tip")."""
    # An attacker who knows something else is called by the end of its figure: table_answer of attack_accuracy_answer.
    if "table_" in key and any(m.endswith("_" + key.split("table_")[1]) or m == key.split("table_")[1] for m in literals):
        return True
    return any(key[:i] in literals and key[i:] in literals for i in range(1, len(key)) if key[i] in "._")


for key in english:
    used = is_put_together(key) or key in literals or key.startswith("start.") and key[6:] in literals or any(key.startswith(m) for m in made) or is_story_text(key)
    check(used, f"{key} is used by nobody; remove it from every file of core/teach/texts")

# ---- every key that is used exists ----

# Calls that take a key; the name of the function, and whether a beginning stands before the key.
CALLS = [(r'(?<![\w.])(?:ui::|mid\.)?words\(\s*"([\w. -]+)"[,)]', ""), (r'(?:text_of|find_text)\(\s*"([\w. -]+)"\s*,', ""), (r'(?<!\w)said\(\s*["\']([a-z_]+)["\'][,)]', "start."),
         (r'\bword\(\s*"(\w+)"\s*,\s*language\)', "handout."), (r'@(start\.\w+)@', "")]
# Functions of the same names that take something else.
OTHERS = {"web/ui/strings.hpp", "core/mid/teach/lesson_text.cpp", "core/mid/teach/lesson.cpp", "core/mid/report/sweep_table.cpp", "native/gpu/choice.cpp"}
for f in sources:
    name = f.relative_to(SOURCE).as_posix()
    if name in OTHERS:
        continue
    text = f.read_text(encoding="utf-8")
    for pattern, beginning in CALLS:
        for key in re.findall(pattern, text):
            check(beginning + key in english or any(f"{s}.{key}" in english for s in stories), f"{name} uses {beginning + key}, which core/teach/texts/en.json lacks; add it to every language there")

# ---- a language's own keys ----

for code_, own in texts.items():
    for key in own:
        check(key in english or re.match(r"lesson\.[\w-]+\.(title$|goal$|steps\.|teacher\.)", key), f"{code_}.json has {key}, which en.json lacks; remove it")

        holes = set(re.findall(r"\{(\w+)\}", own[key]))
        check(key not in english or holes <= set(re.findall(r"\{(\w+)\}", english[key])), f"{code_}.json fills other holes in {key} than en.json; only those there have a value")

# ---- the core says nothing in English alone ----

# What is left, by file: for whoever writes lessons and stories, or reads a folder of seeds at the command line. It only shrinks.
ENGLISH_ALONE = {"core/mid/base/fields.cpp": 11, "core/mid/report/text.cpp": 1, "core/mid/teach/lesson.cpp": 8, "core/mid/teach/lesson_text.cpp": 2,
                 "core/mid/teach/story.cpp": 12}


def until_closed(text, start):
    """The arguments of a call, from behind its bracket on."""
    depth = 1
    for token in re.finditer(r'"(?:[^"\\\n]|\\.)*"|[(){}\[\]]', text[start:]):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(token[0], 0)
        if depth == 0:
            return text[start:start + token.start()]
    return text[start:]


def sentences_in_code(text):
    calls = [(m.start(), until_closed(text, m.end())) for m in re.finditer(r"\b(?:Error|Failure|Message::plain|fail)\(", text)]
    return [(text.count("\n", 0, at) + 1, inside) for at, inside in calls if "Message(" not in inside and any(re.search(r"\S \S", words) for words in re.findall(r'"((?:[^"\\\n]|\\.)*)"', inside))]


left = 0
for f in sources:
    name = f.relative_to(SOURCE).as_posix()
    if not name.startswith("core/mid/"):
        continue
    found = sentences_in_code(f.read_text(encoding="utf-8"))
    left += len(found)
    most = ENGLISH_ALONE.get(name, 0)
    for line, inside in found if len(found) > most else []:
        check(False, f"{name}:{line} says an English sentence of its own; give it a key in core/teach/texts and write Message(\"refusal.KEY\"): {inside[:80]}")
    check(len(found) >= most, f"{name} has {len(found)} English sentences where {most} are allowed; lower that in {pathlib.Path(__file__).name}")

if failures:
    sys.exit(f"{len(failures)} failed")
print(f"{len(english)} texts in {len(texts)} languages, all used, none missing; {left} sentences of the core are English alone")
