// No text exceeds its box: every story on every size of page, light and dark.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "../temporary_folder.hpp"
#include "mid/model/file/to_onnx.hpp"
#include "mid/model/model.hpp"
#include "mid/teach/lesson.hpp"
#include "page.hpp"
#include "user_tables.hpp"

using namespace mid;
using test::Page;
using ui::Box;
using ui::Seen;

namespace {

constexpr float kTolerance = .75f;  // of a pixel: text stands on whole ones
constexpr int kSmallest = 14;

/// A model of the strangers' table that asks for one of its columns, so that much is said about the others.
std::string strangers_model(const std::string& target) {
  if (target == "pay") {
    Linear model;
    model.weight = VectorXd::Ones(1), model.input_names = {"n0"};
    return to_onnx(model);
  }
  Tree tree;
  tree.columns = {{"n0", true, {}}}, tree.cuts = {{8}}, tree.nodes.resize(3);
  tree.classes = {"more than anybody could want", "rather much", "hardly anything at all"};
  tree.nodes[0].split = TreeNode::Split::cut, tree.nodes[0].column = tree.nodes[0].cut = 0, tree.nodes[0].child = {1, 2, -1};
  for (const int i : {0, 1, 2}) {
    TreeNode& node = tree.nodes[static_cast<std::size_t>(i)];
    node.counts = Eigen::Vector3d(5, 4, i), node.parent = i > 0 ? 0 : -1, node.depth = i > 0;
  }
  return model_bytes(tree, Json::object());
}

bool meets(const Box& a, const Box& b, float by) {
  return a.x + by < b.right() && b.x + by < a.right() && a.y + by < b.bottom() && b.y + by < a.bottom();
}

bool holds(const Box& outer, const Box& inner) {
  const Box room = outer.grown(kTolerance);
  return inner.x >= room.x && inner.y >= room.y && inner.right() <= room.right() && inner.bottom() <= room.bottom();
}

Box common(const Box& a, const Box& b) {
  const float x = std::max(a.x, b.x), y = std::max(a.y, b.y);
  return {x, y, std::max(0.f, std::min(a.right(), b.right()) - x), std::max(0.f, std::min(a.bottom(), b.bottom()) - y)};
}
Box visible(const Seen::Text& t) { return common(t.ink, t.clip); }

std::string at(const Box& b) {
  char text[64];
  std::snprintf(text, sizeof text, "[%.0f %.0f %.0f %.0f]", static_cast<double>(b.x), static_cast<double>(b.y), static_cast<double>(b.w),
                static_cast<double>(b.h));
  return text;
}

std::string named(const Seen::Text& t) {
  return (t.type.weight == ui::Type::icons ? std::string("an icon") : "\"" + t.text + "\"") + " " + at(t.ink);
}

/// A sentence for everything that cannot be read well.
std::vector<std::string> problems(const Seen& seen, const Json& controls, float width, float height) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < seen.texts.size(); ++i) {
    const Seen::Text& t = seen.texts[i];
    if (!meets(t.ink, t.clip, 0)) {
      out.push_back(named(t) + " is painted where nothing shows it " + at(t.clip));
      continue;
    }
    if (!holds(t.clip, t.ink)) out.push_back(named(t) + " is cut by " + at(t.clip));
    if (!holds({0, 0, width, height}, t.ink)) out.push_back(named(t) + " leaves the page");
    if (t.type.weight != ui::Type::icons && t.type.size < kSmallest) out.push_back(named(t) + " is smaller than 14 pixels");
    const bool own = t.list == seen.texts.front().list;  // not a menu or a tooltip, which lie over all the rest
    for (const Box& card : seen.cards)
      if (own && meets(card, t.ink, kTolerance) && !holds(card, t.ink))
        out.push_back(named(t) + " crosses the edge of the card " + at(card));
    for (std::size_t j = 0; j < i; ++j)
      if (seen.texts[j].list == t.list && meets(visible(seen.texts[j]), visible(t), .5f))
        out.push_back(named(t) + " lies on " + named(seen.texts[j]));
    for (const auto& [id, b] : controls.items()) {
      const Box box{b[0], b[1], b[2], b[3]};
      if (own && box.contains(t.ink.middle_x(), t.ink.middle_y()) && !holds(box, t.ink))
        out.push_back(named(t) + " exceeds the control " + id + " " + at(box));
    }
  }
  return out;
}

