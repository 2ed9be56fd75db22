// The page's words: complete in every language, with the same holes to fill.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <vector>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/data/csv.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/experiment/user_table.hpp"
#include "mid/session/session.hpp"
#include "page.hpp"
#include "ui/figures.hpp"
#include "ui/story.hpp"
#include "ui/strings.hpp"

using namespace mid;
using test::Page;

namespace {

std::vector<std::string> holes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
    out.emplace_back(text.substr(at, text.find('}', at) - at + 1));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

struct Spoken {
  explicit Spoken(std::string_view code) { ui::set_language(code); }
  ~Spoken() { ui::set_language("en"); }
};

}  // namespace

TEST_CASE("a tree asks and answers in words of the page's language, never by names of columns and codes of a file") {
  const std::vector<std::pair<const char*, const char*>> asked{{"en", "Schooling?"}, {"de", "Schuljahre?"}, {"fr", "Études\u202f?"}};
  for (const auto& [language, question] : asked) {
    Page page;
    page.app->command({{"do", "language"}, {"to", language}});
    page.tell("survey-tree");
    INFO(language);
    CHECK(page.paints(question));
    for (const ui::Seen::Text& t : page.look().texts)
      for (const char* raw : {"education-num", "capital-", "hours-per", "workclass", "50K", "Adm-", "Exec-"}) {
        INFO(t.text);
        CHECK(t.text.find(raw) == std::string::npos);
      }
  }
  ui::set_language("en");
}

TEST_CASE("every text of the core's catalogue has a key, and its English beside it") {
  int texts = 0;
  const auto look_at = [&](const Json& of, const char* what) {
    const std::string text = of[what], key = of[std::string(what) + "_key"];
    INFO(key);
    CHECK(own_text(key, "en") == text);
    ++texts;
  };
  const Json catalogue = Session::catalogue();
  for (const Json& section : catalogue["sections"]) {
    look_at(section, "help");
    for (const Json& entry : section["entries"]) {
      look_at(entry, "title"), look_at(entry, "summary");
      for (const Json& param : entry["params"]) {
        look_at(param, "help");
        const std::string unit = param["unit"];
        INFO(unit);
        CHECK((unit.empty() || own_text("unit." + unit, "en") == unit));
      }
    }
  }
  CHECK(texts > 300);
  const Spoken german("de");
  CHECK(ui::unit_words("rows") == "Zeilen");
  CHECK(ui::unit_words("no unit of ours") == "no unit of ours");
  CHECK(ui::value_words("Female") == "Frau");
  CHECK(ui::value_words("no value of ours") == "no value of ours");
}

TEST_CASE("numbers have the signs of their language") {
  CHECK(ui::percent(.034) == "3.4\u00a0%");
  CHECK(ui::figure(1.5) == "1.50");
  CHECK(ui::figure(2345.6) == "2,346");
  CHECK(ui::count(2000) == "2,000");
  const Spoken german("de");
  CHECK(ui::percent(.034) == "3,4\u00a0%");
  CHECK(ui::figure(1.5) == "1,50");
  CHECK(ui::count(2000) == "2.000");
  CHECK(ui::of_ten(.7) == "7");
}

TEST_CASE("the pseudo language is longer, keeps holes, and falls back on nothing") {
  const Spoken pseudo(ui::kPseudo);
  for (const std::string_view key : text_keys()) {
    const auto text = own_text(key, "en");
    if (!text) continue;
    INFO(key);
    CHECK(holes(ui::words(key)) == holes(*text));
    CHECK(ui::words(key).size() >= text->size());
  }
  CHECK(ui::words("share.head") != *own_text("share.head", "en"));
}

TEST_CASE("other languages say why the core refuses a choice") {
  std::vector<Message> sentences;
  const auto refused = [&](const auto& f) {
    try {
      f();
      FAIL("nothing was refused");
    } catch (const Error& e) {
      CHECK(e.message().in("en") == e.what());
      sentences.push_back(e.message());
    }
  };
  for (
      const char* spec :
      {R"({"defense": {"kind": "mid", "beta": -1}})", R"({"train": {"epochs": "many"}})", R"({"train": {"epochs": 0}})",
       R"({"train": {"epochs": 1e12}})", R"({"model": {"kind": "forest"}})", R"({"model": {"hidden": [1, "a"]}})",
       R"({"attack": {"kind": "mi_face", "nothing": 1}})", R"({"train": 3})", R"({"deffense": {}})", R"({"seed": -1})", R"({"seed": 1.5})",
       R"({"data": {"name": 5}})", R"({"data": {"name": "csv"}})", R"({"version": 2})",
       R"({"model": {"kind": "tree"}, "defense": {"kind": "dropout"}})", R"({"model": {"bottleneck": 0}, "defense": {"kind": "mid"}})",
       R"({"model": {"kind": "linear"}, "release": {"of": "embedding"}, "defense": {"kind": "none"}, "data": {"name": "synthetic-dose"}})"})
    refused([&] { check_spec(Json::parse(spec)); });
  refused([] { with_fields(Json::object(), {{"train.epochs.more", 1}}); });
  for (const char* text : {"", "a,b\n", "a,a\n1,2\n", "a,b\n1\n", "a,b\n\"1,2\n", "a,b\n\"1\"x,2\n", "PK\x03\x04", "Report\na,b\n1,2\n",
                           "Report,,\na,b,c\n1,2,3\n", "a,b\n1,2\n# end\n", "a,b\n1,2,3\n", "a b\n1 2\n3 4\n", "<!DOCTYPE html>",
                           "version https://git-lfs.github.com/spec/v1\n", "{\"a\": 1}", "%PDF-1.4", "@relation x"})
    refused([&] { parse_csv(text, "t.csv"); });
  const TemporaryFolder folder;
  const auto table = [&](const std::string& row, int rows) {
    std::string text = "a,b\n";
    for (int i = 0; i < rows; ++i) text += row;
    const std::string path = (folder.path() / "t.csv").string();
    write_file(path, text);
    return user_table(path);
  };
  refused([&] { table("1,2\n", 3); });
  refused([&] { table("1,2\n", 30); });
  refused([&] { table("1,2\n2,1\n3,1\n4,2\n5,1\n6,2\n7,1\n8,2\n9,1\n1,2\n2,none\n", 1); });
  refused([&] { table_of(parse_csv("a;b\n1,5;x\n1.5;y\n2.5;z\n", "t.csv")); });
  refused([&] { table_of(parse_csv("a;b\n5%;x\n6;y\n7;z\n", "t.csv")); });
  refused([&] { table_of(parse_csv("a;b\n5%;x\n6%;y\n7;z\n", "t.csv")); });
  refused([&] { table_of(parse_csv("a;b\n1,234;x\n5,678;y\n", "t.csv")); });
  refused([&] { table_of(parse_csv("a,b\n1,2\n3,4e30\n", "t.csv")); });
  CHECK(sentences.size() > 30);
  for (const Message& m : sentences) {
    INFO(m.in("en"));
    CHECK_FALSE(m.key().empty());
    CHECK(Message::from(m.json()).in("de") == m.in("de"));
    for (const Language& l : languages().subspan(1)) {
      const std::string said = " " + m.in(l.code) + " ";
      INFO(said);
      for (const char* english : {" must ", " is ", " found ", " the ", " has ", " or ", " rows "}) CHECK(said.find(english) == said.npos);
    }
  }
  CHECK(Message("refusal.must_be")
            .with("field", "train.epochs")
            .with("allowed", Message("refusal.part.whole_number"))
            .with("found", "\"many\"")
            .in("de") == "train.epochs muss eine ganze Zahl sein, gefunden wurde \"many\"");
}

