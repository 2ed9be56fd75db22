// A lesson's file, and what is said of each of its steps.
#include "mid/teach/lesson.hpp"
#include "fuzz.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::reads([&] {
    const Lesson lesson = read_lesson(text, "lesson.json");
    for (const char* language : {"en", "de"})
      for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
        fuzz::check_text(lesson_text(lesson, i, lesson.steps[i].see, language), "a lesson's text");
        for (const Expectation& e : lesson.steps[i].expect) {
          fuzz::check_text(expectation_name(e, language), "an expectation's name");
          fuzz::check_text(expectation_range(e, language), "an expectation's range");
          fuzz::check_text(expectation_value(e, e.low.value_or(e.high.value_or(0)), language), "an expectation's value");
        }
      }
  });
  return 0;
}
