// Text of strangers: shortened between letters, and made fit to be shown.
#include <catch2/catch_test_macros.hpp>

#include "mid/base/param.hpp"
#include "mid/base/text.hpp"

using namespace mid;

namespace {

std::string times(std::size_t n, std::string_view part) {
  std::string out;
  while (n-- > 0) out += part;
  return out;
}

}  // namespace

TEST_CASE("text is shortened between letters", "[text]") {
  CHECK(shortened("", 5).empty());
  CHECK(shortened("abcde", 5) == "abcde");
  CHECK(shortened("abcdef", 5) == "ab...");
  CHECK(shortened("äöüäö", 5) == "äöüäö");
  CHECK(shortened("äöüäöü", 5) == "äö...");
  CHECK(shortened("äöüäöü", 5, "…") == "äöüä…");
  CHECK(shortened("äöüäöü", 5, "") == "äöüäö");
  CHECK(shortened("漢字漢字漢字", 4) == "漢...");
  // Letters of one to four bytes that end at every distance from the cut.
  for (const char* letter : {"a", "é", "漢", "😀"})
    for (std::size_t before = 0; before < 8; ++before)
      for (std::size_t most = 1; most < 70; ++most) {
        const std::string text = times(before, "x") + times(80, letter), cut = shortened(text, most);
        REQUIRE(is_utf8(cut));
        REQUIRE(shortened(cut, most) == cut);
        if (most >= 3) REQUIRE(cut.size() <= 3 + (most - 3) * std::string_view(letter).size());
      }
}

TEST_CASE("bytes that are no UTF-8 are told apart and counted one by one", "[text]") {
  for (const char* good : {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) CHECK(is_utf8(good));
  for (const char* bad :
       {"\x80", "\xC3", "\xC3(", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82"})
    CHECK(!is_utf8(bad));
  CHECK(shortened("\xFF\xFF\xFF\xFF\xFF\xFF", 5) == "\xFF\xFF...");
  CHECK(printable("a\xFFz\xE2\x82") == "a\uFFFDz\uFFFD\uFFFD");
}

TEST_CASE("what a terminal would obey is spelled out", "[text]") {
  CHECK(printable("cost 💶 مرحبا") == "cost 💶 مرحبا");
  CHECK(printable("\x1B[31mred\x1B[0m") == "\\u001b[31mred\\u001b[0m");
  CHECK(printable("two\nlines\r\t\x7F") == "two\\u000alines\\u000d\\u0009\\u007f");
  CHECK(printable("\xC2\x9B"
                  "2J \xE2\x80\xAE"
                  "exe.txt \xEF\xBB\xBF") == "\\u009b2J \\u202eexe.txt \\ufeff");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\u0000b");
  CHECK(printable_lines("two\nlines\tand columns\r\n") == "two\nlines\tand columns\\u000d\n");
  // JSON says the same afterwards.
  const Json j{{"na\x7Fme", "\xC2\x9B\n\\ é"}};
  CHECK(Json::parse(printable_lines(j.dump(2))) == j);
}

TEST_CASE("a value in a sentence is cut between letters and shows no control characters", "[text]") {
  for (std::size_t before = 0; before < 6; ++before) {
    const std::string sentence = shown(times(before, "x") + times(70, "é"));
    CHECK(is_utf8(sentence));
    CHECK_NOTHROW(Json(sentence).dump());
    CHECK(sentence.ends_with("é..."));
  }
  CHECK(shown("\x1B[2J\x7F") == "\"\\u001b[2J\\u007f\"");
  CHECK(shown("a\xFF") == "\"a\uFFFD\"");
}
