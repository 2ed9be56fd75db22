#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mid/base/channel.hpp"
#include "mid/base/context.hpp"
#include "mid/base/param.hpp"
#include "mid/model/outside/answer_text.hpp"

namespace mid {

/// The object "model" of a specification with kind "black_box": a model that only answers, behind a command or an address.
struct BlackBoxSpec {
  std::optional<std::vector<std::string>> command;  ///< program and arguments
  std::optional<std::string> url;                   ///< of the Open Inference Protocol V2: http://127.0.0.1:8000/v2/models/m
  std::optional<std::string> file;                  ///< trees, or a network of a number, in an ONNX file
  std::string output;                               ///< of a url: the tensor with the answers; empty: "output", or the only one
  bool as_table = false;                            ///< it takes a table's columns as they are, categories by their number
  bool fresh = false;                               ///< asking again gives another answer
  double tolerance = .01;
  double time_limit = 60;
  int retries = 5;
  int rows_per_question = 256;
  std::optional<int> budget;  ///< rows that a run may ask; none: as many as it needs
  static std::vector<Param> params();
  /// What identifies the model, without what only says how it is asked.
  ChannelSpec channel() const;
};
/// Throws Error unless exactly one of model.command, model.url and model.file is given, and makes sense.
void check_black_box(const BlackBoxSpec& spec);

/// A model outside of this program that is asked and answers. What it said is kept (in `cache` if there is one), so that nothing
/// is asked twice, in this run or a later one; `fresh` models are asked again for each `draw`. Answers are checked: their number,
/// finite, confidences between 0 and 1 that add up.
class Outside {
 public:
  /// `digest` names what can be known of it beside the specification (the bytes of the files in a command), part of the key
  /// under which answers are kept. Throws Error naming the field where this program has no such channel.
  Outside(const ChannelMaker& channels, BlackBoxSpec spec, Respondent asked, const std::string& digest, StageCache* cache);
  /// Answers to these rows (not normalised): rows x classes confidences, or rows x 1. Ticks while it waits. Throws Failure.
  Task answer(Context& context, Matrix inputs, std::uint64_t draw, Matrix& out);
  /// Different rows that this run needed (of a fresh model, each draw of them): what the budget is about.
  std::int64_t questions() const { return static_cast<std::int64_t>(needed_.size()); }

 private:
  Task open(Context& context, Eigen::Index inputs);
  Task ask(Context& context, const Matrix& inputs, std::vector<Eigen::Index> rows, std::vector<std::string> keys);
  std::string key_of_part(std::size_t part) const;
  void load();
  void keep(const std::vector<std::string>& keys, const MatrixD& answers);

  BlackBoxSpec spec_;
  Respondent asked_;
  StageCache* cache_;
  Json identity_;  // under which answers are kept
  std::unique_ptr<Channel> channel_;
  bool open_ = false;
  ServedModel served_;
  std::int64_t id_ = 0;
  std::unordered_map<std::string, std::vector<float>> known_;
  std::unordered_set<std::string> needed_;
  std::size_t part_ = 0;  // of the kept answers, the one that is being filled
  std::string part_bytes_;
  std::int64_t part_rows_ = 0;
};

/// A target that only answers, as one of the kinds of Model. It is looked at through `outside`, which outlives it.
struct BlackBox {
  Outside* outside = nullptr;
  int classes = 0;     ///< 0: it predicts a number
  bool fresh = false;  ///< asking again gives another answer
};

}  // namespace mid
