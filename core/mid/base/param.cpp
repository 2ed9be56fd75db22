#include "mid/base/param.hpp"

#include <cmath>

#include "mid/base/language.hpp"
#include "mid/base/text.hpp"

namespace mid {
namespace {

Message wanted(Param::Type type) {
  switch (type) {
    case Param::Type::boolean: return Message("refusal.part.boolean");
    case Param::Type::integer: return Message("refusal.part.whole_number");
    case Param::Type::number: return Message("refusal.part.number");
    case Param::Type::text: return Message("refusal.part.text");
    case Param::Type::integers: return Message("refusal.part.whole_numbers");
    case Param::Type::texts: return Message("refusal.part.texts");
    case Param::Type::objects: return Message("refusal.part.objects");
  }
  return {};
}

bool is_whole(const Json& j) {
  return j.is_number_integer() ||
         (j.is_number_float() && j.get<double>() == std::floor(j.get<double>()) && std::abs(j.get<double>()) < 9e15);
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
    case Param::Type::objects: return all([](const Json& e) { return e.is_object(); });
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
  if (value.is_array() && p.type == Param::Type::objects) {
    Json list = Json::array();
    for (const Json& v : value) list.push_back(complete(p.fields, v));
    return list;
  }
  return value;
}

std::string number(double v) {
  return Json(v == std::floor(v) && std::abs(v) < 1e15 ? Json(static_cast<std::int64_t>(v)) : Json(v)).dump();
}

/// What the parameter's bounds ask of a number.
Message range(const Param& p) {
  const auto bound = [&](double x) {
    if (p.unit.empty()) return Message::plain(number(x));
    const std::string key = "unit." + p.unit;
    return Message("refusal.part.quantity").with("n", number(x)).with("unit", find_text(key, "en") ? Message(key) : Message::plain(p.unit));
  };
  if (std::isinf(p.high)) return Message("refusal.at_least").with("low", bound(p.low));
  if (std::isinf(p.low)) return Message("refusal.at_most").with("high", bound(p.high));
  return Message("refusal.in_range").with("low", number(p.low)).with("high", bound(p.high));
}

}  // namespace

std::string shown(const Json& value) { return shortened(printable(value.dump(-1, ' ', false, Json::error_handler_t::replace)), 60); }

std::string shown_key(std::string_view key) { return shortened(key, 80); }

std::string listed(std::span<const std::string> words) { return either_of({words.begin(), words.end()}).in("en"); }

void check_value(const Param& p, const Json& value, const std::string& path) {
  if (value.is_null() && p.default_value.is_null()) return;
  if (!fits(p.type, value)) throw Error(path, Message("refusal.must_be").with("allowed", wanted(p.type)).with("found", shown(value)));
  const bool whole = p.type == Param::Type::integer || p.type == Param::Type::integers;
  const auto inside = [&](const Json& v) {
    const double d = v.get<double>();
    if (whole && std::abs(d) > 2147483647.0) throw Error(path, Message("refusal.whole_number_too_large").with("found", shown(v)));
    if (d < p.low || d > p.high) throw Error(path, range(p).with("found", shown(v)));
  };
  if (value.is_number()) inside(value);
  if (p.type == Param::Type::integers)
    for (const Json& v : value) inside(v);
  if (p.type == Param::Type::objects)
    for (std::size_t i = 0; i < value.size(); ++i) check_fields(p.fields, value[i], path + "[" + std::to_string(i) + "]", {});
  if (p.choices.empty()) return;
  const auto one_of = [&](const Json& v) {
    if (std::find(p.choices.begin(), p.choices.end(), v.get<std::string>()) == p.choices.end())
      throw Error(path, Message("refusal.must_be").with("allowed", either_of(p.choices)).with("found", shown(v)));
  };
  if (p.type == Param::Type::texts)
    for (const Json& v : value) one_of(v);
  else
    one_of(value);
}

void refuse_renamed(std::span<const Param> params, const std::string& key, const std::string& path) {
  for (const Param& p : params)
    if (std::find(p.formerly.begin(), p.formerly.end(), key) != p.formerly.end())
      throw Error(path + "." + key, Message("refusal.renamed").with("now", path + "." + p.name));
}

void check_fields(std::span<const Param> params, const Json& j, const std::string& path, std::span<const std::string> skip) {
  if (!j.is_object()) throw Error(path, Message("refusal.object").with("found", shown(j)));
  for (const auto& [key, value] : j.items()) {
    if (std::find(skip.begin(), skip.end(), key) != skip.end()) continue;
    const auto p = std::find_if(params.begin(), params.end(), [&](const Param& q) { return q.name == key; });
    if (p == params.end()) {
      refuse_renamed(params, key, path);
      std::vector<std::string> names;
      for (const Param& q : params) names.push_back(q.name);
      throw Error(path + "." + shown_key(key),
                  names.empty() ? Message("refusal.unknown_none") : Message("refusal.unknown_allowed").with("allowed", either_of(names)));
    }
    check_value(*p, value, path + "." + key);
  }
}

void read_fields(void* s, std::span<const Param> params, const Json& j, const std::string& path, std::span<const std::string> skip) {
  check_fields(params, j, path, skip);
  for (const Param& p : params)
    if (j.contains(p.name)) p.set(s, canonical(p, j[p.name]));
}

Json complete(std::span<const Param> params, const Json& j, std::span<const std::string> skip) {
  Json out = Json::object();
  for (const Param& p : params) {
    Json value = canonical(p, j.contains(p.name) ? j[p.name] : p.default_value);
    // An empty list says nothing that its absence does not: specifications that have none keep their id.
    if (p.type != Param::Type::objects || !value.empty()) out[p.name] = std::move(value);
  }
  for (const std::string& key : skip)
    if (j.contains(key)) out[key] = j[key];
  return out;
}

}  // namespace mid
