/// @file
/// @ingroup work
#pragma once
#include <stdexcept>
#include <string>

#include "mid/base/message.hpp"

namespace mid {

/// A sentence that what() gives whole: it would end at a zero byte (of a key in a stranger's JSON).
inline std::string without_zero_bytes(std::string sentence) {
  for (std::size_t at; (at = sentence.find('\0')) != std::string::npos;) sentence.replace(at, 1, "\\u0000");
  return sentence;
}

/// Bad input from outside: a specification, a file, a flag. what() is one English sentence that names the field,
/// what was found, what is allowed and what to do; message() says the same in every language. Programs answer with exit code 2.
class Error : public std::runtime_error {
 public:
  /// `field` is the path of the field ("defense.beta") or a file name, and fills the message's hole {field}.
  Error(const std::string& field, const Message& message) : Error(message.with("field", field), field) {}
  /// What no visitor of the page meets may be English alone: `problem` is the rest of the sentence ("must lie in 0 to 100, found
  /// -1"). Empty field: `problem` is the whole sentence.
  Error(const std::string& field, const std::string& problem)
      : Error(Message::plain(field.empty() ? problem : field + " " + problem), field) {}

  /// The field's path, for a front end that marks the control at fault.
  const std::string& field() const { return field_; }
  /// The sentence in every language.
  const Message& message() const { return message_; }
  /// Of the message: its key in core/teach/texts (empty: it has none, and is English alone), and what fills its holes.
  const std::string& key() const { return message_.key(); }
  /// What fills the holes of the text.
  const auto& arguments() const { return message_.arguments(); }

 private:
  Error(const Message& message, const std::string& field)
      : std::runtime_error(without_zero_bytes(message.in("en"))), field_(field), message_(message) {}

  std::string field_;
  Message message_;
};

/// A run that started from valid input and could not be finished: training diverged, the disk is full.
/// what() says what happened and what to change; message() says the same in every language. Programs answer with exit code 1.
class Failure : public std::runtime_error {
 public:
  /// A sentence in English alone.
  explicit Failure(const std::string& sentence) : std::runtime_error(sentence), message_(Message::plain(sentence)) {}
  /// A sentence in every language.
  explicit Failure(const Message& message) : std::runtime_error(message.in("en")), message_(message) {}
  /// What what() says, in every language.
  const Message& message() const { return message_; }

 private:
  Message message_;
};

/// What an exception says: the message of an Error or a Failure, what() of any other.
inline Message message_of(const std::exception& e) {
  if (const auto* error = dynamic_cast<const Error*>(&e)) return error->message();
  if (const auto* failure = dynamic_cast<const Failure*>(&e)) return failure->message();
  return Message::plain(e.what());
}

}  // namespace mid
