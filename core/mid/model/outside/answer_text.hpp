#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"

// The words in which models outside are asked and answer: docs/own-model.md, "Anything that answers". Text in, numbers out.
namespace mid {

/// Who is asked, and what an answer must be like.
struct Respondent {
  Message name;                      ///< begins every sentence (ChannelSpec::name)
  std::vector<std::string> columns;  ///< the inputs, in their order; empty: they are pixels
  std::vector<std::string> classes;  ///< in their order; empty: a number is asked for
  double tolerance = .01;            ///< how far the confidences of an answer may be from 1 in sum
  std::string output;                ///< the tensor that holds the answers; empty: "output", or the only one
  Eigen::Index width() const { return classes.empty() ? 1 : static_cast<Eigen::Index>(classes.size()); }
};

/// Appends the numbers as JSON, row after row with commas between them, `nested` each row in brackets. What is missing is null.
void append_rows(std::string& to, MatrixRef numbers, bool nested);

/// {"id":7,"columns":[...],"inputs":[[...],...]} on one line. What is missing is null.
std::string question_line(std::int64_t id, const Respondent& asked, MatrixRef inputs);
/// The answers of {"id":7,"probabilities":[[...],...]} or {"id":7,"values":[...]}, rows x width. "classes", where it is there, must
/// be the data's. Throws Failure that says what is wrong with it.
MatrixD read_answer_line(std::string_view line, std::int64_t id, Eigen::Index rows, const Respondent& asked);

/// What a server of the Open Inference Protocol V2 says of a model: GET v2/models/NAME.
struct ServedModel {
  std::string input = "input", output = "output";  ///< names of its tensors
  Json identity;                                   ///< name, versions, platform
};
/// Reads that. Throws Error naming model.url when it takes another number of inputs than `inputs`, answers with other numbers than
/// `asked` says, or names them otherwise.
ServedModel read_metadata(std::string_view text, Eigen::Index inputs, const Respondent& asked);
/// The body of POST v2/models/NAME/infer: one tensor FP32 [rows, inputs].
std::string infer_request(const ServedModel& model, MatrixRef inputs);
/// The answers in its reply, rows x width. Throws Failure.
MatrixD read_infer_reply(std::string_view text, const ServedModel& model, Eigen::Index rows, const Respondent& asked);

/// The most bytes that an answer about so many rows may have.
std::size_t most_bytes(Eigen::Index rows, const Respondent& asked);

}  // namespace mid
