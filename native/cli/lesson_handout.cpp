#include "lesson_handout.hpp"

#include <string_view>

#include "mid/base/language.hpp"
#include "mid/report/svg.hpp"
#include "mid/version.hpp"

namespace mid::cli {
namespace {

std::string word(const std::string& key, std::string_view language) { return std::string(mid::text_of("handout." + key, language)); }

std::string settings(const LessonStep& step) {
  std::string out = "preset:" + step.preset;
  for (const auto& [field, value] : step.set.items())
    out += "; " + field + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
  return out;
}

std::string expectation_line(const Expectation& e, const std::string& language) {
  std::string line = expectation_name(e, language) + ": " + expectation_range(e, language);
  if (e.mean) line += " (" + word("measured", language) + " " + expectation_value(e, *e.mean, language) + ")";
  return line;
}

constexpr const char* kStyle = R"(
body { font: 11pt/1.5 system-ui, sans-serif; color: #161d2b; max-width: 42em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 .3em }
h2 { font-size: 13pt; margin: 1.4em 0 .3em; break-after: avoid }
header p, footer, small { color: #454c59 }
section { break-inside: avoid }
.name { display: flex; gap: 2em; margin: 1.2em 0 }
.name span { flex: 1; border-bottom: 1px solid #86888e }
ol.options { list-style: none; padding: 0; margin: .3em 0 }
ol.options li::before { content: "☐ "; font-size: 13pt }
.lines { border-bottom: 1px solid #86888e; height: 2em }
.ask { font-weight: 600 }
.teacher { break-before: page; border-top: 2px solid #161d2b; padding-top: 1em; margin-top: 3em }
.teacher li { margin: .3em 0 }
code { font-size: 9pt; overflow-wrap: anywhere }
@page { margin: 18mm }
@media print { body { margin: 0; max-width: none; padding: 0 } .teacher { border: 0; margin: 0; padding: 0 } }
)";

}  // namespace

std::string handout_text(const Lesson& l, const std::string& language) {
  std::string out =
      l.title.in(language) + " (" + std::to_string(l.minutes) + " " + word("minutes", language) + ")\n" + l.goal.in(language) + "\n";
  for (std::size_t i = 0; i < l.steps.size(); ++i) {
    const LessonStep& s = l.steps[i];
    out += "\n" + std::to_string(i + 1) + ". " + lesson_text(l, i, s.say, language) + "\n   " + settings(s) + "\n";
    if (s.question) {
      out += "   " + lesson_text(l, i, s.question->ask, language) + "\n";
      for (std::size_t o = 0; o < s.question->options.size(); ++o)
        out += std::string("   ") + (o == s.question->answer ? "[x] " : "[ ] ") + s.question->options[o].in(language) + "\n";
    }
    out += "   " + lesson_text(l, i, s.see, language) + "\n";
    for (const Expectation& e : s.expect) out += "   - " + expectation_line(e, language) + "\n";
  }
  out += "\n" + word("teacher", language) + "\n";
  for (const Words& note : l.teacher) out += "- " + lesson_text(l, l.steps.size(), note, language) + "\n";
  return out;
}

std::string handout_html(const Lesson& l, const std::string& language) {
  const auto say = [&](const char* key) { return escaped_markup(word(key, language)); };
  const auto text = [&](std::size_t i, const Words& w) { return escaped_markup(lesson_text(l, i, w, language)); };
  std::string out = "<!doctype html>\n<html lang=\"" + std::string(language) +
                    "\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
                    escaped_markup(l.title.in(language)) + "</title>\n<style>" + kStyle + "</style>\n<header>\n<h1>" +
                    escaped_markup(l.title.in(language)) + "</h1>\n<p>midlab " + escaped_markup(kVersion) + " · " +
                    std::to_string(l.minutes) + " " + say("minutes") + " · <code>" + escaped_markup(l.key) +
                    "</code></p>\n</header>\n<div class=\"name\">" + say("name") + " <span></span></div>\n<h2>" + say("goal") +
                    "</h2>\n<p>" + escaped_markup(l.goal.in(language)) + "</p>\n";
  for (std::size_t i = 0; i < l.steps.size(); ++i) {
    const LessonStep& s = l.steps[i];
    out += "<section>\n<h2>" + say("step") + " " + std::to_string(i + 1) + "</h2>\n<p>" + text(i, s.say) + "</p>\n";
    if (s.question) {
      out += "<p class=\"ask\">" + text(i, s.question->ask) + "</p>\n<ol class=\"options\">\n";
      for (const Words& option : s.question->options) out += "<li>" + escaped_markup(option.in(language)) + "</li>\n";
      out += "</ol>\n<small>" + say("first") + "</small>\n<div class=\"lines\"></div>\n";
    }
    out += "<p>" + say("seen") + ":</p>\n<div class=\"lines\"></div>\n<div class=\"lines\"></div>\n</section>\n";
  }
  out += "<div class=\"teacher\">\n<h1>" + say("teacher") + "</h1>\n<ul>\n";
  for (const Words& note : l.teacher) out += "<li>" + text(l.steps.size(), note) + "</li>\n";
  out += "</ul>\n";
  for (std::size_t i = 0; i < l.steps.size(); ++i) {
    const LessonStep& s = l.steps[i];
    out += "<section>\n<h2>" + say("step") + " " + std::to_string(i + 1) + "</h2>\n";
    if (s.question)
      out += "<p>" + say("answer") + ": <b>" + escaped_markup(s.question->options[s.question->answer].in(language)) + "</b></p>\n";
    out += "<p>" + text(i, s.see) + "</p>\n<small>" + say("expected") + "</small>\n<ul>\n";
    for (const Expectation& e : s.expect) out += "<li>" + escaped_markup(expectation_line(e, language)) + "</li>\n";
    out += "</ul>\n<small>" + say("set") + ": <code>" + escaped_markup(settings(s)) + "</code></small>\n</section>\n";
  }
  return out + "<p><small>" + say("how") + "</small></p>\n</div>\n</html>\n";
}

}  // namespace mid::cli