struct Size {
  int width, height;
};

constexpr Size kSizes[] = {{1280, 720}, {1024, 768}, {800, 600},  {390, 844}, {1920, 1080},
                           {1100, 600}, {1180, 860}, {1366, 650}, {640, 360}};

void look_everywhere(Page& page, const std::string& what) {
  for (const float scale : {1.f, 1.5f, 2.f})  // outermost: each makes the fonts anew
    for (const Size& size : kSizes)
      for (const bool dark : {false, true}) {
        if (size.height < 560 && scale < 1.4f) continue;  // enlarged text in a low window, not a window of 640 x 360 dots
        const auto device = [&](int v) { return static_cast<int>(std::lround(static_cast<float>(v) * scale)); };
        page.app->set_look(dark ? ui::Look::dark : ui::Look::light);
        page.resize(device(size.width), device(size.height), scale);
        page.frames(3);
        const Seen seen = page.look();
        CHECK(seen.texts.size() > 10);
        // A page too low for its text is drawn smaller (App::set_scale): it has more logical pixels than were asked for.
        const float smaller = std::max(1.f, 560.f / static_cast<float>(size.height));
        const auto found =
            problems(seen, page.state()["controls"], static_cast<float>(size.width) * smaller, static_cast<float>(size.height) * smaller);
        INFO(what << " at " << size.width << "x" << size.height << ", scale " << scale << (dark ? ", dark" : ", light"));
        for (const std::string& sentence : found) UNSCOPED_INFO(sentence);
        CHECK(found.empty());
      }
}

/// The same in other languages, where texts are longer.
void look_abroad(Page& page, const std::string& what) {
  for (const char* language : {"de", "fr", "pseudo"}) {
    page.app->command({{"do", "language"}, {"to", language}});
    for (const Size& size : {Size{1280, 720}, {800, 600}, {390, 844}, {1920, 1080}}) {
      page.resize(size.width, size.height);
      page.frames(3);
      const auto found = problems(page.look(), page.state()["controls"], static_cast<float>(size.width), static_cast<float>(size.height));
      INFO(what << ", " << language << ", at " << size.width << "x" << size.height);
      for (const std::string& sentence : found) UNSCOPED_INFO(sentence);
      CHECK(found.empty());
    }
  }
  page.app->command({{"do", "language"}, {"to", "en"}});
}

/// The same of a presentation, which fills whatever it has.
void look_from_the_back_row(Page& page, const std::string& what) {
  page.app->command({{"do", "present"}});
  for (const Size& size : {Size{800, 600}, {1280, 720}, {1024, 768}, {1920, 1080}, {1366, 650}}) {
    page.resize(size.width, size.height);
    page.frames(3);
    const Seen seen = page.look();
    CHECK(seen.texts.size() > 10);
    const auto scale = page.state()["scale"].get<float>();
    const auto found =
        problems(seen, page.state()["controls"], static_cast<float>(size.width) / scale, static_cast<float>(size.height) / scale);
    INFO(what << ", presented at " << size.width << "x" << size.height);
    for (const std::string& sentence : found) UNSCOPED_INFO(sentence);
    CHECK(found.empty());
  }
  page.app->command({{"do", "present"}, {"on", false}});
  page.frames(2);
}

}  // namespace

TEST_CASE("no text exceeds its box in any story, undefended and defended", "[layout]") {
  Page page(1280, 720, {}, true);
  for (const ui::Story& story : ui::stories()) {
    if (story.own) continue;
    page.resize(1280, 720);
    page.app->command({{"do", "run"}, {"preset", std::string(story.key)}});
    page.rest();
    look_everywhere(page, std::string(story.key));
    page.resize(1280, 720);
    page.frames(2);
    page.click("strength");
    page.rest();
    look_everywhere(page, std::string(story.key) + ", defended");
    look_from_the_back_row(page, std::string(story.key) + ", defended");
    look_abroad(page, std::string(story.key) + ", defended");
  }
}

