#include "mid/model/outside/answer_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "mid/base/param.hpp"
#include "mid/base/text.hpp"

namespace mid {
namespace {

constexpr std::size_t kMostShown = 160;  // of what somebody answered, in a sentence

std::string in_quotes(std::string_view text) { return shown(Json(printable(text.substr(0, kMostShown)))); }

Message about(const Respondent& asked, const char* key) { return Message(key).with("who", asked.name); }

void append(std::string& to, float value) {
  if (!std::isfinite(value)) {
    to += "null";
    return;
  }
  char text[48];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  to.append(text, end);
}

/// Whatever came, as an object.
Json object_of(std::string_view text, const Respondent& asked) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && text[start] == '<')
    throw Failure(about(asked, "refusal.outside_html").with("found", in_quotes(text)));
  Json j;
  try {
    j = parse_json(text, "the answer", text.size() + 1);
  } catch (const Error& error) {
    // What Python writes for a number that is none, and JSON does not know.
    if (text.find("NaN") != std::string_view::npos || text.find("Infinity") != std::string_view::npos)
      throw Failure(about(asked, "refusal.outside_nan"));
    throw Failure(about(asked, "refusal.outside_not_json").with("found", in_quotes(text)).with("why", error.message()));
  }
  if (!j.is_object())
    throw Failure(
        about(asked, "refusal.outside_not_json").with("found", in_quotes(text)).with("why", Message("refusal.outside_no_object")));
  return j;
}

void throw_if_refused(const Json& j, const Respondent& asked) {
  if (j.contains("error") && !j["error"].is_null())
    throw Failure(about(asked, "refusal.outside_error")
                      .with("found", j["error"].is_string() ? in_quotes(j["error"].get<std::string>()) : shown(j["error"])));
}

double number_of(const Json& value, Eigen::Index row, const Respondent& asked) {
  if (value.is_null()) throw Failure(about(asked, "refusal.outside_nan"));
  if (!value.is_number())
    throw Failure(about(asked, "refusal.outside_no_number").with("row", std::to_string(row + 1)).with("found", shown(value)));
  const double x = value.get<double>();
  if (!std::isfinite(static_cast<float>(x))) throw Failure(about(asked, "refusal.outside_nan"));
  return x;
}

Message numbers_wanted(const Respondent& asked) {
  return asked.classes.empty() ? Message("refusal.outside_one_number")
                               : Message("refusal.outside_number_a_class").with("n", std::to_string(asked.classes.size()));
}

[[noreturn]] void refuse_rows(Eigen::Index found, Eigen::Index rows, const Respondent& asked) {
  throw Failure(about(asked, "refusal.outside_rows").with("found", std::to_string(found)).with("rows", std::to_string(rows)));
}

[[noreturn]] void refuse_width(Eigen::Index row, std::size_t found, const Respondent& asked) {
  throw Failure(about(asked, "refusal.outside_width")
                    .with("row", std::to_string(row + 1))
                    .with("found", std::to_string(found))
                    .with("wanted", numbers_wanted(asked)));
}

/// Confidences are confidences; a number is any number.
void check_values(const MatrixD& answers, const Respondent& asked) {
  if (asked.classes.empty()) return;
  for (Eigen::Index r = 0; r < answers.rows(); ++r) {
    for (Eigen::Index c = 0; c < answers.cols(); ++c)
      if (answers(r, c) < -1e-6 || answers(r, c) > 1 + 1e-6)
        throw Failure(about(asked, "refusal.outside_range").with("row", std::to_string(r + 1)).with("found", shown(Json(answers(r, c)))));
    const double sum = answers.row(r).sum();
    if (std::abs(sum - 1) > asked.tolerance)
      throw Failure(about(asked, "refusal.outside_sum")
                        .with("row", std::to_string(r + 1))
                        .with("found", shown(Json(sum)))
                        .with("tolerance", shown(Json(asked.tolerance))));
  }
}

