#include <algorithm>
#include <cstdio>
#include <iostream>

#include "commands.hpp"
#include "common.hpp"
#include "lesson_handout.hpp"
#include "mid/base/language.hpp"
#include "mid/report/words.hpp"
#include "mid/session/session.hpp"
#include "mid/teach/lesson.hpp"

namespace mid::cli {
namespace {

/// The result of one specification; throws Failure when it could not be finished.
Result result_of(Session& session, const Json& spec) {
  session.command({{"do", "run"}, {"spec", spec}});
  while (session.advance(kSlice))
    if (interrupted) {
      const Keeping keeping;
      session.command({{"do", "cancel"}});
      throw Failure("interrupted; finished steps are kept, play the lesson again");
    }
  if (session.state() != Session::State::done) throw Failure(session.error());
  return session.outcome()->result;
}

std::string padded(std::string text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ');
}

}  // namespace

int lesson_list(const std::string& language, bool json) {
  Json all = Json::array();
  for (const Lesson& l : lessons()) {
    all.push_back({{"key", l.key}, {"title", l.title.in(language)}, {"minutes", l.minutes}, {"steps", l.steps.size()}});
    if (!json) std::cout << padded(l.key, 22) << l.minutes << " min  " << l.title.in(language) << "\n";
  }
  if (json) print(all.dump(2) + "\n");
  return 0;
}

int lesson_show(const std::string& name, const std::string& language, bool html) {
  std::cout << (html ? handout_html(lesson(name), language) : handout_text(lesson(name), language));
  return 0;
}

int lesson_play(const LessonOptions& options) {
  const Lesson& l = lesson(options.name);
  check_cache(options.cache);
  catch_interrupts();
  const std::string& in = options.language;
  Session session(options.cache);
  std::vector<Result> results;
  Json all = {{"key", l.key}, {"seed", options.seed}, {"steps", Json::array()}};
  bool good = true;
  const Played seen = [&](std::size_t step, const Expectation& e) {
    return step < results.size() ? figure_of(e, results[step]) : std::nullopt;
  };
  if (!options.json) std::cout << l.title.in(in) << "\n";
  for (std::size_t i = 0; i < l.steps.size(); ++i) {
    const LessonStep& step = l.steps[i];
    if (!options.json) {
      std::cout << "\n" << i + 1 << ". " << lesson_text(l, i, step.say, in, seen) << "\n";
      if (step.question) std::cout << "   " << lesson_text(l, i, step.question->ask, in, seen) << "\n";
      std::cout.flush();
    }
    results.push_back(result_of(session, step_spec(step, options.seed)));
    if (step.question && !options.json) std::cout << "   " << step.question->options[step.question->answer].in(in) << "\n";
    if (!options.json) std::cout << "   " << lesson_text(l, i, step.see, in, seen) << "\n";
    Json findings = Json::array();
    for (const Expectation& e : step.expect) {
      const Finding f = found(e, figure_of(e, results[i]), e.than ? figure_of(e, results[*e.than]) : std::nullopt);
      good = good && f.as_expected;
      findings.push_back({{"measure", e.measure},
                          {"group", e.group},
                          {"than", e.than ? Json(*e.than + 1) : Json()},
                          {"low", e.low ? Json(*e.low) : Json()},
                          {"high", e.high ? Json(*e.high) : Json()},
                          {"seen", f.seen ? Json(*f.seen) : Json()},
                          {"as_expected", f.as_expected}});
      if (!options.json)
        std::cout << "   " << (f.as_expected ? "\u2713 " : "\u2717 ")
                  << filled(mid::text_of("lesson.seen", in), {{"name", expectation_name(e, in)},
                                                              {"value", f.seen ? expectation_value(e, *f.seen, in) : "\u2013"},
                                                              {"range", expectation_range(e, in)}})
                  << "\n";
    }
    all["steps"].push_back({{"id", results[i].id}, {"expect", findings}});
  }
  all["as_expected"] = good;
  if (options.json) print(all.dump(2) + "\n");
  if (!good)
    std::fprintf(
        stderr, "mid: not everything came as the lesson says; another seed is another draw, and with seed 1 it is a fault of this build\n");
  return good ? 0 : 1;
}

}  // namespace mid::cli