TEST_CASE("no text exceeds its box in the theatre of the attack, on its way and at its end, beside no defence", "[layout]") {
  Page page(1280, 720, {}, true);
  for (const char* story : {"face-from-name", "visitors", "which-seven"}) {
    page.app->command({{"do", "run"}, {"preset", story}});
    page.rest();
    page.click("strength");
    page.rest();
    for (const bool beside : {false, true}) {
      page.app->command({{"do", "theatre"}, {"beside", beside}});
      page.rest();
      page.app->command({{"do", "theatre"}, {"beside", beside}, {"at", 5}});
      look_everywhere(page, std::string(story) + ", watched");
      look_from_the_back_row(page, std::string(story) + ", watched");
      look_abroad(page, std::string(story) + ", watched");
    }
    page.app->command({{"do", "theatre"}, {"beside", true}});
    look_everywhere(page, std::string(story) + ", watched to its end");
    page.app->command({{"do", "theatre"}, {"open", false}});
    page.resize(1280, 720);
    page.frames(3);
  }
}

TEST_CASE("no text exceeds its box at any station of the walk", "[layout]") {
  Page page(1280, 720, {}, true);
  for (const char* story : {"visitors", "which-seven"}) {
    page.app->command({{"do", "run"}, {"preset", story}});
    page.rest();
    page.click("strength");
    page.rest();
    for (int station = 1; station <= 5; ++station) {
      page.app->command({{"do", "walk"}, {"station", station}});
      const std::string what = std::string(story) + ", station " + std::to_string(station);
      if (station % 2 == 1) look_everywhere(page, what);
      look_from_the_back_row(page, what);
      look_abroad(page, what);
      page.resize(1280, 720);
      page.frames(3);
    }
  }
}

TEST_CASE("no text exceeds its box on the paper for a digit, nor in what a class found", "[layout]") {
  Page page(1280, 720, {}, true);
  page.app->command({{"do", "draw"}});
  page.rest();
  look_everywhere(page, "paper");
  look_abroad(page, "paper");
  page.resize(1280, 720);
  page.frames(3);
  page.click("pad");
  page.click("pad.digit.7");
  look_everywhere(page, "paper with a dot on it");
  look_abroad(page, "paper with a dot on it");
  page.resize(1280, 720);
  page.app->command({{"do", "draw"}, {"open", false}});
  page.app->command({{"do", "class"}});
  look_everywhere(page, "no codes");
  look_abroad(page, "no codes");
  std::string codes = "visitors:0.1:1:92.1:40:aaaaaa which-seven:0.1:1:92.1:40:aaaaab x:y:z:u";
  for (int seed = 1; seed <= 30; ++seed)
    codes += " visitors:0.1:" + std::to_string(seed) + ":92.1:" + std::to_string(30 + seed) + ".5:aaaaaa";
  page.app->command({{"do", "class"}, {"text", codes}});
  look_everywhere(page, "codes of a class");
  look_abroad(page, "codes of a class");
}

TEST_CASE("no text exceeds its box in the enlarged trade-off", "[layout]") {
  Page page(1280, 720, {}, true);
  for (const char* story : {"visitors", "survey-tree", "dose"}) {
    page.tell(story);
    page.app->command({{"do", "chart"}, {"on", false}});
    page.frames(2);
    page.click("strength");
    page.rest();
    page.app->command({{"do", "chart"}});
    look_everywhere(page, std::string(story) + ", enlarged");
    look_abroad(page, std::string(story) + ", enlarged");
    page.resize(1280, 720);
    page.frames(2);
  }
}

TEST_CASE("no text exceeds its box while a story is still being told", "[layout]") {
  for (const ui::Story& story : ui::stories()) {
    if (story.own) continue;
    Page page(1280, 720, {}, true);
    page.app->command({{"do", "run"}, {"preset", std::string(story.key)}});
    page.frames();
    page.app->command({{"do", "pause"}});
    page.frames(3);
    look_everywhere(page, std::string(story.key) + ", paused at its beginning");
    look_from_the_back_row(page, std::string(story.key) + ", paused at its beginning");
  }
}