/// Rows of numbers; `flat`: one number after the other.
MatrixD numbers_of(const Json& data, Eigen::Index rows, const Respondent& asked, const char* field) {
  if (!data.is_array()) throw Failure(about(asked, "refusal.outside_lacks").with("field", field).with("found", shown(data)));
  const Eigen::Index width = asked.width();
  const auto size = static_cast<Eigen::Index>(data.size());
  MatrixD out(rows, width);
  const bool nested = !data.empty() && data[0].is_array();
  if (!nested && width > 1 && size == rows) refuse_width(0, 1, asked);
  if (size != (nested ? rows : rows * width)) {
    if (!nested && size % width != 0) refuse_width(size / width, static_cast<std::size_t>(size % width), asked);
    refuse_rows(nested ? size : size / width, rows, asked);
  }
  for (Eigen::Index r = 0; r < rows; ++r) {
    if (!nested) {
      for (Eigen::Index c = 0; c < width; ++c) out(r, c) = number_of(data[static_cast<std::size_t>(r * width + c)], r, asked);
      continue;
    }
    const Json& row = data[static_cast<std::size_t>(r)];
    if (!row.is_array())
      throw Failure(about(asked, "refusal.outside_no_number").with("row", std::to_string(r + 1)).with("found", shown(row)));
    if (static_cast<Eigen::Index>(row.size()) != width) refuse_width(r, row.size(), asked);
    for (Eigen::Index c = 0; c < width; ++c) out(r, c) = number_of(row[static_cast<std::size_t>(c)], r, asked);
  }
  check_values(out, asked);
  return asked.classes.empty() ? out : MatrixD(out.cwiseMax(0.).cwiseMin(1.));
}

/// Whether names that somebody gave are those of the data, in their order.
void check_names(const Json& given, const std::vector<std::string>& wanted, const char* what, const Respondent& asked) {
  if (!given.is_array()) return;
  const bool same = given.size() == wanted.size() &&
                    std::equal(wanted.begin(), wanted.end(), given.begin(),
                               [](const std::string& a, const Json& b) { return b.is_string() && b.get<std::string>() == a; });
  if (same) return;
  std::size_t at = 0;
  while (at < wanted.size() && at < given.size() && given[at] == Json(wanted[at])) ++at;
  throw Failure(about(asked, "refusal.outside_names")
                    .with("what", Message(what))
                    .with("place", std::to_string(at + 1))
                    .with("found", at < given.size() ? shown(given[at]) : Message("refusal.outside_nothing").in("en"))
                    .with("wanted", at < wanted.size() ? shown(Json(wanted[at])) : Message("refusal.outside_nothing").in("en")));
}

/// The tensor that is meant: by its name, or the only one.
const Json* tensor_of(const Json& list, const std::string& name) {
  if (!list.is_array()) return nullptr;
  for (const Json& tensor : list)
    if (tensor.is_object() && tensor.value("name", Json()) == Json(name)) return &tensor;
  return nullptr;
}

/// The last number of a shape, or -1.
std::int64_t last_of_shape(const Json& tensor) {
  const Json shape = tensor.value("shape", Json());
  if (!shape.is_array() || shape.empty() || !shape.back().is_number_integer()) return -1;
  return shape.back().get<std::int64_t>();
}

}  // namespace

void append_rows(std::string& to, MatrixRef numbers, bool nested) {
  for (Eigen::Index r = 0; r < numbers.rows(); ++r) {
    if (r) to += ',';
    if (nested) to += '[';
    for (Eigen::Index c = 0; c < numbers.cols(); ++c) {
      if (c) to += ',';
      append(to, numbers(r, c));
    }
    if (nested) to += ']';
  }
}

std::string question_line(std::int64_t id, const Respondent& asked, MatrixRef inputs) {
  std::string line = "{\"id\":" + std::to_string(id) + ",\"columns\":" + Json(asked.columns).dump() + ",\"inputs\":[";
  append_rows(line, inputs, true);
  return line + "]}\n";
}

MatrixD read_answer_line(std::string_view line, std::int64_t id, Eigen::Index rows, const Respondent& asked) {
  const Json j = object_of(line, asked);
  throw_if_refused(j, asked);
  if (!j.contains("id") || j["id"] != Json(id))
    throw Failure(
        about(asked, "refusal.outside_id").with("id", std::to_string(id)).with("found", j.contains("id") ? shown(j["id"]) : "null"));
  const char* field = asked.classes.empty() ? "values" : "probabilities";
  if (!j.contains(field)) throw Failure(about(asked, "refusal.outside_lacks").with("field", field).with("found", in_quotes(line)));
  if (!asked.classes.empty()) check_names(j.value("classes", Json()), asked.classes, "refusal.outside_classes", asked);
  return numbers_of(j[field], rows, asked, field);
}

