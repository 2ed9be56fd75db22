#!/usr/bin/env python3
"""Plays every lesson of docs/lessons with `mid lesson play` at seed 1: what it promises must really happen. And: each has two
questions, figures that were measured over seeds, words in both languages, and a hand-out that keeps answers from the class."""
import concurrent.futures
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BIN = os.environ["MIDLAB_BIN"]
SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
FILES = sorted((SOURCE / "docs/lessons").glob("*.json"))
failures = []


def check(true, sentence):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


def mid(*words, code=0):
    run = subprocess.run([BIN, "lesson", *words], capture_output=True, text=True)
    check(run.returncode == code, f"mid lesson {' '.join(words)} ended with {run.returncode}, not {code}: {run.stderr}")
    return run


class Page(html.parser.HTMLParser):
    """Text of a page, and its elements that are not closed."""
    EMPTY = {"meta", "!doctype", "link", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.outside = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.outside += [v for k, v in attrs if k in ("src", "href")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def look_at_file(path, lesson):
    check(re.fullmatch(r"\d\d-" + re.escape(lesson["key"]), path.stem), f"{path.name} is called otherwise than its lesson, {lesson['key']}")
    check(sum("question" in s for s in lesson["steps"]) == 2, f"{path.name} has not two questions")
    check(10 <= lesson["minutes"] <= 30, f"{path.name} takes {lesson['minutes']} minutes")
    for i, step in enumerate(lesson["steps"], 1):
        for e in step["expect"]:
            where = f"{path.name}: step {i}, {e['measure']}"
            check("mean" in e and "sd" in e, f"{where} was not measured; run docs/write_lessons.py")
            check(e.get("low", -9e9) <= e.get("mean", 0) <= e.get("high", 9e9), f"{where} has a mean outside its range")
            if "low" in e and "high" in e and "than" not in e:
                check(e["high"] - e["low"] <= max(6 * e["sd"], .02) + .03 + .05 * abs(e["mean"]), f"{where} has a range wider than its seeds")


def look_at_handout(key):
    for language, teacher in (("en", "For the teacher"), ("de", "Für die Lehrkraft")):
        page = Page(mid("show", key, "--html", "--language", language).stdout)
        check(page.open in ([], ["html"]), f"the hand-out of {key} leaves {page.open} open")
        check(not page.outside, f"the hand-out of {key} needs {page.outside}")
        check("{" not in page.text, f"the hand-out of {key} has a place without a figure")
        check(teacher in page.text and "<b>" not in page.text, f"the hand-out of {key} has no page for the teacher")
        lesson = lessons[key]
        for number, step in enumerate(lesson["steps"], 1):
            see = (step["see"]["en"] if language == "en" else TEXTS[language][f"lesson.{key}.steps.{number}.see"]).split("{")[0].strip()
            if len(see) > 20:
                check(see not in page.text.split(teacher)[0], f"the hand-out of {key} tells the class what step will show: {see}")
                check(see in page.text.split(teacher)[1], f"the teacher's page of {key} lacks: {see}")


TEXTS = {"de": {}}
for group in json.loads((SOURCE / "core/teach/texts/de.json").read_text(encoding="utf-8")).values():
    TEXTS["de"] |= group

lessons = {}
for path in FILES:
    lesson = json.loads(path.read_text(encoding="utf-8"))
    lessons[lesson["key"]] = lesson
    look_at_file(path, lesson)
check(len(lessons) == 12, f"{len(lessons)} lessons instead of twelve")
listed = json.loads(mid("list", "--json").stdout)
check([l["key"] for l in listed] == [*lessons], "mid lesson list has others, or in another order, than docs/lessons: build again")
sentence = mid("show", "none", code=2).stderr
check("memory" in sentence and "found none" in sentence, f"a lesson that does not exist is refused with: {sentence}")

with tempfile.TemporaryDirectory() as cache, concurrent.futures.ThreadPoolExecutor(2) as pool:
    def play(key):
        run = subprocess.run([BIN, "lesson", "play", key, "--json", "--cache", cache], capture_output=True, text=True)
        return key, run.returncode, run.stderr, json.loads(run.stdout or "{}")
    for key, code, error, played in pool.map(play, lessons):
        check(code == 0, f"mid lesson play {key} ended with {code}: {error}")
        steps = played.get("steps", [])
        check(len(steps) == len(lessons[key]["steps"]), f"{key} played {len(steps)} steps")
        promises = 0
        for i, step in enumerate(steps, 1):
            for e in step["expect"]:
                promises += 1
                check(e["as_expected"], f"{key}, step {i}: {e['measure']} of {e['group']}" + (f" against step {e['than']}" if e["than"] else "") +
                      f" is {e['seen']}, promised {e['low']} to {e['high']}")
        check(promises == sum(len(s["expect"]) for s in lessons[key]["steps"]), f"{key} kept quiet about a promise")
    text = subprocess.run([BIN, "lesson", "play", "trees", "--language", "de", "--cache", cache], capture_output=True, text=True).stdout
    check("erwartet" in text and "✓" in text and "✗" not in text, "mid lesson play says nothing of what it found")

for key in lessons:
    look_at_handout(key)
print(f"{len(lessons)} lessons keep what they promise" if not failures else f"{len(failures)} checks failed")
sys.exit(1 if failures else 0)
