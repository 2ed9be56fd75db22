#include "mid/base/param.hpp"

#include <cmath>

#include "mid/base/text.hpp"

namespace mid {
namespace {

const char* wanted(Param::Type type) {
  switch (type) {
    case Param::Type::boolean: return "true or false";
    case Param::Type::integer: return "a whole number";
    case Param::Type::number: return "a number";
    case Param::Type::text: return "text";
    case Param::Type::integers: return "a list of whole numbers";
    case Param::Type::texts: return "a list of texts";
  }
  return "";
}

bool is_whole(const Json& j) {
  return j.is_number_integer() || (j.is_number_float() && j.get<double>() == std::floor(j.get<double>()) &&
                                   std::abs(j.get<double>()) < 9e15);
}

bool fits(Param::Type type, const Json& j) {
  const auto all = [&](auto f) { return j.is_array() && std::all_of(j.begin(), j.end(), f); };
  switch (type) {
    case Param::Type::boolean: return j.is_boolean();
    case Param::Type::integer: return is_whole(j);
    case Param::Type::number: return j.is_number() && std::isfinite(j.get<double>());
    case Param::Type::text: return j.is_string();
    case Param::Type::integers: return all(is_whole);
    case Param::Type::texts: return all([](const Json& e) { return e.is_string(); });
  }
  return false;
}

/// One way to write each value: 20.0 rounds are 20 rounds, a strength of 1 is 1.0.
Json canonical(const Param& p, const Json& value) {
  if (value.is_number() && p.type == Param::Type::integer) return static_cast<std::int64_t>(value.get<double>());
  if (value.is_number() && p.type == Param::Type::number) return value.get<double>();
  if (value.is_array() && p.type == Param::Type::integers) {
    Json list = Json::array();
    for (const Json& v : value) list.push_back(static_cast<std::int64_t>(v.get<double>()));
    return list;
  }
  return value;
}

std::string number(double v) { return Json(v == std::floor(v) && std::abs(v) < 1e15 ? Json(static_cast<std::int64_t>(v)) : Json(v)).dump(); }

std::string range(const Param& p) {
  const std::string unit = p.unit.empty() ? "" : " " + p.unit;
  if (std::isinf(p.high)) return "at least " + number(p.low) + unit;
  if (std::isinf(p.low)) return "at most " + number(p.high) + unit;
  return "in " + number(p.low) + " to " + number(p.high) + unit;
}

}  // namespace

std::string shown(const Json& value) {
  return shortened(printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)), 60);
}

std::string shown_key(std::string_view key) { return shortened(key, 80); }

std::string listed(std::span<const std::string> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out;
}

void check_value(const Param& p, const Json& value, const std::string& path) {
  if (value.is_null() && p.standard.is_null()) return;
  if (!fits(p.type, value)) throw Error(path, std::string("must be ") + wanted(p.type) + ", found " + shown(value));
  const bool whole = p.type == Param::Type::integer || p.type == Param::Type::integers;
  const auto inside = [&](const Json& v) {
    const double d = v.get<double>();
    if (whole && std::abs(d) > 2147483647.0) throw Error(path, "must be a whole number below 2147483648, found " + shown(v));
    if (d < p.low || d > p.high) throw Error(path, "must lie " + range(p) + ", found " + shown(v));
  };
  if (value.is_number()) inside(value);
  if (p.type == Param::Type::integers)
    for (const Json& v : value) inside(v);
  if (p.choices.empty()) return;
  const auto one_of = [&](const Json& v) {
    if (std::find(p.choices.begin(), p.choices.end(), v.get<std::string>()) == p.choices.end())
      throw Error(path, "must be " + listed(p.choices) + ", found " + shown(v));
  };
  if (p.type == Param::Type::texts)
    for (const Json& v : value) one_of(v);
  else
    one_of(value);
}

void read_fields(void* s, std::span<const Param> params, const Json& j, const std::string& path,
                 std::span<const std::string> skip) {
  if (!j.is_object()) throw Error(path, "must be an object in braces, found " + shown(j));
  for (const auto& [key, value] : j.items()) {
    if (std::find(skip.begin(), skip.end(), key) != skip.end()) continue;
    const auto p = std::find_if(params.begin(), params.end(), [&](const Param& q) { return q.name == key; });
    if (p == params.end()) {
      std::vector<std::string> names;
      for (const Param& q : params) names.push_back(q.name);
      throw Error(path + "." + shown_key(key), names.empty() ? "is unknown; nothing can be set here, remove it"
                                                             : "is unknown; allowed here: " + listed(names));
    }
    check_value(*p, value, path + "." + key);
    p->set(s, canonical(*p, value));
  }
}

Json complete(std::span<const Param> params, const Json& j, std::span<const std::string> skip) {
  Json out = Json::object();
  for (const Param& p : params) out[p.name] = canonical(p, j.contains(p.name) ? j[p.name] : p.standard);
  for (const std::string& key : skip)
    if (j.contains(key)) out[key] = j[key];
  return out;
}

}  // namespace mid