TEST_CASE("no text exceeds its box on the other panes", "[layout]") {
  Page page(1280, 720, {}, true);
  page.app->command({{"do", "run"}, {"preset", "confidence"}});
  page.rest();
  for (const char* pane : {"help", "advanced", "share", "stories"}) {
    page.resize(1280, 720);
    page.frames(2);
    page.click(pane);
    look_everywhere(page, pane);
    look_abroad(page, pane);
    page.resize(1280, 720);
    page.frames(2);
    if (page.has("advanced.close"))
      page.click("advanced.close");
    else if (page.has("stories.close"))
      page.click("stories.close");
    else
      page.click(pane);
  }
}

TEST_CASE("no text exceeds its box in the wizard for a table of one's own, nor in the stories that it leads to", "[layout]") {
  const TemporaryFolder folder;
  Page page(1280, 720, {}, true);
  page.frames();
  page.app->command({{"do", "pause"}});
  const auto at_every_size = [&](const std::string& what) {
    page.resize(1280, 720);
    page.frames(2);
    look_everywhere(page, what);
    page.resize(1280, 720);
    page.frames(2);
  };
  page.click("data");
  page.click("data.2");
  at_every_size("the wizard without a table");
  page.app->open_file(test::write_table(folder, "not a table.csv", "PK\x03\x04"));
  page.frames(3);
  at_every_size("the wizard with a file that is no table");
  for (const char* target : {"pay", "a column with a name that goes on and on, and then some more"}) {
    page.app->open_file(test::write_table(folder, "people with a rather long name of their file.csv", test::strangers_table()));
    page.frames(3);
    at_every_size("the wizard's first step");
    page.click("own.column." + std::string(target == std::string("pay") ? "4" : "5"));
    at_every_size("the wizard's second step");
    page.click("own.column.3");
    at_every_size("the wizard's third step");
    for (const std::string& bytes : {to_onnx(make_network({}, false, 3, 2, Stream{1})), strangers_model(target)}) {
      page.app->open_file(test::write_table(folder, "a model with a rather long name of its file.onnx", bytes));
      page.frames(5);
      CHECK(page.has("own.go") == page.state()["own"]["model"]["failed"].get<std::string>().empty());
      at_every_size("the wizard with a model");
    }
    page.click("own.go");
    page.rest();
    CHECK(page.state()["error"] == "");
    at_every_size(std::string("one's own model, ") + target);
    page.app->command({{"do", "own"}, {"model", false}, {"look", true}});
    page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
    page.rest();
    page.click("data");
    page.click("data.2");
    page.click("own.go");
    page.rest();
    CHECK(page.state()["error"] == "");
    at_every_size(std::string("one's own table, ") + target);
    page.click("strength");
    page.rest();
    at_every_size(std::string("one's own table, defended, ") + target);
  }
}

TEST_CASE("no text exceeds its box in the lessons: their list, and questions and findings of every one", "[layout]") {
  Page page(1280, 720, {}, true);
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  page.app->command({{"do", "lesson"}, {"key", ""}});
  look_everywhere(page, "the list of lessons");
  for (const Lesson& l : lessons()) {
    if (l.steps[0].preset != "survey-tree" && l.steps[0].preset != "dose")
      continue;  // the others' texts are as long, their runs are not as short
    for (std::size_t i = 0; i < l.steps.size(); ++i) {
      page.resize(1280, 720);
      if (i == 0)
        page.app->command({{"do", "lesson"}, {"key", l.key}});
      else
        page.app->command({{"do", "lesson"}, {"step", static_cast<int>(i) + 1}});
      const std::string what = l.key + ", step " + std::to_string(i + 1);
      if (l.steps[i].question && l.key == "trees") look_everywhere(page, what + ", asking");
      if (l.steps[i].question) page.app->command({{"do", "lesson"}, {"answer", 1}});
      page.rest();
      if (l.key == "trees" || l.steps[i].expect.size() > 3) look_everywhere(page, what);
      look_abroad(page, what);
      if (l.key == "trees") look_from_the_back_row(page, what);
      // What did not fit at once comes with Next.
      for (const Size& size : {Size{800, 600}, Size{390, 844}}) {
        page.resize(size.width, size.height);
        page.frames(3);
        for (int turn = 0; turn < 5 && page.state()["lesson"]["page"].get<int>() + 1 < page.state()["lesson"]["pages"].get<int>(); ++turn) {
          page.click("lesson.next");
          page.frames(3);
          const auto found =
              problems(page.look(), page.state()["controls"], static_cast<float>(size.width), static_cast<float>(size.height));
          INFO(what << ", page " << turn + 2 << " at " << size.width << "x" << size.height);
          for (const std::string& sentence : found) UNSCOPED_INFO(sentence);
          CHECK(found.empty());
        }
        CHECK(page.state()["lesson"]["step"] == static_cast<int>(i) + 1);
      }
    }
  }
}

