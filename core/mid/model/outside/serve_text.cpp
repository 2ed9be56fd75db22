#include "mid/model/outside/serve_text.hpp"

#include <cmath>
#include <limits>

#include "mid/base/param.hpp"
#include "mid/model/outside/answer_text.hpp"

namespace mid {
namespace {

constexpr std::size_t kLargestQuestion = std::size_t{64} << 20;

float number_of(const Json& value) {
  if (value.is_null()) return std::numeric_limits<float>::quiet_NaN();
  if (value.is_boolean()) return value.get<bool>() ? 1.f : 0.f;
  if (!value.is_number()) throw Error("inputs", Message("refusal.serve_number").with("found", shown(value)));
  return value.get<float>();
}

[[noreturn]] void refuse_width(std::size_t row, std::size_t found, std::size_t width) {
  throw Error("inputs", Message("refusal.serve_width")
                            .with("row", std::to_string(row + 1))
                            .with("found", std::to_string(found))
                            .with("wanted", std::to_string(width)));
}

/// Nested lists, or one number after the other.
Matrix rows_of(const Json& data, const Service& service) {
  if (!data.is_array() || data.empty()) throw Error("inputs", Message("refusal.serve_rows").with("found", shown(data)));
  const std::size_t width = service.inputs > 0 ? static_cast<std::size_t>(service.inputs) : data[0].is_array() ? data[0].size() : 1;
  if (!data[0].is_array()) {
    if (data.size() % width != 0) refuse_width(data.size() / width, data.size() % width, width);
    Matrix out(static_cast<Eigen::Index>(data.size() / width), static_cast<Eigen::Index>(width));
    for (std::size_t i = 0; i < data.size(); ++i) out.data()[i] = number_of(data[i]);
    return out;
  }
  Matrix out(static_cast<Eigen::Index>(data.size()), static_cast<Eigen::Index>(width));
  for (std::size_t r = 0; r < data.size(); ++r) {
    if (!data[r].is_array()) throw Error("inputs", Message("refusal.serve_number").with("found", shown(data[r])));
    if (data[r].size() != width) refuse_width(r, data[r].size(), width);
    for (std::size_t c = 0; c < width; ++c) out(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = number_of(data[r][c]);
  }
  return out;
}

Json object_of(std::string_view text) {
  Json j = parse_json(text, "the question", kLargestQuestion);
  if (!j.is_object()) throw Error("the question", Message("refusal.object").with("found", shown(j)));
  return j;
}

}  // namespace

Json metadata_json(const Service& service) {
  Json input{{"name", "input"}, {"datatype", "FP32"}, {"shape", {-1, service.inputs}}},
      output{{"name", "output"}, {"datatype", "FP32"}, {"shape", {-1, service.outputs}}};
  if (!service.columns.empty()) input["parameters"] = {{"columns", service.columns}};
  if (!service.classes.empty()) output["parameters"] = {{"classes", service.classes}};
  return {{"name", service.name},
          {"versions", {"1"}},
          {"platform", "midlab"},
          {"inputs", Json::array({input})},
          {"outputs", Json::array({output})}};
}

InferenceRequest read_infer_request(std::string_view body, const Service& service) {
  const Json j = object_of(body);
  const Json inputs = j.value("inputs", Json());
  if (!inputs.is_array() || inputs.size() != 1 || !inputs[0].is_object())
    throw Error("inputs", Message("refusal.serve_tensor").with("found", shown(inputs)));
  InferenceRequest question{rows_of(inputs[0].value("data", Json()), service), j.value("id", Json())};
  if (const Json shape = inputs[0].value("shape", Json());
      shape.is_array() && (shape.size() != 2 || shape[0] != Json(question.inputs.rows()) || shape[1] != Json(service.inputs)))
    throw Error("shape", Message("refusal.must_be")
                             .with("allowed", "[" + std::to_string(question.inputs.rows()) + "," + std::to_string(service.inputs) + "]")
                             .with("found", shown(shape)));
  return question;
}

std::string infer_reply(const Service& service, const InferenceRequest& question, const Matrix& answers) {
  std::string out = "{\"model_name\":" + Json(service.name).dump() + ",\"model_version\":\"1\",";
  if (!question.id.is_null()) out += "\"id\":" + question.id.dump() + ",";
  out += "\"outputs\":[{\"name\":\"output\",\"shape\":[" + std::to_string(answers.rows()) + "," + std::to_string(answers.cols()) +
         "],\"datatype\":\"FP32\",\"data\":[";
  append_rows(out, answers, false);
  return out + "]}]}";
}

InferenceRequest read_question_line(std::string_view line, const Service& service) {
  const Json j = object_of(line);
  const Json columns = j.value("columns", Json());
  if (columns.is_array() && !service.columns.empty() && columns != Json(service.columns))
    throw Error("columns", Message("refusal.serve_columns").with("found", shown(columns)).with("wanted", shown(Json(service.columns))));
  return {rows_of(j.value("inputs", Json()), service), j.value("id", Json())};
}

std::string answer_line(const Service& service, const InferenceRequest& question, const Matrix& answers) {
  std::string out = "{\"id\":" + question.id.dump() + ",";
  if (!service.classes.empty()) out += "\"classes\":" + Json(service.classes).dump() + ",";
  out += service.outputs > 1 ? "\"probabilities\":[" : "\"values\":[";
  append_rows(out, answers, service.outputs > 1);
  return out + "]}\n";
}

}  // namespace mid