ServedModel read_metadata(std::string_view text, Eigen::Index wanted_inputs, const Respondent& asked) {
  const Json j = object_of(text, asked);
  throw_if_refused(j, asked);
  ServedModel model;
  model.identity = {
      {"name", j.value("name", Json())}, {"versions", j.value("versions", Json())}, {"platform", j.value("platform", Json())}};
  const auto refuse = [&](const char* key, std::int64_t found, std::size_t wanted) {
    if (found >= 0 && found != static_cast<std::int64_t>(wanted))
      throw Error("model.url", about(asked, key).with("found", std::to_string(found)).with("wanted", std::to_string(wanted)));
  };
  const Json inputs = j.value("inputs", Json()), outputs = j.value("outputs", Json());
  if (inputs.is_array() && inputs.size() == 1 && inputs[0].is_object()) {
    if (inputs[0].value("name", Json()).is_string()) model.input = inputs[0]["name"].get<std::string>();
    refuse("refusal.outside_inputs", last_of_shape(inputs[0]), static_cast<std::size_t>(wanted_inputs));
    if (const Json with = inputs[0].value("parameters", Json()); with.is_object() && !asked.columns.empty())
      check_names(with.value("columns", Json()), asked.columns, "refusal.outside_columns", asked);
  } else if (inputs.is_array() && !inputs.empty()) {
    throw Error("model.url", about(asked, "refusal.outside_tensors").with("found", std::to_string(inputs.size())));
  }
  model.output = asked.output;
  if (outputs.is_array() && !outputs.empty()) {
    if (model.output.empty())
      model.output = outputs.size() == 1 && outputs[0].is_object() && outputs[0].value("name", Json()).is_string()
                         ? outputs[0]["name"].get<std::string>()
                         : "output";
    const Json* output = tensor_of(outputs, model.output);
    if (!output) throw Error("model.output", about(asked, "refusal.outside_output").with("found", shown(Json(model.output))));
    refuse("refusal.outside_outputs", last_of_shape(*output), static_cast<std::size_t>(asked.width()));
    if (const Json with = output->value("parameters", Json()); with.is_object() && !asked.classes.empty())
      check_names(with.value("classes", Json()), asked.classes, "refusal.outside_classes", asked);
  } else if (model.output.empty()) {
    model.output = "output";
  }
  return model;
}

std::string infer_request(const ServedModel& model, MatrixRef inputs) {
  std::string body = "{\"inputs\":[{\"name\":" + Json(model.input).dump() + ",\"shape\":[" + std::to_string(inputs.rows()) + "," +
                     std::to_string(inputs.cols()) + "],\"datatype\":\"FP32\",\"data\":[";
  append_rows(body, inputs, false);
  return body + "]}],\"outputs\":[{\"name\":" + Json(model.output).dump() + "}]}";
}

MatrixD read_infer_reply(std::string_view text, const ServedModel& model, Eigen::Index rows, const Respondent& asked) {
  const Json j = object_of(text, asked);
  throw_if_refused(j, asked);
  const Json outputs = j.value("outputs", Json());
  const Json* tensor = tensor_of(outputs, model.output);
  if (!tensor || !tensor->contains("data"))
    throw Failure(about(asked, "refusal.outside_lacks").with("field", model.output).with("found", in_quotes(text)));
  if (const Json shape = tensor->value("shape", Json());
      shape.is_array() && shape.size() == 2 && shape[0].is_number_integer() && shape[1].is_number_integer()) {
    if (shape[1].get<std::int64_t>() != asked.width())
      refuse_width(0, static_cast<std::size_t>(std::max<std::int64_t>(0, shape[1].get<std::int64_t>())), asked);
    if (shape[0].get<std::int64_t>() != rows) refuse_rows(shape[0].get<std::int64_t>(), rows, asked);
  }
  return numbers_of((*tensor)["data"], rows, asked, "data");
}

std::size_t most_bytes(Eigen::Index rows, const Respondent& asked) {
  constexpr std::size_t kAround = std::size_t{1} << 20, kNumber = 64;
  return kAround + kNumber * static_cast<std::size_t>(rows * asked.width());
}

}  // namespace mid