TEST_CASE("no text exceeds its box in the guided tour, at a stop, at its question and at its end", "[layout]") {
  Page page(1280, 720, {}, true);
  page.app->command({{"do", "run"}, {"preset", "visitors"}});
  page.rest();
  page.app->command({{"do", "tour"}});
  for (int i = 0; i < 4000 && page.state()["walk"]["station"] != 1; ++i) page.frames();
  page.point(640, 8);
  page.button(true);
  page.button(false);
  look_everywhere(page, "a stop of the tour");
  look_abroad(page, "a stop of the tour");
  page.resize(1280, 720);
  page.frames(3);
  for (int i = 0; i < 4; ++i) page.click("tour.next");
  look_everywhere(page, "the tour's question");
  look_abroad(page, "the tour's question");
  page.app->command({{"do", "lesson"}, {"answer", 1}});
  page.rest();
  look_everywhere(page, "the tour's end");
  look_abroad(page, "the tour's end");
}

TEST_CASE("no text exceeds its box in any lesson's questions, at home, abroad and in a large room", "[layout]") {
  Page page(1280, 720, {}, true);
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  for (const Lesson& l : lessons())
    for (std::size_t i = 1; i < l.steps.size(); ++i) {
      if (!l.steps[i].question) continue;
      page.app->command({{"do", "lesson"}, {"key", l.key}, {"step", static_cast<int>(i) + 1}});
      page.rest();  // what is fetched for the step arrives between two frames, sooner or later
      const std::string what = l.key + ", step " + std::to_string(i + 1) + ", asking";
      look_abroad(page, what);
      look_from_the_back_row(page, what);
      CHECK(page.state()["lesson"]["at"] == "asking");
    }
}

TEST_CASE("the layout test sees what is wrong") {
  Seen seen;
  const Box page{0, 0, 100, 100};
  seen.texts.push_back({"good", ui::kNote, {10, 10, 20, 10}, page, nullptr});
  CHECK(problems(seen, Json::object(), 100, 100).empty());
  seen.texts.push_back({"on another", ui::kNote, {25, 12, 20, 10}, page, nullptr});
  CHECK(problems(seen, Json::object(), 100, 100).size() == 1);
  seen.texts[1] = {"cut", ui::kNote, {40, 10, 30, 10}, {0, 0, 60, 100}, nullptr};
  CHECK(problems(seen, Json::object(), 100, 100).size() == 1);
  seen.texts[1] = {"outside", ui::kNote, {85, 50, 30, 10}, {0, 0, 200, 100}, nullptr};
  CHECK(problems(seen, Json::object(), 100, 100).size() == 1);
  seen.texts[1] = {"small", {ui::Type::regular, 12}, {40, 50, 30, 10}, page, nullptr};
  CHECK(problems(seen, Json::object(), 100, 100).size() == 1);
  seen.texts[1] = {"over the edge", ui::kNote, {40, 50, 30, 10}, page, nullptr};
  seen.cards.push_back({50, 40, 40, 40});
  CHECK(problems(seen, Json::object(), 100, 100).size() == 1);
  seen.cards.clear();
  CHECK(problems(seen, {{"button", {42, 48, 26, 14}}}, 100, 100).size() == 1);
}
