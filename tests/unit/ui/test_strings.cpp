// The page's words: complete in every language, with the same holes to fill.
#include <catch2/catch_test_macros.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "mid/session/session.hpp"
#include "ui/figures.hpp"
#include "ui/strings.hpp"

using namespace mid;

namespace {

std::vector<std::string> holes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) out.emplace_back(text.substr(at, text.find('}', at) - at + 1));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

struct Spoken {
  explicit Spoken(ui::Language l) { ui::set_language(l); }
  ~Spoken() { ui::set_language(ui::Language::english); }
};

}  // namespace

TEST_CASE("German has every key of English, no other, and the same holes and strong words") {
  for (const auto& [key, text] : ui::english()) {
    INFO(key);
    const auto own = ui::german().find(key);
    REQUIRE(own != ui::german().end());
    CHECK(holes(own->second) == holes(text));
    const auto stars = [](std::string_view t) { return std::count(t.begin(), t.end(), '*'); };
    CHECK(stars(own->second) % 4 == 0);
    CHECK_FALSE(own->second.empty());
  }
  for (const auto& [key, text] : ui::german()) {
    INFO(key);
    CHECK(ui::english().contains(key));
  }
}

TEST_CASE("German says every text of the core's catalogue") {
  const std::vector<std::string> alike{"", "Ridge", "Dropout", "Training", "Updates-Leak", "ln", "updates", "pixels"};
  std::vector<std::string> texts;
  const Json catalogue = Session::catalogue();
  for (const Json& section : catalogue["sections"]) {
    texts.push_back(section["help"]);
    for (const Json& entry : section["entries"]) {
      texts.push_back(entry["title"]), texts.push_back(entry["summary"]);
      for (const Json& param : entry["params"]) texts.push_back(param["help"]), texts.push_back(param["unit"]);
    }
  }
  CHECK(texts.size() > 300);
  for (const std::string& text : texts) CHECK(ui::core_words(text) == text);
  const Spoken german(ui::Language::german);
  for (const std::string& text : texts) {
    INFO(text);
    if (std::find(alike.begin(), alike.end(), text) == alike.end()) CHECK(ui::core_words(text) != text);
  }
  CHECK(ui::core_words("no text of ours") == "no text of ours");
}

TEST_CASE("numbers have the decimal sign of their language") {
  CHECK(ui::percent(.034) == "3.4\u00a0%");
  CHECK(ui::figure(1.5) == "1.50");
  const Spoken german(ui::Language::german);
  CHECK(ui::percent(.034) == "3,4\u00a0%");
  CHECK(ui::figure(1.5) == "1,50");
  CHECK(ui::of_ten(.7) == "7");
}

TEST_CASE("the pseudo language is longer, keeps holes, and falls back on nothing") {
  const Spoken pseudo(ui::Language::pseudo);
  for (const auto& [key, text] : ui::english()) {
    INFO(key);
    CHECK(holes(ui::words(key)) == holes(text));
    CHECK(ui::words(key).size() >= text.size());
  }
  CHECK(ui::words("share.head") != ui::english().at("share.head"));
}
