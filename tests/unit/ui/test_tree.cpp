// The tree on the stage: what stands there, what opens and closes it, by hand and by keyboard, and that its counts add up.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

/// The controls of the tree.
std::vector<std::string> parts(const Page& page) {
  std::vector<std::string> out;
  const Json controls = page.state()["controls"];
  for (const auto& [name, box] : controls.items())
    if (name.starts_with("tree.") && name != "tree.save" && name != "tree.before") out.push_back(name);
  return out;
}

int number_before(const std::string& text, const std::string& what) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  std::string digits;
  for (std::size_t i = at; i-- > 0 && (std::isdigit(static_cast<unsigned char>(text[i])) || text[i] == ',');)
    if (text[i] != ',') digits.insert(digits.begin(), text[i]);
  return std::stoi(digits);
}

}  // namespace

TEST_CASE("a tree reads from the left to the right in plain words, and its counts are of the people attacked") {
  Page page(1280, 720, {}, true);
  page.tell("survey-tree");
  const Json controls = page.state()["controls"];
  REQUIRE(controls.contains("tree.0"));
  for (const std::string& part : parts(page)) {
    INFO(part);
    if (part != "tree.0") CHECK(controls[part][0].get<float>() > controls["tree.0"][0].get<float>());
  }
  CHECK(page.paints("Married?"));
  CHECK(page.paints("Schooling?"));
  CHECK_FALSE(page.paints("education-num"));
  CHECK(page.paints("gives it away"));
  // What is said to those who do not see it: all fates, then the person, then the leaves that give away most.
  const Json list = page.state()["tree"];
  REQUIRE(list.size() == 6);
  const auto fates = list[0].get<std::string>();
  const int all = number_before(fates, " people attacked"), known = number_before(fates, " right by guessing"),
            gained = number_before(fates, " thanks to it"), wrong = number_before(fates, " wrong");
  CHECK(all >= 1000);
  CHECK(known + gained + wrong == all);
  CHECK(page.paints(std::to_string(gained) + " thanks to it"));
  int before = gained;
  for (std::size_t i = 2; i < list.size(); ++i) {
    const auto text = list[i].get<std::string>();
    const int given = std::stoi(text.substr(text.rfind(": ") + 2));
    CHECK((given > 0 && given <= before && given <= number_before(text, text.find(" people") != text.npos ? " people" : " person")));
    before = given;
  }
}

TEST_CASE("branches open and close by a click; a leaf shows the next of its people") {
  Page page(1280, 720, {}, true);
  page.tell("survey-tree");
  const std::vector<std::string> first = parts(page);
  page.click("tree.0");  // all of it in one card
  CHECK(parts(page) == std::vector<std::string>{"tree.0"});
  CHECK(page.paints("90 leaves"));
  page.click("tree.0");
  CHECK(parts(page).size() > 3);
  // What there was no room for takes the place of others.
  const std::vector<std::string> now = parts(page);
  const auto rest = std::ranges::find_if(now, [](const std::string& name) { return name.starts_with("tree.rest."); });
  REQUIRE(rest != now.end());
  page.click(*rest);
  CHECK(parts(page) != now);
  // Another run begins anew.
  page.tell("confidence");
  page.tell("survey-tree");
  CHECK(parts(page) == first);
  // The path of a person ends in a leaf, whose next person the leaf shows.
  const int person = page.state()["controls"].contains("person.after") ? 0 : -1;
  REQUIRE(person == 0);
  const auto leaf_of = [&] { return page.state()["tree"][1].get<std::string>(); };
  const std::string one = leaf_of();
  page.click("person.after");
  CHECK(leaf_of() != one);
}

TEST_CASE("the tree is walked by keyboard as trees are: right opens and goes in, left closes and goes back") {
  Page page(1280, 720, {}, true);
  page.tell("survey-tree");
  page.tab_to("tree.0");
  page.press(ImGuiKey_RightArrow);
  const auto inside = page.state()["focus"].get<std::string>();
  CHECK(inside != "tree.0");
  CHECK(inside.starts_with("tree."));
  page.press(ImGuiKey_DownArrow);
  CHECK(page.state()["focus"] != inside);
  page.press(ImGuiKey_Home);
  CHECK(page.state()["focus"] == "tree.0");
  page.press(ImGuiKey_LeftArrow);
  CHECK(parts(page) == std::vector<std::string>{"tree.0"});
  page.press(ImGuiKey_RightArrow);
  CHECK(parts(page).size() > 3);
  CHECK(page.state()["focus"] == "tree.0");
  page.press(ImGuiKey_End);
  const auto last = page.state()["focus"].get<std::string>();
  page.press(ImGuiKey_LeftArrow);
  CHECK(page.state()["focus"] != last);
}

TEST_CASE("on small pages and in a large room the tree keeps its person's question, words and leaf") {
  Page page(1280, 720, {}, true);
  page.tell("survey-tree");
  for (const auto& [width, height] : {std::pair{800, 600}, {390, 844}, {1920, 1080}}) {
    page.resize(width, height);
    page.frames(3);
    INFO(width << " x " << height);
    CHECK(parts(page).size() >= 3);
    CHECK(page.paints(" thanks to it"));
    CHECK(page.paints("% married"));
    if (width > 1280) continue;
    // What is on the left is a click away.
    while (page.has("tree.before")) page.click("tree.before");
    CHECK(page.has("tree.0"));
  }
  page.resize(1280, 720);
  page.app->command({{"do", "present"}});
  page.frames(3);
  CHECK(parts(page).size() >= 3);
  CHECK(page.paints("?"));
}
