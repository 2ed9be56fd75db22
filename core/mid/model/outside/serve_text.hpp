#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"

// The other side of answer_text.hpp: how a model of midlab's own is asked and answers. Text in, numbers out.
namespace mid {

/// What is served.
struct Service {
  std::string name = "m";
  std::vector<std::string> columns;  ///< of the inputs; empty: nobody said
  std::vector<std::string> classes;  ///< empty: it answers with a number
  Eigen::Index inputs = 0;           ///< 0: as many as the first record has
  Eigen::Index outputs = 1;          ///< classes, or 1
};

/// A question, of either protocol.
struct InferenceRequest {
  Matrix inputs;  ///< records x inputs; NaN where null stood
  Json id;        ///< as it was given; null: it was not
};

/// GET v2/models/NAME of the Open Inference Protocol V2; names of inputs and classes are parameters of the tensors.
Json metadata_json(const Service& service);
/// The body of POST v2/models/NAME/infer. Throws Error that says what is wrong with it.
InferenceRequest read_infer_request(std::string_view body, const Service& service);
std::string infer_reply(const Service& service, const InferenceRequest& question, const Matrix& answers);
/// The same of a line (answer_text.hpp, question_line).
InferenceRequest read_question_line(std::string_view line, const Service& service);
std::string answer_line(const Service& service, const InferenceRequest& question, const Matrix& answers);

}  // namespace mid
