#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/message.hpp"
#include "mid/measure/measure.hpp"

namespace mid::ui {

/// Reconstructions to look at: rows x height x width bytes each; empty where there are none yet.
struct Sheet {
  int height = 0, width = 0, rows = 0;
  std::vector<std::uint8_t> truth, guess, average;
  std::vector<double> line_up;
  std::vector<std::string> names;
  /// How the guesses came to be, of attacks that go step by step.
  struct Path {
    std::vector<int> step;           ///< increasing, from 0; empty: there is nothing to tell
    std::vector<double> confidence;  ///< steps x rows
    std::vector<double> detail;      ///< of each step
    std::vector<int> best_step;      ///< of each row
    std::vector<std::uint8_t> pictures;
    /// The place in `step` of what the attacker had at step `at`.
    std::size_t frame_at(int at) const;
    /// How sure the model was there, over all rows.
    double confidence_of(std::size_t frame) const;
  } path;
};

/// What an attribute attack believes; lists are row-major, values.size() to a row.
struct Beliefs {
  std::vector<std::string> values;
  std::vector<int> truth;
  std::vector<double> before, after, conditional_mean, conditional_sd, answer;
  std::string secret;          ///< its name
  std::vector<double> target;  ///< of a regression: what would have been right
  bool root = false;           ///< bells and answers are its root
  int rows() const { return static_cast<int>(truth.size()); }
  /// The value with the largest probability in row `row` of `list` (before or after).
  int guess(const std::vector<double>& list, int row) const;
};

struct Progress {
  std::string stage, unit;
  int done = 0, total = 0;
  double fraction = 0, seconds = 0;
  std::optional<double> seconds_left;
  Json live = Json::object();
};

/// A snapshot of the Session (core/mid/session/session.hpp), read into what panels use.
struct Snapshot {
  enum class State { idle, running, paused, done, failed } state = State::idle;
  int tag = 0;
  Json spec;
  Progress progress;
  Json result;                    ///< null while there is none
  std::vector<Message> warnings;  ///< of the result
  std::optional<Sheet> sheet;
  std::optional<Beliefs> beliefs;
  Json tree;                       ///< as it is drawn; null: none
  Json table, file;                ///< answers to "describe" and "export"; null: none
  std::string error_field, error;  ///< empty: none
  Message message;                 ///< the same as error
  int undo = 0, redo = 0;          ///< steps that there are
  Json saved;                      ///< all that is worth keeping; null: unchanged
};

/// Throws Json::exception or Error for something that is no snapshot.
Snapshot read_snapshot(const Json& j);

/// The measure `name` of a result's group ("utility", "privacy", "information"); without value if it has none.
Measure measure_of(const Json& result, const char* group, std::string_view name);

/// Seconds that training and attack took.
double seconds_of(const Json& result);

}  // namespace mid::ui
