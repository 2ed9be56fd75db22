#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mid {

using Json = nlohmann::json;

/// What is to be said, without a language: a text of core/teach/texts and what fills its holes; or plain words that are the same in
/// every language (a name, a number, what a stranger wrote).
class Message {
 public:
  /// Nothing.
  Message() = default;
  /// The text of this key.
  explicit Message(std::string key) : key_(std::move(key)) {}
  static Message plain(std::string words);

  /// The same with another hole filled: `{name}` becomes the value.
  Message with(std::string name, Message value) const;
  Message with(std::string name, std::string words) const { return with(std::move(name), plain(std::move(words))); }
  Message with(std::string name, const char* words) const { return with(std::move(name), plain(words)); }

  bool empty() const { return key_.empty() && words_.empty(); }
  bool operator==(const Message&) const = default;
  /// Empty for plain words.
  const std::string& key() const { return key_; }
  const std::vector<std::pair<std::string, Message>>& arguments() const { return arguments_; }

  /// The sentence in a language; English where that lacks it.
  std::string in(std::string_view language) const;

  /// As it travels to a page: {"key": "...", "with": {"name": ...}}, or a text for plain words.
  Json json() const;
  /// The same back; nothing for what is no message.
  static Message from(const Json& j);

 private:
  std::string key_, words_;
  std::vector<std::pair<std::string, Message>> arguments_;
};

/// Their sentences.
std::vector<std::string> sentences_in(std::string_view language, const std::vector<Message>& messages);
/// "a, b or c": what is allowed, in every language.
Message either_of(const std::vector<std::string>& words);
/// "a, b and c".
Message all_of(const std::vector<std::string>& words);
/// "1 row", "3 rows": a number and the text "refusal.part.THING" or, of more than one, "refusal.part.THINGs".
Message counted(long long n, const std::string& thing);

}  // namespace mid
