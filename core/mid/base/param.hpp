#pragma once
#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"

namespace mid {

/// One parameter of a specification: all that the reader, the flags, the JSON schema, the panel, the HTML form, the
/// documentation and the link know of it. Each entry of a catalogue lists its parameters once.
struct Param {
  enum class Type { boolean, integer, number, text, integers, texts, objects };
  std::string name;
  Type type = Type::number;
  Json default_value;  ///< null means "not given" and is then allowed as a value
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;             ///< of text: the allowed words; empty allows any
  std::string unit;                             ///< "" for pure numbers
  std::string help;                             ///< one sentence, plain words, or its key in core/teach/texts
  std::string source;                           ///< publication or section of the method, where there is one
  std::function<void(void*, const Json&)> set;  ///< writes a checked value into the entry's own struct
  std::vector<std::string> models = {};         ///< the kinds of model that it is about; empty: every kind
  bool names_file = false;                      ///< its text is the path of a file, whose bytes are part of the experiment
  std::vector<Param> fields = {};               ///< of objects: what each of the list has
  std::vector<std::string> formerly = {};       ///< names that it had in earlier versions; they are refused with the one it has
  /// Whether it means something for a model of this kind.
  bool is_for(const std::string& model) const { return models.empty() || std::find(models.begin(), models.end(), model) != models.end(); }
  /// The same, for models of these kinds only.
  Param only_for(std::vector<std::string> kinds) const {
    Param p = *this;
    p.models = std::move(kinds);
    return p;
  }
  /// The same, which had another name in an earlier version.
  Param formerly_called(std::string old) const {
    Param p = *this;
    p.formerly.push_back(std::move(old));
    return p;
  }
  /// The same, as the path of a file.
  Param as_file() const {
    Param p = *this;
    p.names_file = true;
    return p;
  }
};

namespace param_detail {
template <class T>
struct Kind;
template <>
struct Kind<bool> {
  static constexpr auto type = Param::Type::boolean;
};
template <>
struct Kind<int> {
  static constexpr auto type = Param::Type::integer;
};
template <>
struct Kind<double> {
  static constexpr auto type = Param::Type::number;
};
template <>
struct Kind<std::string> {
  static constexpr auto type = Param::Type::text;
};
template <>
struct Kind<std::vector<int>> {
  static constexpr auto type = Param::Type::integers;
};
template <>
struct Kind<std::vector<std::string>> {
  static constexpr auto type = Param::Type::texts;
};
template <class T>
struct Kind<std::optional<T>> : Kind<T> {};
template <class T>
Json to_json(const T& value) {
  return value;
}
template <class T>
Json to_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
template <class T>
void assign(T& to, const Json& j) {
  to = j.get<T>();
}
template <class T>
void assign(std::optional<T>& to, const Json& j) {
  if (j.is_null())
    to.reset();
  else
    to = j.get<T>();
}
}  // namespace param_detail

/// Describes member `at` of the struct S; its default is the one of S{}. T is bool, int, double, text, a list of int or
/// text, or an optional of one of these (then null means "not given"). `low` and `high` bound numbers, inclusive.
template <class S, class T>
Param param(T S::* at, std::string name, double low, double high, std::string unit, std::string help, std::string source = {}) {
  return {std::move(name),
          param_detail::Kind<T>::type,
          param_detail::to_json(S{}.*at),
          low,
          high,
          {},
          std::move(unit),
          std::move(help),
          std::move(source),
          [at](void* s, const Json& j) { param_detail::assign(static_cast<S*>(s)->*at, j); },
          {},
          false};
}
/// As above for values without bounds: switches and free text.
template <class S, class T>
Param param(T S::* at, std::string name, std::string help, std::string source = {}) {
  return param(at, std::move(name), -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), "", std::move(help),
               std::move(source));
}
/// Text that must be one of `words`.
template <class S, class T>
Param choice(T S::* at, std::string name, std::vector<std::string> words, std::string help, std::string source = {}) {
  Param p = param(at, std::move(name), std::move(help), std::move(source));
  p.choices = std::move(words);
  return p;
}

/// "file" of the object "model", for every kind of it: S holds it as an optional text.
template <class S>
Param model_file() {
  return param(&S::file, "file", "model.file", "docs/own-model.md").as_file();
}

/// Throws Error when `key` of the object `path` is what a parameter of `params` was called in an earlier version.
void refuse_renamed(std::span<const Param> params, const std::string& key, const std::string& path);

/// Throws Error unless `value` is allowed for `p`; `path` names the field in the sentence.
void check_value(const Param& p, const Json& value, const std::string& path);

/// Throws Error unless `j` is an object of nothing but allowed fields of `params`.
void check_fields(std::span<const Param> params, const Json& j, const std::string& path, std::span<const std::string> skip = {});

/// Writes the fields of the object `j` into `*s`; fields that `j` lacks keep their defaults, unknown ones are errors.
/// `skip` names fields that somebody else reads ("kind").
void read_fields(void* s, std::span<const Param> params, const Json& j, const std::string& path, std::span<const std::string> skip = {});

/// The object `j` with every missing field set to its default, empty lists of objects left out: what a run writes into its result.
Json complete(std::span<const Param> params, const Json& j, std::span<const std::string> skip = {});

/// Reads a struct that lists its parameters by `static std::vector<Param> params()`. The field "kind" is skipped.
template <class S>
S read(const Json& j, const std::string& path) {
  static const std::vector<Param> params = S::params();
  static const std::string kKind[] = {"kind"};
  S s;
  read_fields(&s, params, j, path, kKind);
  return s;
}

/// A list of objects, each with the parameters that T lists; `at` is a list of T, empty by default.
template <class T, class S>
Param objects(std::vector<T> S::* at, std::string name, std::string help, std::string source = {}) {
  Param p;
  p.name = std::move(name), p.type = Param::Type::objects, p.default_value = Json::array();
  p.help = std::move(help), p.source = std::move(source), p.fields = T::params();
  p.set = [at](void* s, const Json& list) {
    std::vector<T>& to = static_cast<S*>(s)->*at;
    to.clear();
    for (const Json& one : list) to.push_back(read<T>(one, ""));
  };
  return p;
}

/// A value as it stands in a sentence: short, one line.
std::string shown(const Json& value);
/// A key or a path that somebody wrote, as it stands in a sentence: no longer than a sentence can bear.
std::string shown_key(std::string_view key);
/// "a, b or c".
std::string listed(std::span<const std::string> words);

}  // namespace mid
