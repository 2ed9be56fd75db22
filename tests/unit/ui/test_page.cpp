#include <imgui_internal.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "mid/base/philox.hpp"
#include "mid/experiment/spec.hpp"
#include "page.hpp"
#include "ui/story.hpp"
#include "ui/strings.hpp"

using namespace mid;
using test::Page;

namespace {

/// A story that is quick even under sanitizers.
constexpr const char* kQuick = "confidence";

void begin(Page& page) { page.tell(kQuick); }

/// Where the thumb stands on a stop of that story's slider.
ui::Box quick_stop(const Page& page, int stop) {
  return page.stop(stop, static_cast<int>(ui::stories()[static_cast<std::size_t>(ui::find_story(kQuick))].stops.size()));
}

/// Presses the mouse on the thumb at Off, and says where that is.
ui::Box hold_thumb(Page& page) {
  const ui::Box from = quick_stop(page, 0);
  page.point(from.x, from.y);
  page.button(true);
  return from;
}

}  // namespace

TEST_CASE("opening trains and shows story 1 without a click") {
  Page page;
  page.frames();
  CHECK(page.state()["busy"] == true);
  page.rest();
  const Json s = page.state();
  CHECK(s["story"] == "visitors");
  CHECK(s["strength"] == 0);
  CHECK(s["error"] == "");
  CHECK(page.uploads > 0);
  CHECK(page.app->summary().find("%") != std::string::npos);
}

TEST_CASE("a page at rest asks for no frame") {
  Page page;
  begin(page);
  CHECK(page.frames() < 0);
  CHECK(page.frames(100) < 0);
}

TEST_CASE("a click on a track's tab changes the story") {
  Page page;
  begin(page);
  page.click("track.pictures");
  CHECK(page.state()["story"] == "visitors");
  CHECK(page.state()["busy"] == true);
}

TEST_CASE("dragging the slider retrains, and the last position wins") {
  Page page;
  begin(page);
  const ui::Box from = hold_thumb(page);
  for (const int stop : {1, 4, 5, 3}) {
    page.point(quick_stop(page, stop).x, from.y);
    page.frames(12);  // longer than the pause between two runs: earlier ones begin and are dropped
  }
  CHECK(page.state()["strength"] == .003);
  page.button(false);
  page.rest();
  CHECK(page.state()["strength"] == .003);
  CHECK(page.state()["spec"]["defense"]["beta"] == .003);
  CHECK(page.paints("0.003"));
  CHECK_FALSE(page.state()["stale"] == true);
}

TEST_CASE("a slider counts where it is let go, though the hand was quicker than a frame") {
  Page page;
  begin(page);
  const ui::Box from = hold_thumb(page);
  page.let_go_at(quick_stop(page, 3).x, from.y);
  CHECK(page.state()["strength"] == .003);
  page.point(quick_stop(page, 5).x, from.y);  // nothing holds it any more
  CHECK(page.state()["strength"] == .003);
}

TEST_CASE("the page draws until it has taken in a whole burst of input") {
  Page page;
  begin(page);
  ImGuiIO& io = ImGui::GetIO();
  for (int i = 0; i < 4; ++i) io.AddMouseButtonEvent(0, true), io.AddMouseButtonEvent(0, false);
  int frames = 1;
  while (page.frames() == 0 && frames < 60) ++frames;
  CHECK(ImGui::GetCurrentContext()->InputEventsQueue.empty());
  CHECK(frames >= 4);
}

TEST_CASE("a list names its items from the frame on in which they can be clicked") {
  Page page;
  page.tell("which-seven");
  page.click("release");
  page.click("release");  // closed: the next press opens it again, frame by frame
  page.frames(3);
  REQUIRE_FALSE(page.has("release.0"));
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseButtonEvent(0, true);
  page.frames();
  io.AddMouseButtonEvent(0, false);
  for (int i = 0; i < 10 && !page.has("release.1"); ++i) page.frames();
  REQUIRE(page.has("release.1"));
  const Json item = page.state()["controls"]["release.1"];
  io.AddMousePosEvent(item[0].get<float>() + item[2].get<float>() / 2, item[1].get<float>() + item[3].get<float>() / 2);
  io.AddMouseButtonEvent(0, true);
  page.frames();
  io.AddMouseButtonEvent(0, false);
  page.frames();
  page.rest();
  CHECK(page.state()["spec"]["release"]["of"] == "embedding");
}

