#include "mid/teach/lesson.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/base/fields.hpp"
#include "mid/base/language.hpp"
#include "mid/base/param.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/measure/figure.hpp"
#include "mid/teach/embedded_files.hpp"

namespace mid {
namespace {

Words words(const Json& j, const std::string& file, const std::string& path) {
  Fields r(j, file, path);
  Words out;
  out.key = path;  // read_lesson puts the lesson's key before it
  for (const Language& l : languages())
    if (const std::string code(l.code); code == "en" || r.maybe(code.c_str())) out.own[code] = r.text(code.c_str());
  r.end();
  return out;
}
Words words(Fields& r, const char* field) { return words(r.must(field), r.file(), r.at(field)); }

Expectation expectation(const Json& j, const std::string& file, const std::string& path, std::size_t step, const Json& spec) {
  Fields r(j, file, path);
  Expectation e;
  e.measure = r.text("measure"), e.group = r.text("group");
  const FigureNames names = figure_names(spec);
  const bool privacy = e.group == "privacy";
  if (!privacy && e.group != "utility" && e.group != "information")
    r.fail("group", "must be utility, privacy or information, found " + e.group);
  const auto& known = privacy ? names.privacy : e.group == "utility" ? names.utility : names.information;
  refuse_renamed_figure(e.measure, r.file() + ": " + r.at("measure"));
  const bool begins = privacy && std::ranges::any_of(names.privacy_beginnings, [&](const auto& b) { return e.measure.starts_with(b); });
  if (!begins && std::find(known.begin(), known.end(), e.measure) == known.end())
    r.fail("measure", "must be a figure that the step's run gives (" + listed(known) + "), found " + e.measure);
  if (r.maybe("than")) {
    if (step == 0) r.fail("than", "must not stand on the first step, which has none before it; remove it");
    // The page remembers those of earlier runs only.
    if (e.group == "information") r.fail("than", "must not stand beside a figure of information; give its range instead");
    e.than = static_cast<std::size_t>(r.integer("than", 1, static_cast<std::int64_t>(step)) - 1);
  }
  e.low = r.number("low"), e.high = r.number("high"), e.mean = r.number("mean");
  e.sd = r.number("sd").value_or(0);
  if (r.maybe("unit")) e.unit = r.must("unit").is_string() ? r.must("unit").get<std::string>() : r.text("unit");
  if (!e.low && !e.high) r.fail("low", "is missing, and so is high; give at least one of them");
  if (e.low && e.high && *e.low > *e.high) r.fail("low", "must not lie above high, found " + shown(r.must("low")));
  r.end();
  return e;
}

Question question(const Json& j, const std::string& file, const std::string& path) {
  Fields r(j, file, path);
  Question q;
  q.ask = words(r, "ask");
  for (const Json& option : r.list("options", 2, 4))
    q.options.push_back(words(option, file, r.at("options." + std::to_string(q.options.size() + 1))));
  q.answer = static_cast<std::size_t>(r.integer("answer", 0, static_cast<std::int64_t>(q.options.size()) - 1));
  r.end();
  return q;
}

TourStop stop(const Json& j, const std::string& file, const std::string& path) {
  Fields r(j, file, path);
  TourStop s;
  s.at = r.one_of("at", {"picture", "network", "numbers", "attacker", "drawing"});
  s.seconds = static_cast<double>(r.integer("seconds", 1, 60));
  s.say = words(r, "say");
  r.end();
  return s;
}

LessonStep step(const Json& j, const std::string& file, const std::string& path, std::size_t index, const std::string& preset,
                const Json& shared) {
  Fields r(j, file, path);
  LessonStep s;
  s.preset = preset;
  s.say = words(r, "say"), s.see = words(r, "see");
  s.set = r.settings("set");
  for (const auto& [field, value] : shared.items())
    if (!s.set.contains(field)) s.set[field] = value;
  Json spec;
  try {
    spec = step_spec(s, 1);
  } catch (const Error& e) {
    r.fail("set", std::string("is no specification: ") + e.what());
  }
  for (const Json& e : r.list("expect", 1, 5))
    s.expect.push_back(expectation(e, file, r.at("expect." + std::to_string(s.expect.size() + 1)), index, spec));
  if (const Json* q = r.maybe("question")) {
    if (index == 0) r.fail("question", "must not stand on the first step, which runs at once; move it to a later one");
    s.question = question(*q, file, r.at("question"));
  }
  if (r.maybe("stops"))
    for (const Json& one : r.list("stops", 1, 8)) s.stops.push_back(stop(one, file, r.at("stops." + std::to_string(s.stops.size() + 1))));
  r.end();
  return s;
}

/// `f(step, text)` for every text; those of the whole lesson stand behind its last step.
void for_each_text(Lesson& lesson, const std::function<void(std::size_t, Words&)>& f) {
  const std::size_t whole = lesson.steps.size();
  f(whole, lesson.title), f(whole, lesson.goal);
  for (std::size_t i = 0; i < whole; ++i) {
    LessonStep& s = lesson.steps[i];
    f(i, s.say), f(i, s.see);
    for (TourStop& stop : s.stops) f(i, stop.say);
    if (!s.question) continue;
    f(i, s.question->ask);
    for (Words& option : s.question->options) f(i, option);
  }
  for (Words& note : lesson.teacher) f(whole, note);
}

}  // namespace

Lesson read_lesson(const std::string& text, const std::string& file) {
  const Json j = parse_spec(text, file);
  Fields r(j, file, "");
  r.integer("version", 1, 1);
  Lesson out;
  out.key = r.text("key");
  out.title = words(r, "title"), out.goal = words(r, "goal");
  out.minutes = static_cast<int>(r.integer("minutes", 1, 120));
  const std::string preset = r.one_of("preset", preset_names());
  const Json shared = r.settings("set");
  for (const Json& s : r.list("steps", 2, 8))
    out.steps.push_back(step(s, file, "steps." + std::to_string(out.steps.size() + 1), out.steps.size(), preset, shared));
  for (const Json& note : r.list("teacher", 1, 8))
    out.teacher.push_back(words(note, file, "teacher." + std::to_string(out.teacher.size() + 1)));
  r.end();
  for_each_text(out, [&](std::size_t, Words& one) { one.key = "lesson." + out.key + "." + one.key; });
  // Every {place} must have a figure, in every language.
  for (const Language& l : languages()) try {
      for_each_text(out, [&](std::size_t step, const Words& one) { lesson_text(out, step, one, l.code); });
    } catch (const Error& e) {
      throw Error(file, e.what());
    }
  return out;
}

namespace {

std::vector<Lesson> all_of(std::span<const EmbeddedFile> files) {
  std::vector<Lesson> out;
  for (const EmbeddedFile& f : files) out.push_back(read_lesson(std::string(f.text), std::string(f.name)));
  return out;
}

}  // namespace

std::span<const Lesson> lessons() {
  static const std::vector<Lesson> all = all_of(lesson_files());
  return all;
}

std::span<const Lesson> tours() {
  static const std::vector<Lesson> all = all_of(tour_files());
  return all;
}

const Lesson* find_lesson(const std::string& key) {
  for (const std::span<const Lesson> all : {lessons(), tours()})
    if (const auto found = std::ranges::find(all, key, &Lesson::key); found != all.end()) return &*found;
  return nullptr;
}

const Lesson& lesson(const std::string& key) {
  if (const Lesson* found = find_lesson(key)) return *found;
  std::vector<std::string> keys;
  for (const Lesson& l : lessons()) keys.push_back(l.key);
  throw Error("lesson", Message("refusal.must_be_one_of").with("allowed", either_of(keys)).with("found", key));
}

Json step_spec(const LessonStep& step, std::uint64_t seed) {
  Json fields = step.set;
  fields["seed"] = seed;
  return with_fields(preset(step.preset), fields);
}

std::optional<double> figure_of(const Expectation& e, const Result& result) {
  const auto& group = e.group == "utility" ? result.utility : e.group == "privacy" ? result.privacy : result.information;
  const auto at = group.find(e.measure);
  return at == group.end() ? std::nullopt : at->second.value;
}

Finding found(const Expectation& e, std::optional<double> figure, std::optional<double> earlier) {
  Finding f;
  if (!figure || (e.than && !earlier)) return f;
  f.seen = *figure - (e.than ? *earlier : 0);
  f.as_expected = (!e.low || *f.seen >= *e.low) && (!e.high || *f.seen <= *e.high);
  return f;
}

}  // namespace mid
