#pragma once
#include <stdexcept>
#include <string>

namespace mid {

/// A sentence that what() gives whole: it would end at a zero byte (of a key in a stranger's JSON).
inline std::string without_zero_bytes(std::string sentence) {
  for (std::size_t at; (at = sentence.find('\0')) != std::string::npos;) sentence.replace(at, 1, "\\u0000");
  return sentence;
}

/// Bad input from outside: a specification, a file, a flag. what() is one sentence that names the field,
/// what was found, what is allowed and what to do. Programs answer with exit code 2.
class Error : public std::runtime_error {
 public:
  /// `field` is the path of the field ("defense.beta") or a file name; `problem` is the rest of the sentence
  /// ("must lie in 0 to 100, found -1"). Empty field: `problem` is the whole sentence.
  Error(std::string field, const std::string& problem)
      : std::runtime_error(without_zero_bytes(field.empty() ? problem : field + " " + problem)), field_(std::move(field)) {}
  /// The field's path, for a front end that marks the control at fault.
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

/// A run that started from valid input and could not be finished: training diverged, the disk is full.
/// what() says what happened and what to change. Programs answer with exit code 1.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mid