TEST_CASE("the switch gives the slider to another defence, each with its own strengths and its remembered place") {
  Page page;
  page.tell("survey-tree");
  const auto slide = [&](int stop, int stops) {
    const ui::Box to = page.stop(stop, stops);
    page.point(to.x, to.y);
    page.button(true);
    page.button(false);
    page.rest();
  };
  const auto own = static_cast<int>(ui::stories()[static_cast<std::size_t>(ui::find_story("survey-tree"))].stops.size());
  slide(3, own);
  const Json mid = page.state()["spec"];
  REQUIRE(mid["defense"]["kind"] == "mid");
  page.click("defence.defense.dp_tree");
  page.rest();
  CHECK(page.state()["spec"]["defense"]["kind"] == "dp_tree");
  slide(4, 5);
  CHECK(page.state()["spec"]["defense"]["epsilon"].get<double>() == .1);
  page.click("defence.release.label_only");
  page.rest();
  CHECK(page.state()["spec"]["defense"]["kind"] == "none");
  CHECK(page.state()["spec"]["release"]["kind"] == "label_only");
  CHECK(page.paints(std::string(ui::words("on"))));
  slide(0, 2);
  CHECK(page.state()["spec"]["release"]["kind"] == "none");
  slide(1, 2);
  page.click("defence.own");
  page.rest();
  CHECK(page.state()["spec"] == mid);
  page.click("defence.defense.dp_tree");
  page.rest();
  CHECK(page.state()["strength"] == .1);
}

TEST_CASE("a defence that does not go with what is chosen cannot be chosen, and the switch says why") {
  Page page;
  page.tell("face-from-name");
  page.click("defence.defense.dropout");
  CHECK(page.state()["defence"] == "defense.dropout");
  page.click("defence.own");
  page.app->command({{"do", "set"}, {"fields", {{"model.hidden", Json::array()}}}});
  page.rest();
  REQUIRE(page.state()["error"] == "");
  page.click("defence.defense.dropout");
  CHECK(page.state()["defence"] == "");
  page.frames(60);
  CHECK(page.paints("hidden"));  // the tooltip, in the core's words
  // By keyboard it is passed over.
  page.tab_to("defence.defense.cem");
  page.press(ImGuiKey_RightArrow);
  CHECK(page.state()["defence"] != "defense.dropout");
}

TEST_CASE("while a hand drags, the numbers are those of the nearest finished stop, and say which") {
  Page page;
  page.tell("visitors");
  for (const int stop : {4, 2}) {  // 0.1, then 0.01
    const ui::Box to = page.stop(stop, 6);
    page.point(to.x, to.y);
    page.button(true);
    page.button(false);
    page.rest();
  }
  const ui::Box from = page.stop(2, 6), to = page.stop(5, 6);
  page.point(from.x, from.y);
  page.button(true);
  page.point((from.x + to.x) / 2, from.y);
  page.point(to.x, to.y);
  CHECK(page.state()["answers"]["of"] == "MID 0.1");  // and not 0.01, which is on the stage
  CHECK(page.paints("Measured"));
  page.button(false);
  page.rest();
}

TEST_CASE("whatever is set by hand, the switch says which defence it is") {
  Page page;
  page.tell("survey-tree");
  page.app->command({{"do", "set"}, {"fields", {{"release.kind", "round"}, {"release.decimals", 1}}}});
  page.rest();
  CHECK(page.state()["defence"] == "release.round");
  page.app->command({{"do", "set"}, {"fields", {{"release.kind", "top_k"}, {"release.keep", 1}}}});
  page.rest();
  CHECK(page.state()["defence"] == "release.top_k");
  CHECK(page.state()["strength"] == 1);
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  CHECK(page.state()["defence"] == "");
}

