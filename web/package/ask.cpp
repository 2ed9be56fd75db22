// What the npm package asks the core beside running experiments (shell/core_api.cpp): a question as JSON text, an answer as CBOR.
#include <emscripten.h>

#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/records.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/report/text.hpp"
#include "shell/core_api.hpp"

namespace {

using mid::Json;

/// Numbers as they lie in memory; index.d.ts says of what type they are.
template <class T>
Json binary(const T* numbers, std::size_t count) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(numbers);
  return Json::binary(std::vector<std::uint8_t>(bytes, bytes + count * sizeof(T)));
}
template <class List>
Json binary(const List& numbers) {
  return binary(numbers.data(), static_cast<std::size_t>(numbers.size()));
}

/// {"name": "preset:NAME"} or {"spec": {...}}, with the fields of "set", [[PATH, value], ...], set in their order: complete and checked.
Json specification(const Json& question) {
  Json spec = question.contains("name") ? mid::named_spec(question["name"].get<std::string>()) : question.at("spec");
  if (!spec.is_object()) throw mid::Error("the specification", mid::Message("refusal.object").with("found", mid::shown(spec)));
  for (const Json& field : question.at("set")) mid::set_field(spec, field.at(0).get<std::string>(), field.at(1));
  return mid::check_spec(spec).json();
}

Json presets() {
  Json out = Json::array();
  for (const std::string& name : mid::preset_names()) out.push_back({name, mid::check_spec(mid::preset(name)).json()});
  return out;
}

Json records(const Json& json) {
  const mid::Spec spec = mid::check_spec(json);
  mid::DatasetCache datasets;
  const mid::Data& data = datasets.data(spec);
  const mid::Dataset& set = data.set;
  Json out{{"about", mid::describe_records(spec, data)}, {"records", set.rows()}};
  out["inputs"] = binary(set.inputs);
  out["target"] = set.classes.empty() ? binary(set.target) : binary(set.label);
  out["height"] = set.height, out["width"] = set.width;
  if (set.pictures.size() > 0) out["pictures"] = binary(set.pictures);
  if (set.secret) out["secret"] = binary(set.secret->of_row);
  std::vector<std::int32_t> row;
  for (int i = 0; i < set.rows(); ++i) row.push_back(mid::number_in_file(set, i));
  out["row"] = binary(row), out["part"] = mid::parts_of_rows(data);
  out["train"] = binary(data.split.train), out["test"] = binary(data.split.test);
  out["attacked"] = binary(data.split.attacked), out["auxiliary"] = binary(data.split.auxiliary);
  return out;
}

Json answer(const Json& question) {
  const std::string what = question.at("ask").get<std::string>();
  if (what == "specification") return specification(question);
  if (what == "catalogue") return mid::Session::catalogue();
  if (what == "schema") return mid::spec_schema();
  if (what == "presets") return presets();
  if (what == "records") return records(question.at("spec"));
  if (what == "text") return mid::result_text(mid::Result::from_json(question.at("result")));
  if (what == "model") return binary(mid::core_session().outcome()->model);  // of the last run, which ended well
  throw mid::Error("ask", "is unknown: " + what);
}

Json refusal(const std::string& field, const std::string& sentence, bool input) {
  return {{"error", {{"field", mid::printable(field)}, {"sentence", mid::printable(sentence)}, {"input", input}}}};
}

std::vector<std::uint8_t> answer_bytes;

}  // namespace

extern "C" {

/// {"value": what was asked for} or {"error": {"field", "sentence", "input"}}, as CBOR of mid_answer_size() bytes, valid until the next
/// question.
EMSCRIPTEN_KEEPALIVE const std::uint8_t* mid_ask(const char* json) {
  Json out;
  try {
    out = {{"value", answer(mid::parse_json(json, "the question", mid::kLargestJson))}};
  } catch (const mid::Error& e) {
    out = refusal(e.field(), e.what(), true);
  } catch (const std::bad_alloc&) {
    out = refusal("", mid::Message("refusal.memory").in("en"), false);
  } catch (const std::exception& e) {
    out = refusal("", e.what(), false);
  }
  answer_bytes = Json::to_cbor(out);
  return answer_bytes.data();
}
EMSCRIPTEN_KEEPALIVE int mid_answer_size() { return static_cast<int>(answer_bytes.size()); }

}  // extern "C"
