#include <catch2/catch_test_macros.hpp>

#include <utility>
#include <vector>

#include "mid/data/csv.hpp"
#include "mid/data/letters.hpp"

using namespace mid;

TEST_CASE("what nobody sees goes, other blanks are blanks, and an accent joins its letter") {
  const struct {
    const char *bytes, *text;
  } cases[] = {{"yes\xE2\x80\x8E", "yes"},  // left-to-right mark
               {"\xE2\x80\xAE"
                "age\xE2\x80\xAC",
                "age"},  // right-to-left override
               {"\xE2\x81\xA6"
                "nor\xE2\x81\xA9th",
                "north"},                       // isolates
               {"so\xC2\xADuth", "south"},      // soft hyphen
               {"nor\xE2\x81\xA0th", "north"},  // word joiner
               {"12\xE2\x80\x89"
                "345",
                "12 345"},  // thin space
               {"a\xE3\x80\x80"
                "b",
                "a b"},                        // ideographic space
               {"Zoe\xCC\x88", "Zo\xC3\xAB"},  // NFD
               {"A\xCC\x8Angstro\xCC\x88m", "\xC3\x85ngstr\xC3\xB6m"},
               {"c\xCC\xA7\xC5\x99", "\xC3\xA7\xC5\x99"},
               {"x\xCC\x88", "x\xCC\x88"},                                                                 // no letter is written so
               {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9A\x95", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9A\x95"}};  // an emoji keeps its joiner
  for (const auto& [bytes, text] : cases) {
    INFO(bytes);
    const CsvText read = as_utf8(bytes);
    CHECK(read.text == text);
    CHECK(read.warnings.empty());
  }
}

TEST_CASE("texts that nobody tells apart are folded to one") {
  const std::vector<std::pair<const char*, const char*>> alike = {{"NO", "no."},
                                                                  {"New York", "newyork"},
                                                                  {"K\xC3\x96LN", "k\xC3\xB6ln"},
                                                                  {"\xCE\x91\xCE\x92", "\xCE\xB1\xCE\xB2"},                  // Greek
                                                                  {"\xD0\x9C\xD0\x9E\xD0\xA1", "\xD0\xBC\xD0\xBE\xD1\x81"},  // Cyrillic
                                                                  {"\xD0\x81", "\xD1\x91"},                                  // IO
                                                                  {"\xC5\xBBYCIE", "\xC5\xBCycie"},                          // Polish
                                                                  {"\xC4\x8C"
                                                                   "apek",
                                                                   "\xC4\x8D"
                                                                   "apek"},               // Czech
                                                                  {"\xEF\xBD\x8D", "m"},  // full width
                                                                  {"\xEF\xBC\xAD", "m"}};
  for (const auto& [a, b] : alike) {
    INFO(a);
    CHECK(folded(a) == folded(b));
  }
  const std::vector<std::pair<const char*, const char*>> different = {
      {"Bar", "B\xC3\xA4r"}, {"\xC3\x97", "\xC3\xB7"}, {"a", "\xD0\xB0"}, {"1", "l"}};
  for (const auto& [a, b] : different) {
    INFO(a);
    CHECK(folded(a) != folded(b));
  }
}