TEST_CASE("a click on a dot brings its run back") {
  Page page;
  begin(page);
  const std::string off = page.app->summary();
  page.click("strength");  // its middle lies between two stops and snaps to one
  page.rest();
  REQUIRE(page.state()["strength"] != 0);
  CHECK(page.app->summary() != off);
  page.click("dotOff/1");
  page.rest();
  CHECK(page.state()["strength"] == 0);
  CHECK(page.app->summary() == off);
}

TEST_CASE("the help opens the manual that lies beside the page") {
  Page page;
  page.rest();
  page.click("help");
  REQUIRE(page.has("help.manual"));
  CHECK(page.asked_for_manual == 0);
  page.click("help.manual");
  CHECK(page.asked_for_manual == 1);
  CHECK(page.has("help.manual"));  // the help stays open
}

TEST_CASE("Escape where nothing is open leaves the focus, and Tab goes on from there") {
  Page page;
  begin(page);
  page.tab_to("strength");
  const ImGuiID focused = ImGui::GetFocusID();
  page.press(ImGuiKey_Escape);
  page.press(ImGuiKey_Escape);
  CHECK(ImGui::GetFocusID() == focused);
  page.press(ImGuiKey_Tab);
  CHECK(ImGui::GetFocusID() != focused);
  page.tab_to("share");
}

TEST_CASE("Tab reaches the slider, and arrows move it") {
  Page page;
  begin(page);
  page.tab_to("strength");
  page.press(ImGuiKey_RightArrow);
  CHECK(page.state()["strength"] == 1e-4);
  page.press(ImGuiKey_RightArrow);
  CHECK(page.state()["strength"] == 1e-3);
  page.press(ImGuiKey_LeftArrow);
  CHECK(page.state()["strength"] == 1e-4);
  page.press(ImGuiKey_End);
  CHECK(page.state()["strength"] == .03);
  page.press(ImGuiKey_Home);
  CHECK(page.state()["strength"] == 0);
}

TEST_CASE("the theme's button turns the page dark, to high contrast, and back") {
  Page page;
  begin(page);
  const ImU32 light = page.app->ground();
  page.click("theme");
  CHECK((page.app->look() == ui::Look::dark));
  CHECK(page.app->ground() != light);
  page.click("theme");
  CHECK((page.app->look() == ui::Look::contrast));
  page.click("theme");
  CHECK(page.app->ground() == light);
}

TEST_CASE("a presentation shows stage, slider and numbers, obeys a remote's keys, and Escape leaves it as it was") {
  Page page;
  begin(page);
  page.click("theme");
  page.click("present");
  page.frames(3);
  CHECK(page.state()["present"] == true);
  CHECK((page.app->look() == ui::Look::contrast));
  CHECK(page.state()["controls"].contains("strength"));
  CHECK_FALSE(page.state()["controls"].contains("tab.table"));
  const double before = page.state()["strength"].get<double>();
  page.press(ImGuiKey_PageDown);
  const double after = page.state()["strength"].get<double>();
  CHECK(after > before);
  page.press(ImGuiKey_PageUp);
  CHECK(page.state()["strength"] == before);
  // The chart stays where there is room for it beside the slider, without what leads out of the presentation.
  const std::string corner(ui::words("trade.corner"));
  CHECK(page.paints(corner.substr(0, corner.find(' '))));
  CHECK_FALSE(page.state()["controls"].contains("enlarge"));
  page.resize(800, 600);
  page.frames(3);
  CHECK_FALSE(page.paints(corner.substr(0, corner.find(' '))));
  page.resize(1280, 720);
  page.frames(3);
  for (int i = 0; i < 20; ++i) page.press(ImGuiKey_PageDown);
  CHECK(page.state()["strength"] ==
        ui::stories()[static_cast<std::size_t>(ui::find_story(page.state()["story"].get<std::string>()))].stops.back());
  page.press(ImGuiKey_Escape);
  page.frames(3);
  CHECK(page.state()["present"] == false);
  CHECK((page.app->look() == ui::Look::dark));
  CHECK(page.state()["controls"].contains("tab.table"));
}

