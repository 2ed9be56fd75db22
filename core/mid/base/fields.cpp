#include "mid/base/fields.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"

namespace mid {

Fields::Fields(const Json& object, std::string file, std::string path) : j_(object), file_(std::move(file)), path_(std::move(path)) {
  if (!j_.is_object()) fail("", "must be an object in braces, found " + shown(j_));
}

void Fields::fail(std::string_view field, const std::string& problem) const {
  const std::string where = field.empty() ? path_ : at(field);
  throw Error(file_ + (where.empty() ? "" : ": " + where), problem);
}

std::string Fields::at(std::string_view field) const { return path_.empty() ? std::string(field) : path_ + "." + std::string(field); }

const Json* Fields::maybe(const char* field) {
  known_.emplace_back(field);
  const auto found = j_.find(field);
  return found == j_.end() ? nullptr : &*found;
}

const Json& Fields::must(const char* field) {
  if (const Json* value = maybe(field)) return *value;
  fail(field, "is missing; add it");
}

std::string Fields::text(const char* field) {
  const Json& value = must(field);
  if (!value.is_string() || value.get<std::string>().empty()) fail(field, "must be a text, found " + shown(value));
  return value.get<std::string>();
}

std::string Fields::one_of(const char* field, const std::vector<std::string>& allowed) {
  const Json& value = must(field);
  if (!value.is_string() || std::find(allowed.begin(), allowed.end(), value.get<std::string>()) == allowed.end())
    fail(field, "must be one of " + listed(allowed) + ", found " + shown(value));
  return value.get<std::string>();
}

std::vector<std::string> Fields::texts(const char* field, std::size_t fewest, std::size_t most) {
  std::vector<std::string> out;
  for (const Json& value : list(field, fewest, most)) {
    if (!value.is_string() || value.get<std::string>().empty()) fail(field, "must be a list of texts, found " + shown(value) + " in it");
    out.push_back(value.get<std::string>());
  }
  return out;
}

std::int64_t Fields::integer(const char* field, std::int64_t low, std::int64_t high) {
  const Json& value = must(field);
  if (!value.is_number_integer() || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high)
    fail(field, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ", found " + shown(value));
  return value.get<std::int64_t>();
}

std::optional<double> Fields::number(const char* field) {
  const Json* value = maybe(field);
  if (!value) return std::nullopt;
  if (!value->is_number()) fail(field, "must be a number, found " + shown(*value));
  return value->get<double>();
}

bool Fields::boolean(const char* field, bool otherwise) {
  const Json* value = maybe(field);
  if (!value) return otherwise;
  if (!value->is_boolean()) fail(field, "must be true or false, found " + shown(*value));
  return value->get<bool>();
}

const Json& Fields::list(const char* field, std::size_t fewest, std::size_t most) {
  const Json& value = must(field);
  if (!value.is_array() || value.size() < fewest || value.size() > most)
    fail(field, "must be a list of " + std::to_string(fewest) + " to " + std::to_string(most) + " entries, found " +
                    (value.is_array() ? std::to_string(value.size()) + " entries" : shown(value)));
  return value;
}

Json Fields::settings(const char* field) {
  const Json* value = maybe(field);
  if (!value) return Json::object();
  if (!value->is_object()) fail(field, "must be an object of fields and values, found " + shown(*value));
  return *value;
}

void Fields::end() const {
  for (const auto& [name, value] : j_.items())
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) fail(shown_key(name), "is unknown; allowed are " + listed(known_));
}

}  // namespace mid
