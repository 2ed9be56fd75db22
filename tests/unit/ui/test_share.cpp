// What a visitor takes along: link, QR code, command line, citation, picture, chart, figures.
#include <catch2/catch_test_macros.hpp>

#include "mid/experiment/spec.hpp"
#include "page.hpp"
#include "ui/exports.hpp"
#include "ui/link.hpp"
#include "ui/story.hpp"

using namespace mid;
using test::Page;

namespace {

/// The words of a command line behind --set, as mid reads them.
Json fields_of(const std::string& line) {
  Json out = Json::object();
  for (std::size_t at = line.find(" --set "); at != std::string::npos; at = line.find(" --set ", at + 1)) {
    std::size_t from = at + 7;
    const bool quoted = line[from] == '\'';
    const std::string word =
        quoted ? line.substr(from + 1, line.find('\'', from + 1) - from - 1) : line.substr(from, line.find(' ', from) - from);
    const std::string path = word.substr(0, word.find('=')), text = word.substr(word.find('=') + 1);
    const Json value = Json::parse(text, nullptr, false);
    out[path] = value.is_discarded() ? Json(text) : value;
  }
  return out;
}

}  // namespace

TEST_CASE("what differs from a preset brings the specification back, whatever was chosen") {
  for (const std::string& name : preset_names())
    for (const Json& chosen : std::vector<Json>{{{"seed", 7}},
                                                {{"defense.kind", "none"}},
                                                {{"attack.kind", "none"}, {"seed", 3}},
                                                {{"release.kind", "round"}, {"release.decimals", 1}},
                                                {{"data.private", 33}}}) {
      Json spec;
      try {
        spec = with_fields(preset(name), chosen);
      } catch (const Error&) {
        continue;  // not for this kind of model
      }
      INFO(name << " " << chosen);
      const Json changes = ui::changes_from(preset(name), spec);
      CHECK(with_fields(preset(name), changes) == spec);
      CHECK(changes.size() <= chosen.size() + 2);
    }
}

TEST_CASE("the copied command makes the very run that is shown") {
  Page page;
  page.rest();
  page.click("strength");
  page.rest();
  page.click("share");
  page.frames(2);
  page.click("share.command");
  REQUIRE(page.copied_text.starts_with("mid run preset:visitors --set "));
  CHECK(with_fields(preset("visitors"), fields_of(page.copied_text)) == page.state()["spec"]);
  page.click("share.cite");
  CHECK(page.copied_text.find("2009.05241") != std::string::npos);
}

TEST_CASE("the QR code's short link leads another page to the same state") {
  Page page;
  page.rest();
  page.app->command({{"do", "set"}, {"fields", {{"seed", 4}, {"release.kind", "label_only"}, {"attack.repeats", 10}}}});
  page.rest();
  const std::string link = page.app->short_link();
  CHECK(link.size() < 300);
  Page other(1280, 720, link);
  other.frames();
  CHECK(other.state()["spec"] == page.state()["spec"]);
  CHECK(other.state()["notice"] == "");
}

TEST_CASE("picture, chart, runs and result are saved as what they say they are") {
  Page page;
  page.rest();
  page.click("share");
  page.frames(2);
  page.click("share.picture");
  CHECK(page.saved_name == "midlab-visitors.png");
  CHECK(page.saved_text.starts_with("\x89PNG"));
  page.click("share.chart");
  CHECK(page.saved_name == "midlab-visitors-trade-off.svg");
  CHECK(page.saved_text.find("</svg>") != std::string::npos);
  page.click("share.runs");
  CHECK(page.saved_text.starts_with("story,data,model,defence,"));
  CHECK(page.saved_text.find("\r\nvisitors,london-faces,network,none,0,none,1,1,accuracy,") != std::string::npos);
  page.click("share.result");
  const Json result = Json::parse(page.saved_text);
  CHECK(result["spec"] == page.state()["spec"]);
  // Another story: beliefs in the place of pictures.
  page.app->command({{"do", "run"}, {"preset", "confidence"}});
  page.rest();
  page.click("share.picture");
  CHECK(page.saved_name == "midlab-confidence.png");
  CHECK(page.saved_text.starts_with("\x89PNG"));
  // Of a tree there is none: nothing is saved.
  page.saved_name.clear();
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  page.click("share.picture");
  CHECK(page.saved_name.empty());
}

TEST_CASE("a shared link may hide what would answer a question, until somebody asks to see it") {
  Page page;
  page.tell("confidence");
  page.click("share");
  page.frames(2);
  for (int level = 0; level < 2; ++level) page.click("share.hide");
  page.click("share.link");
  const std::string link = page.copied;
  page.click("share");
  page.frames(2);
  CHECK(page.paints(std::string(ui::words("explain.head"))));  // who shares it sees everything
  Page other(1280, 720, link);
  other.rest();
  CHECK_FALSE(other.paints(std::string(ui::words("explain.head"))));
  CHECK_FALSE(other.has("tab.trade"));
  CHECK(other.has("strength"));
  other.click("hidden.show");
  other.frames(2);
  CHECK(other.paints(std::string(ui::words("explain.head"))));
  CHECK(other.has("tab.trade"));
}