/// How often the attacker of what is chosen names the secret, as the page keeps it.
static double named(Page& page) {
  page.frames(40);  // it is not kept at every frame
  const Json spec = page.state()["spec"];
  const Json kept = Json::parse(page.kept);
  for (const Json& run : kept["session"]["runs"])
    if (run["spec"] == spec) return run["privacy"]["attack_accuracy"].get<double>();
  return -1;
}

TEST_CASE("the dose tab tells the story of the dose: exact answers name the gene, noise hides it") {
  Page page;
  begin(page);
  page.click("track.dose");
  page.rest();
  CHECK(page.state()["story"] == "dose");
  CHECK(named(page) > .98);
  page.click("strength");
  for (int i = 0; i < 5; ++i) page.press(ImGuiKey_RightArrow);
  page.rest();
  CHECK(page.state()["strength"] > 0);
  CHECK(named(page) < .7);
}

TEST_CASE("the data menu of the survey leads to the tree") {
  Page page;
  begin(page);
  page.click("track.survey");
  page.rest();
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  CHECK(page.state()["story"] == "survey-tree");
  CHECK(page.has("price"));
  CHECK_FALSE(page.has("repeats"));
}

TEST_CASE("an attack on the labels of pictures shows what it believes, not pictures that nobody drew") {
  Page page;
  Json spec = preset("label-from-update");
  spec["defense"] = {{"kind", "none"}};
  spec["attack"] = {{"kind", "updates_leak"}, {"probes", 20}, {"networks", 1}, {"epochs", 5}};
  page.app->command({{"do", "run"}, {"spec", spec}});
  page.rest();
  CHECK(page.state()["error"] == "");
  CHECK(page.has("person.after"));
}

TEST_CASE("Share copies a link that another page follows to the same state") {
  Page page;
  begin(page);
  page.click("strength");
  page.rest();
  page.click("share");
  page.frames(2);
  page.click("share.link");
  REQUIRE_FALSE(page.copied.empty());
  const Json here = page.state();
  Page other(1280, 720, page.copied);
  other.frames();
  CHECK(other.state()["story"] == here["story"]);
  CHECK(other.state()["strength"] == here["strength"]);
  CHECK(other.state()["spec"] == here["spec"]);
}

TEST_CASE("a sentence stays until it is closed") {
  Page page;
  begin(page);
  page.app->notify("No file of ours.");
  CHECK(page.state()["notice"] == "No file of ours.");
  page.frames();
  page.click("notice.close");
  CHECK(page.state()["notice"] == "");
}

TEST_CASE("no link breaks the page: 2,000 of them, cut, bent and made up") {
  Page page;
  page.frames();
  const std::string good = page.app->short_link(), whole = page.address.empty() ? good : page.address;
  const Stream random{20261124};
  std::uint64_t at = 0;
  const auto draw = [&](std::uint64_t below) { return words_at(random, at++)[0] % below; };
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=%. {\"\x80";
  const auto letter = [&] { return letters[draw(letters.size())]; };
  int understood = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string link = i % 3 == 0 ? std::string() : i % 2 ? good : whole;
    if (link.empty())
      for (std::uint64_t n = draw(300); n > 0; --n) link += letter();
    switch (draw(4)) {
      case 0: link.resize(draw(link.size() + 1)); break;
      case 1:
        for (std::uint64_t n = 1 + draw(8); n > 0 && !link.empty(); --n) link[draw(link.size())] = letter();
        break;
      case 2: link += link; break;
      default: link.insert(draw(link.size() + 1), std::string(draw(40), letter())); break;
    }
    INFO(link);
    REQUIRE_NOTHROW(page.app->follow(link));
    const Json state = page.state();
    REQUIRE(ui::find_story(state["story"].get<std::string>()) >= 0);
    understood += state["notice"].get<std::string>().empty() ? 1 : 0;
    page.app->close_notice();
  }
  INFO(understood << " of them were links all the same");
  CHECK(understood < 1900);
  page.app->command({{"do", "run"}, {"preset", "confidence"}});
  page.rest();
  CHECK(page.state()["error"].get<std::string>().empty());
}

