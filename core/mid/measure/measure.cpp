#include "mid/measure/measure.hpp"

#include <cmath>

#include "mid/base/error.hpp"

namespace mid {
namespace {

Json part(const std::optional<double>& x) { return x && std::isfinite(*x) ? Json(*x) : Json(nullptr); }

const Json& field(const Json& j, const char* key) {
  if (!j.is_object() || !j.contains(key)) throw Error(key, Message("refusal.measure_missing"));
  return j.at(key);
}

std::optional<double> read_part(const Json& j, const char* key) {
  const Json& x = field(j, key);
  if (x.is_null()) return std::nullopt;
  if (!x.is_number())
    throw Error(key, Message("refusal.measure_type").with("allowed", Message("refusal.part.number_or_null")).with("found", x.dump()));
  return x.get<double>();
}

}  // namespace

Json Measure::json() const {
  return {{"value", part(value)}, {"baseline", part(baseline)}, {"low", part(low)}, {"high", part(high)}, {"n", n}, {"unit", unit}};
}

Measure Measure::from_json(const Json& j) {
  Measure m{read_part(j, "value"), read_part(j, "baseline"), read_part(j, "low"), read_part(j, "high"), 0, {}};
  const Json &n = field(j, "n"), &unit = field(j, "unit");
  if (!n.is_number_integer())
    throw Error("n", Message("refusal.measure_type").with("allowed", Message("refusal.part.whole_number")).with("found", n.dump()));
  if (!unit.is_string())
    throw Error("unit", Message("refusal.measure_type").with("allowed", Message("refusal.part.text")).with("found", unit.dump()));
  m.n = n.get<int>(), m.unit = unit.get<std::string>();
  return m;
}

std::optional<double> finite(double x) { return std::isfinite(x) ? std::optional(x) : std::nullopt; }

}  // namespace mid
