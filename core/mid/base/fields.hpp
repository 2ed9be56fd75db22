#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"

namespace mid {

/// An object of a file of midlab's own (a lesson, a story) that remembers where it stands and which of its fields were asked for, so
/// that whatever is wrong with it is said with the file and the field: missing, of another kind, unknown.
class Fields {
 public:
  /// `path`: where in the file; empty: it is the whole file.
  Fields(const Json& object, std::string file, std::string path = "");

  [[noreturn]] void fail(std::string_view field, const std::string& problem) const;
  /// The field's path in the file.
  std::string at(std::string_view field) const;
  const std::string& file() const { return file_; }

  const Json* maybe(const char* field);
  const Json& must(const char* field);
  /// Not empty.
  std::string text(const char* field);
  std::string one_of(const char* field, const std::vector<std::string>& allowed);
  std::vector<std::string> texts(const char* field, std::size_t fewest, std::size_t most);
  std::int64_t integer(const char* field, std::int64_t low, std::int64_t high);
  std::optional<double> number(const char* field);
  bool boolean(const char* field, bool otherwise);
  const Json& list(const char* field, std::size_t fewest, std::size_t most);
  /// An object of fields and values; without the field an empty one.
  Json settings(const char* field);
  /// Throws for fields that nobody asked for.
  void end() const;

 private:
  const Json& j_;
  std::string file_, path_;
  std::vector<std::string> known_;
};

}  // namespace mid
