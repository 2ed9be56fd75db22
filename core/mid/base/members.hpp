#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "mid/base/archive.hpp"
#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/text.hpp"

namespace mid {

/// What travels from a run to whoever looks at it (stage cache, CBOR of the page, JSON of a program) lists its members once, with
/// their names:
///
///     struct Dot {
///       double x = 0;                ///< what it means stands beside the member, and nowhere else
///       std::optional<int> colour;   ///< null in JSON where it is empty
///       std::vector<Dot> also;       ///< left out of JSON while there are none
///       template <class Self, class F>
///       static void each_member(Self& self, F&& each) {
///         each("x", self.x), each("colour", self.colour), each("also", self.also, !self.also.empty());
///       }
///     };
///
/// pack_members() and unpack_members() are its archive, json_of() and read_members() its JSON, and CBOR is that JSON's (pictures are
/// binary there). A type may have `bool is_whole() const`, whether its members go together: what fails is refused by both readers; and
/// `void restore_shapes()`, which gives matrices, flat in JSON, their columns back. A type with json() and from(Json) or
/// from_json(Json) of its own is written and read by them, as Message is; its archive goes by its members where it lists them.
template <class T>
concept Listed = requires(T& value) { T::each_member(value, [](const char*, auto&, bool = true) {}); };

/// An enumeration that travels by name: `names_of(E)`, found beside it, gives the names in the order of the values.
template <class E>
concept Named = std::is_enum_v<E> && requires(E e) { names_of(e); };

namespace members {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;
using Bytes = std::vector<std::uint8_t>;

template <class T>
concept Matrices = std::is_base_of_v<Eigen::PlainObjectBase<T>, T>;
template <class T>
concept Checked = requires(const T& value) { value.is_whole(); };
template <class T>
concept Written = requires(const T& value) { value.json(); };

/// Calls `read(name, member, needed)`: a member that may be left out is not.
template <class F>
struct Needs {
  const F& read;
  template <class T>
  void operator()(const char* name, T& member) const {
    read(name, member, true);
  }
  template <class T>
  void operator()(const char* name, T& member, bool) const {
    read(name, member, false);
  }
};

[[noreturn]] inline void refuse(const std::string& at, const char* key, const char* allowed = nullptr) {
  throw Error(at, allowed ? Message(key).with("allowed", Message(allowed)) : Message(key));
}

}  // namespace members

// ---- archive ----

template <class T>
void pack_members(Packer& out, const T& value) {
  if constexpr (Listed<T>) {
    T::each_member(value, [&](const char*, const auto& member, bool = true) { pack_members(out, member); });
  } else if constexpr (std::is_same_v<T, Json>) {
    out.add(value.dump());
  } else if constexpr (std::is_enum_v<T>) {
    out.add(static_cast<int>(value));
  } else if constexpr (members::is_optional<T>) {
    out.add(value.has_value());
    if (value) pack_members(out, *value);
  } else if constexpr (members::is_map<T>) {
    out.add(static_cast<std::uint64_t>(value.size()));
    for (const auto& [name, one] : value) out.add(name), pack_members(out, one);
  } else if constexpr (requires { out.add(value); }) {
    out.add(value);
  } else if constexpr (members::is_list<T>) {
    out.add(static_cast<std::uint64_t>(value.size()));
    for (const auto& one : value) pack_members(out, one);
  } else {
    out.add(value.json().dump());
  }
}

/// Throws Damaged, Error or Json::exception for bytes that are none of it; `value` is then half read.
template <class T>
void unpack_members(Unpacker& in, T& value) {
  const auto json = [&] {
    std::string text;
    in.get(text);
    return parse_json(text, "the stage cache", text.size());
  };
  if constexpr (Listed<T>) {
    T::each_member(value, [&](const char*, auto& member, bool = true) { unpack_members(in, member); });
    if constexpr (members::Checked<T>) Unpacker::expect(value.is_whole());
  } else if constexpr (std::is_same_v<T, Json>) {
    value = json();
  } else if constexpr (std::is_enum_v<T>) {
    int at = 0;
    in.get_index(at, 0, static_cast<int>(names_of(value).size()));
    value = static_cast<T>(at);
  } else if constexpr (members::is_optional<T>) {
    bool there = false;
    in.get(there);
    value.reset();
    if (there) unpack_members(in, value.emplace());
  } else if constexpr (members::is_map<T>) {
    value.clear();
    for (std::size_t n = in.count(1); n > 0; --n) {
      std::string name;
      unpack_members(in, name);
      unpack_members(in, value[name]);
    }
  } else if constexpr (requires { in.get(value); }) {
    in.get(value);
    if constexpr (std::is_same_v<T, std::string>) Unpacker::expect(is_utf8(value));
  } else if constexpr (members::is_list<T>) {
    value.clear();
    for (std::size_t n = in.count(1); n > 0; --n) unpack_members(in, value.emplace_back());
  } else {
    value = T::from(json());
  }
}

// ---- JSON ----

template <class T>
Json json_of(const T& value);

/// The members as a JSON object, also of a type that is written otherwise.
template <Listed T>
Json members_json(const T& value) {
  Json j = Json::object();
  T::each_member(value, [&](const char* name, const auto& member, bool there = true) {
    if (there) j[name] = json_of(member);
  });
  return j;
}

/// A number is null where it is not finite and may be empty; pictures are binary; a matrix is a flat list, row by row.
template <class T>
Json json_of(const T& value) {
  if constexpr (members::Written<T>) {
    return value.json();
  } else if constexpr (Listed<T>) {
    return members_json(value);
  } else if constexpr (Named<T>) {
    return names_of(value)[static_cast<std::size_t>(value)];
  } else if constexpr (std::is_same_v<T, std::optional<double>>) {
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
  } else if constexpr (members::is_optional<T>) {
    return value ? json_of(*value) : Json(nullptr);
  } else if constexpr (std::is_same_v<T, members::Bytes>) {
    return Json::binary(value);
  } else if constexpr (members::Matrices<T>) {
    static_assert(T::IsRowMajor || T::ColsAtCompileTime == 1);
    Json list = Json::array();
    for (Eigen::Index i = 0; i < value.size(); ++i) list.push_back(value.data()[i]);
    return list;
  } else if constexpr (members::is_list<T>) {
    Json list = Json::array();
    for (const auto& one : value) list.push_back(json_of(one));
    return list;
  } else if constexpr (members::is_map<T>) {
    Json object = Json::object();
    for (const auto& [name, one] : value) object[name] = json_of(one);
    return object;
  } else {
    return value;
  }
}

/// Whether a member that JSON lacks keeps the value that it has, or is missed.
enum class Lacking { kept, refused };

/// Reads what json_of() wrote. Throws Error with the member's path (`at` before it) for what is missing or of the wrong type.
template <class T>
void read_json(const Json& j, T& value, const std::string& at, Lacking lacking);

/// The members of an object, also of a type that is read otherwise. A member that may be left out is never missed.
template <Listed T>
void read_members(const Json& j, T& value, const std::string& at = {}, Lacking lacking = Lacking::kept) {
  if (!j.is_object()) members::refuse(at, "refusal.saved_type", "refusal.part.object");
  const auto one = [&](const char* name, auto& member, bool needed) {
    const std::string path = at.empty() ? name : at + "." + name;
    if (const auto found = j.find(name); found != j.end())
      read_json(*found, member, path, lacking);
    else if (needed && lacking == Lacking::refused)
      members::refuse(path, "refusal.saved_missing");
  };
  T::each_member(value, members::Needs{one});
  if constexpr (requires { value.restore_shapes(); }) value.restore_shapes();
  if constexpr (members::Checked<T>)
    if (!value.is_whole()) members::refuse(at, "refusal.saved_shape");
}

template <class T>
void read_json(const Json& j, T& value, const std::string& at, Lacking lacking) {
  const auto expect = [&](bool right, const char* allowed) {
    if (!right) members::refuse(at, "refusal.saved_type", allowed);
  };
  if constexpr (std::is_same_v<T, Json>) {
    value = j;
  } else if constexpr (requires { T::from_json(j); }) {
    value = T::from_json(j);
  } else if constexpr (requires { T::from(j); }) {
    value = T::from(j);
  } else if constexpr (Listed<T>) {
    read_members(j, value, at, lacking);
  } else if constexpr (Named<T>) {
    const auto names = names_of(value);
    std::size_t i = 0;
    while (i < names.size() && !(j.is_string() && j.get_ref<const std::string&>() == names[i])) ++i;
    expect(i < names.size(), "refusal.part.text");
    value = static_cast<T>(i);
  } else if constexpr (members::is_optional<T>) {
    value.reset();
    if (!j.is_null()) read_json(j, value.emplace(), at, lacking);
  } else if constexpr (std::is_same_v<T, members::Bytes>) {
    const Json& bytes = j.is_object() && j.contains("bytes") ? j["bytes"] : j;  // how JSON as text writes binary
    if (bytes.is_binary()) {
      value = bytes.get_binary();
      return;
    }
    expect(bytes.is_array(), "refusal.part.list");
    value.clear();
    for (const Json& byte : bytes) {
      expect(byte.is_number_integer() && byte >= 0 && byte <= 255, "refusal.part.whole_numbers");
      value.push_back(byte.get<std::uint8_t>());
    }
  } else if constexpr (members::Matrices<T>) {
    std::vector<typename T::Scalar> list;
    read_json(j, list, at, lacking);
    value = Eigen::Map<const Eigen::Matrix<typename T::Scalar, Eigen::Dynamic, 1>>(list.data(), static_cast<Eigen::Index>(list.size()));
  } else if constexpr (members::is_list<T>) {
    expect(j.is_array(), "refusal.part.list");
    value.clear();
    for (const Json& one : j) read_json(one, value.emplace_back(), at, lacking);
  } else if constexpr (members::is_map<T>) {
    expect(j.is_object(), "refusal.part.object");
    value.clear();
    for (const auto& [name, one] : j.items()) read_json(one, value[name], at.empty() ? name : at + "." + name, lacking);
  } else if constexpr (std::is_same_v<T, bool>) {
    expect(j.is_boolean(), "refusal.part.boolean");
    value = j.get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    expect(j.is_number_integer() && (std::is_signed_v<T> || j.is_number_unsigned() || j.get<std::int64_t>() >= 0),
           "refusal.part.whole_number");
    value = j.get<T>();
    expect(Json(value) == j, "refusal.part.whole_number");
  } else if constexpr (std::is_floating_point_v<T>) {  // what is no number has no other name in JSON
    expect(j.is_number() || j.is_null(), "refusal.part.number");
    value = j.is_null() ? std::numeric_limits<T>::quiet_NaN() : j.get<T>();
  } else {
    expect(j.is_string(), "refusal.part.text");
    value = j.get<std::string>();
  }
}

}  // namespace mid
