// The languages of core/teach/texts: complete (the build sees to that), with English's holes and strong words, found by key.
#include "mid/base/language.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <vector>

#include "mid/base/message.hpp"

using namespace mid;

namespace {

std::set<std::string> holes(std::string_view text) {
  std::set<std::string> out;
  for (auto at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) out.emplace(text.substr(at, text.find('}', at) - at + 1));
  return out;
}

}  // namespace

TEST_CASE("every language has every text, with the same holes, and strong words come in pairs of stars") {
  REQUIRE(languages().size() >= 2);
  CHECK(languages()[0].code == "en");
  CHECK(text_keys().size() > 1000);
  for (const Language& l : languages()) {
    CHECK_FALSE(l.name.empty());
    for (const std::string_view key : text_keys()) {
      INFO(l.code << ": " << key);
      const auto english = own_text(key, "en"), own = own_text(key, l.code);
      if (!english) continue;  // of a lesson, whose file has it: tests/unit/teach/test_lesson.cpp
      REQUIRE(own.has_value());
      CHECK(std::ranges::count(*own, '*') % 4 == 0);
      if (key.starts_with("refusal.")) {  // another language may leave a part of the English sentence out
        for (const std::string& hole : holes(*own)) CHECK(holes(*english).contains(hole));
      } else {
        CHECK(holes(*own) == holes(*english));
      }
    }
  }
}

TEST_CASE("no key is left over from a text that English has no more") {
  for (const std::string_view key : text_keys()) {
    INFO(key);
    CHECK((own_text(key, "en").has_value() || key.starts_with("lesson.")));
  }
}

TEST_CASE("a text is found by its key, in English where its language is unknown, and itself where the key is") {
  CHECK(text_of("pause", "de") == "Pause");
  CHECK(text_of("lesson.back", "en") == "Back");
  CHECK(text_of("lesson.back", "xx") == "Back");
  CHECK(text_of("no such key", "de") == "no such key");
  CHECK_FALSE(find_text("no such key", "de"));
  CHECK_FALSE(own_text("lesson.back", "xx"));
  CHECK(filled("{a} of {b}, {a}", {{"a", "1"}, {"b", "{a}"}}) == "1 of {a}, 1");
}

TEST_CASE("a browser's or a system's language is the one of ours that it begins with") {
  CHECK(language_for("de") == "de");
  CHECK(language_for("de-AT") == "de");
  CHECK(language_for("de_DE.UTF-8") == "de");
  CHECK(language_for("C") == "en");
  CHECK(language_for("") == "en");
  CHECK(language_for("den") == "en");
  CHECK(find_language("de")->decimal_sign == ',');
  CHECK(find_language("xx") == nullptr);
}

TEST_CASE("numbers of thousands are written in one way, by language") {
  const auto in = [](std::string number, const char* code) { return with_signs(std::move(number), *find_language(code)); };
  CHECK(in("999", "en") == "999");
  CHECK(in("2000", "en") == "2,000");
  CHECK(in("-12345678.125", "en") == "-12,345,678.125");
  CHECK(in("2000.5", "de") == "2.000,5");
  CHECK(in("2000.5", "fr") == "2\u202f000,5");
  CHECK(in("0.05", "de") == "0,05");
  CHECK(in("1.50e-07", "de") == "1,50e-07");
  CHECK(in("no limit", "de") == "no limit");
  CHECK(in("", "en").empty());
  CHECK(count_words(7000) == "7,000");
  // The hole {n} of what is said is a count; what was typed stays as it was.
  CHECK(counted(32561, "row").in("en") == "32,561 rows");
  CHECK(counted(32561, "row").in("de").starts_with("32.561"));
  CHECK(counted(1, "row").in("en") == "1 row");
  CHECK(Message("refusal.few_rows").with("found", "2000").in("en").find("2000") != std::string::npos);
}