TEST_CASE("the page's letters can write everything that it says, in every language") {
  Page page;
  page.frames(2);
  std::set<unsigned> known;
  for (ImFont* font : ImGui::GetIO().Fonts->Fonts)
    for (unsigned c = 0x20; c < 0x3000; ++c)
      if (font->FindGlyphNoFallback(static_cast<ImWchar>('a')) && font->FindGlyphNoFallback(static_cast<ImWchar>(c))) known.insert(c);
  REQUIRE(known.contains('a'));
  CHECK(known.contains(0x221E));          // a budget without limit: no text, but written all the same
  REQUIRE_FALSE(known.contains(0x2603));  // a snowman: the set is no list of everything
  for (const Language& l : languages())
    for (const std::string_view key : text_keys()) {
      const std::string_view text = own_text(key, l.code).value_or("");
      INFO(l.code << ": " << key << ": " << text);
      for (std::size_t i = 0; i < text.size();) {
        unsigned c = 0;
        const int length = ImTextCharFromUtf8(&c, text.data() + i, text.data() + text.size());
        i += static_cast<std::size_t>(std::max(length, 1));
        CHECK((known.contains(c) || c == '\n'));
      }
    }
}

TEST_CASE("words are about what is chosen: another secret, another kind of answer, another data set") {
  const auto says = [](const char* name, const Json& changes, const char* key) {
    const Json spec = check_spec(with_fields(preset(name), changes)).json();
    return ui::spec_words(spec, ui::stories()[static_cast<std::size_t>(ui::story_of(spec))], key);
  };
  CHECK(says("confidence", Json::object(), "title").find("sex") != std::string::npos);
  const Json married{{"data.sensitive", "married"}};
  for (const char* key : {"title", "caption", "high", "middle", "low", "privacy", "menu"}) {
    INFO(key);
    CHECK(says("confidence", married, key).find("sex") == std::string::npos);
  }
  CHECK(says("confidence", married, "caption") ==
        "It predicts “income over $50,000”. The attacker knows the rest of a row, and wants “married”.");
  CHECK(says("visitors", {{"release.kind", "label_only"}}, "caption").find("40 numbers") == std::string::npos);
  CHECK(says("visitors", {{"release.kind", "round"}}, "caption").find("40 numbers") != std::string::npos);
  CHECK(says("which-seven", {{"release.of", "embedding"}}, "attack.note") == "from the inside");
  CHECK(says("confidence", {{"release.kind", "label_only"}}, "low").find("bells") == std::string::npos);
  CHECK(says("steak-tree", Json::object(), "title") == "Does the tree give away the secret?");
  CHECK(says("steak-tree", Json::object(), "caption").find("$50,000") == std::string::npos);
  CHECK(says("face-from-name", {{"attack.prior", "pixels"}}, "high").find("noise") != std::string::npos);
  // Every key of a story has words for every data set.
  for (const char* name :
       {"confidence", "which-seven", "survey-tree", "dose", "visitors", "face-from-name", "numbers-inside", "private-training"})
    for (const Json& changes : {Json::object(), Json{{"release.kind", "label_only"}}, Json{{"release.of", "embedding"}}})
      for (const char* key : {"title", "caption", "title.wait", "caption.wait",  "high",          "middle",       "low",          "honest",
                              "try",   "utility", "privacy",    "utility.short", "privacy.short", "utility.base", "privacy.base", "x",
                              "y",     "menu",    "credit",     "name",          "explain.wait",  "table.base",   "honest.here"}) {
        Json all = changes;
        const std::string model = preset(name)["model"]["kind"];
        if (model != "network" && changes.contains("release.of")) continue;
        if (model == "linear" && changes.contains("release.kind")) continue;
        INFO(name << " " << key);
        CHECK(says(name, all, key) != key);
      }
}
