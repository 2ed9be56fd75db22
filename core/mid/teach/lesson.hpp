#pragma once
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/report/result.hpp"

namespace mid {

/// A text of a lesson: English in the lesson's file, which may bring other languages along; else they are texts of theirs
/// (core/teach/texts) under "lesson.KEY." and the field's path.
struct Words {
  std::string key;                                      ///< "lesson.trees.steps.1.say"
  std::map<std::string, std::string, std::less<>> own;  ///< by language
  /// In `language` ("en", "de"); English where that is missing.
  std::string in(std::string_view language) const;
};

/// What a step promises about one figure of its run: a range for the figure, or for how far it lies above that of an
/// earlier step. docs/write_lessons.py measures mean and sd over seeds and looks that no seed breaks the promise.
struct Expectation {
  std::string measure, group;       ///< "line_up" of "privacy"
  std::optional<double> low, high;  ///< in the measure's unit; a missing end is open
  std::optional<std::size_t> than;  ///< the step (from 0) whose figure is subtracted
  std::optional<double> mean;       ///< of the figure, or of the difference
  double sd = 0;
  std::string unit;  ///< as Measure::unit
};

/// Asked before the run of its step: predict, then run.
struct Question {
  Words ask;
  std::vector<Words> options;  ///< two to four
  std::size_t answer = 0;      ///< index of the right one
};

/// Where a guided tour stands for a while on the stage, once the run of its step is there.
struct TourStop {
  std::string at;      ///< "picture", "network", "numbers", "attacker" or "drawing", of one picture
  double seconds = 6;  ///< 1 to 60
  Words say;           ///< what is to be seen there
};

struct LessonStep {
  Words say;  ///< what is done and why, before the run
  Words see;  ///< what the run shows, after it
  std::string preset;
  Json set = Json::object();  ///< fields of the preset that the step changes, by path ("defense.beta": 0.1)
  std::vector<Expectation> expect;
  std::optional<Question> question;
  std::vector<TourStop> stops;  ///< of a guided tour; empty otherwise
};

/// A lesson of docs/lessons: what command line, window and page play and what a hand-out prints.
struct Lesson {
  std::string key;
  Words title, goal;
  int minutes = 0;
  std::vector<LessonStep> steps;
  std::vector<Words> teacher;  ///< notes for whoever gives it
};

/// Reads a lesson from JSON text. Throws Error naming `file` and the field for what is not JSON, a field that is missing,
/// unknown or of the wrong type, a measure that no run of the step gives, a specification that the core refuses, a question
/// on the first step (which runs at once, so that there is something to ask about), or a {place} in a text without a figure.
Lesson read_lesson(const std::string& text, const std::string& file);

/// The lessons that come along, in the order in which they are given.
std::span<const Lesson> lessons();
/// Guided tours (core/teach/tours): lessons of a minute that stop on the stage. They are not among lessons().
std::span<const Lesson> tours();
/// The lesson or tour called `key`; null: there is none.
const Lesson* find_lesson(const std::string& key);
/// The same; throws Error that lists the keys.
const Lesson& lesson(const std::string& key);

/// The complete specification of a step.
Json step_spec(const LessonStep& step, std::uint64_t seed);

/// The figure of an expectation in somebody's own run of a step (from 0); empty: there is none.
using Played = std::function<std::optional<double>(std::size_t step, const Expectation& expectation)>;
/// The text with {measure} and {measure:STEP} (from 1) replaced by the figure that was played, or else by the mean that was
/// measured for that step; `here` is the step that the text belongs to.
std::string lesson_text(const Lesson& lesson, std::size_t here, const Words& text, std::string_view language, const Played& played = {});

/// What became of an expectation.
struct Finding {
  std::optional<double> seen;  ///< the figure or the difference; empty: not measured
  bool as_expected = false;
};
/// `figure`: of the step's own run; `earlier`: the same of the step that it is compared with.
Finding found(const Expectation& expectation, std::optional<double> figure, std::optional<double> earlier);
/// The figure that an expectation is about; empty if the result lacks it.
std::optional<double> figure_of(const Expectation& expectation, const Result& result);

/// What is measured, in plain words: "right picture out of 10", "..., against step 1".
std::string expectation_name(const Expectation& expectation, std::string_view language);
/// The range: "31 to 86 %", "at most −10 points".
std::string expectation_range(const Expectation& expectation, std::string_view language);
/// A value of it: "58 %", "−34 points".
std::string expectation_value(const Expectation& expectation, double value, std::string_view language);

}  // namespace mid
