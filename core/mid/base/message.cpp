#include "mid/base/message.hpp"

#include "mid/base/json.hpp"
#include "mid/base/language.hpp"

namespace mid {

namespace {

/// What fills the hole {n}, everywhere a count. Other holes may quote what somebody typed and stay as that was.
std::string count_in(std::string_view language, std::string text) {
  const Language* spoken = find_language(language);
  return text.find_first_not_of("0123456789") == text.npos ? with_signs(std::move(text), spoken ? *spoken : languages()[0]) : text;
}

}  // namespace

Message Message::plain(std::string words) {
  Message out;
  out.words_ = std::move(words);
  return out;
}

Message Message::with(std::string name, Message value) const {
  Message out = *this;
  out.arguments_.emplace_back(std::move(name), std::move(value));
  return out;
}

std::string Message::in(std::string_view language) const {
  if (key_.empty()) return words_;
  return fill_holes(text_of(key_, language), [&](std::string_view name) {
    for (const auto& [argument, value] : arguments_)
      if (argument == name) return name == "n" ? count_in(language, value.in(language)) : value.in(language);
    return std::string();
  });
}

Json Message::json() const {
  if (key_.empty()) return words_;
  Json with = Json::object();
  for (const auto& [name, value] : arguments_) with[name] = value.json();
  return {{"key", key_}, {"with", with}};
}

Message Message::from(const Json& j) {
  if (j.is_string()) return plain(j.get<std::string>());
  if (!j.is_object() || !j.contains("key") || !j["key"].is_string()) return {};
  Message out(j["key"].get<std::string>());
  if (j.contains("with") && j["with"].is_object())
    for (const auto& [name, value] : j["with"].items()) out.arguments_.emplace_back(name, from(value));
  return out;
}

namespace {

Message listed_with(const char* key, const std::vector<std::string>& words) {
  std::string before;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) before += (before.empty() ? "" : ", ") + words[i];
  if (words.size() < 2) return Message::plain(words.empty() ? "" : words[0]);
  return Message(key).with("list", before).with("last", words.back());
}

}  // namespace

std::vector<std::string> sentences_in(std::string_view language, const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const Message& m : messages) out.push_back(m.in(language));
  return out;
}

Message either_of(const std::vector<std::string>& words) { return listed_with("refusal.list_or", words); }
Message all_of(const std::vector<std::string>& words) { return listed_with("refusal.list_and", words); }

Message counted(long long n, const std::string& thing) {
  return Message("refusal.part." + thing + (n == 1 ? "" : "s")).with("n", std::to_string(n));
}

}  // namespace mid