TEST_CASE("one click runs every strength of every defence, and what is shown stays") {
  Page page;
  page.app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page.rest();
  // Eight stops of MID, three of rounding, four each of the private tree and of mixing, the label alone: with three seeds.
  const std::size_t stops = 3 * (8 + 3 + 4 + 4 + 1);
  const Json shown = page.state()["spec"];
  CHECK(page.paints(std::string(ui::words("trade.fill"))));
  page.click("fill");
  CHECK(page.state()["filling"].get<bool>());
  for (int i = 0; i < 60000 && page.state()["filling"].get<bool>(); ++i) page.frames();
  CHECK(page.state()["runs"].get<std::size_t>() == stops);
  CHECK(page.state()["spec"] == shown);
  page.rest();
  CHECK(page.paints("click a dot to load it"));
  // Stopped in the middle, the rest stays undone.
  page.app->command({{"do", "set"}, {"fields", {{"seed", 2}}}});
  page.rest();
  page.click("fill");
  page.frames();
  page.click("fill");
  CHECK_FALSE(page.state()["filling"].get<bool>());
  CHECK(page.state()["runs"].get<std::size_t>() < 2 * stops);
}

TEST_CASE("a defence without a price is a defence, and its dot another one than Off") {
  Page page;
  page.tell("dose");
  page.app->command({{"do", "set"}, {"fields", {{"defense.kind", "mid"}, {"defense.lambda", 0}, {"defense.noise", 1}}}});
  page.rest();
  CHECK_FALSE(page.paints(std::string(ui::words("slider.none"))));
  CHECK(page.has("dotOff/1"));
  CHECK(page.has("dotOff/1#1"));
  CHECK(page.frames() < 0);  // two marks under one name would move each other for ever
}

TEST_CASE("what was refused is forgotten with the next choice, and back leads to what is on the stage") {
  Page page;
  begin(page);
  page.app->command({{"do", "set"}, {"fields", {{"train.batch", 0}}}});
  CHECK(page.state()["notice"] != "");
  page.app->command({{"do", "set"}, {"fields", {{"train.batch", 10}}}});
  CHECK(page.state()["notice"] == "");
  page.rest();
  page.click("strength");
  page.rest();  // the run without defence comes last: the newest is not the one on the stage
  const Json shown = page.state()["spec"];
  page.app->command({{"do", "back"}});
  page.rest();
  CHECK(page.state()["spec"] == shown);
}

TEST_CASE("numbers of other settings say which settings changed") {
  Page page;
  begin(page);
  page.app->command({{"do", "set"}, {"fields", {{"attack.repeats", 10}}}});
  CHECK(page.paints(std::string(ui::words("number.stale.other"))));
  page.rest();
  page.app->command({{"do", "set"}, {"fields", {{"seed", 2}}}});
  CHECK(page.paints(ui::words("number.stale", {{"symbol", std::string(ui::words("seed"))}, {"then", "1"}, {"now", "2"}})));
}

TEST_CASE("another story ends the filling of the first one's chart") {
  Page page;
  begin(page);
  page.click("fill");
  CHECK(page.state()["filling"] == true);
  page.click("track.pictures");
  CHECK(page.state()["filling"] == false);
}

TEST_CASE("title and caption stand over every story, in every language, whatever the attacker sees") {
  Page page;
#ifdef MIDLAB_SANITIZE
  const std::vector<const char*> languages{"de"};  // eight times as slow; the release build speaks all
#else
  const std::vector<const char*> languages{"en", "de", "fr"};
#endif
  for (const char* language : languages)
    for (const ui::Story& story : ui::stories()) {
      if (story.own) continue;
      page.app->command({{"do", "language"}, {"to", language}});
      page.tell(std::string(story.key));
      for (const char* kind : {"none", "label_only"}) {
        if (story.of_a_number() && std::string_view(kind) == "label_only") continue;
        page.app->command({{"do", "set"}, {"fields", {{"release.kind", kind}}}});
        page.rest();
        INFO(language << " " << story.key << " " << kind);
        for (const char* key : {"title", "caption"}) CHECK(page.paints(ui::spec_words(page.state()["spec"], story, key)));
      }
    }
}
