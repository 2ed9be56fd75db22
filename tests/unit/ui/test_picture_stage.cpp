// What stands beside the pictures: the numbers that the attacker gets, the attacker of the same model without defence, the line-up.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "page.hpp"
#include "ui/pictures.hpp"

using namespace mid;
using test::Page;

namespace {

Json answers(const Page& page) { return page.state()["answers"]; }
Json line_up(const Page& page) { return page.state()["line_up"]; }

std::vector<std::string> column_of_table(const Page& page, std::size_t column) {
  const Json table = answers(page);
  std::vector<std::string> out;
  for (const Json& row : table["rows"]) out.push_back(row[column]);
  return out;
}

/// Its last column: the numbers of the run on the stage.
std::vector<std::string> own_numbers(const Page& page) { return column_of_table(page, answers(page)["head"].size() - 1); }

}  // namespace

TEST_CASE("a story opens with the class that it is about, by its label alone; another choice of pictures is any") {
  PictureSheet sheet;
  sheet.rows = 40;
  for (int i = 0; i < sheet.rows; ++i) sheet.names.push_back(std::to_string(i)), sheet.classes.push_back(std::to_string(i % 10));
  const std::vector<int> any = ui::drawn_rows(sheet, 0, ""), opened = ui::drawn_rows(sheet, 0, "7");
  const auto is_seven = [](int row) { return row % 10 == 7; };
  CHECK_FALSE(std::ranges::is_partitioned(any, is_seven));
  CHECK(std::ranges::is_partitioned(opened, is_seven));
  // Among the sevens, and among the others, the order is what it was: nothing else is chosen.
  std::vector<int> expected;
  for (const bool seven : {true, false})
    for (const int row : any)
      if (is_seven(row) == seven) expected.push_back(row);
  CHECK(opened == expected);
  // What the attacker made of them changes nothing.
  sheet.line_up.assign(40, 0.);
  sheet.line_up[17] = 1;
  CHECK(ui::drawn_rows(sheet, 0, "7") == opened);
  CHECK(ui::drawn_rows(sheet, 1, "7") == ui::drawn_rows(sheet, 1, ""));
  // A digit of one's own stands before all.
  sheet.names[3] = "drawn";
  CHECK(ui::drawn_rows(sheet, 0, "7").front() == 3);
  CHECK(is_seven(ui::drawn_rows(sheet, 0, "7")[1]));
  // Where nothing is of a class there is nothing to begin with.
  sheet.classes.clear();
  CHECK(ui::drawn_rows(sheet, 0, "7") == ui::drawn_rows(sheet, 0, ""));
}

TEST_CASE("beside the pictures stand the numbers that the attacker gets, as its release leaves them") {
  Page page;
  page.tell("visitors");
  const auto exact = own_numbers(page);
  REQUIRE(exact.size() == 40);
  CHECK(answers(page)["head"].size() == 2);
  CHECK(page.paints("Residents 1 to 40"));
  // Only the largest is left, and the others are not answered.
  page.set({{"release.kind", "label_only"}});
  const auto label = own_numbers(page);
  CHECK(std::count(label.begin(), label.end(), "not answered") == 39);
  CHECK(page.paints("one name, no numbers"));
  // What is below half a step is gone.
  page.set({{"release.kind", "round"}, {"release.decimals", 1}});
  const auto rounded = own_numbers(page);
  CHECK(std::count(rounded.begin(), rounded.end(), std::string("0\u00a0%")) > 30);
  page.set({{"release.kind", "none"}, {"release.of", "embedding"}});
  CHECK(own_numbers(page).size() != 40);
  CHECK(page.paints("numbers inside"));
}

TEST_CASE("drawings from the numbers inside stand beside the true pictures and the average one, in every size of window") {
  for (const auto& [width, height] : {std::pair{1280, 720}, {800, 600}}) {
    INFO(width << " x " << height);
    Page page(width, height);
    page.tell("numbers-inside");
    CHECK(page.paints("True"));
    CHECK(page.paints("Average"));
    CHECK(page.state()["controls"].contains("inside.average"));
  }
}

TEST_CASE("arrow keys name one number after the other, beside what it is without defence") {
  Page page;
  page.tell("visitors");
  page.tab_to("numbers");
  page.press(ImGuiKey_RightArrow);
  CHECK(answers(page)["named"].get<std::string>().starts_with("Resident 1: "));
  CHECK(page.paints("1:"));
  page.press(ImGuiKey_End);
  CHECK(answers(page)["named"].get<std::string>().starts_with("Resident 40: "));
  page.set({{"defense.kind", "mid"}, {"defense.beta", .1}});
  CHECK(answers(page)["named"].get<std::string>().find("without defence") != std::string::npos);
  // The pointer names what it is over.
  const Json box = page.state()["controls"]["numbers"];
  page.point(box[0].get<float>() + 3, box[1].get<float>() + box[3].get<float>() - 5);
  CHECK(page.paints("1:"));
}

TEST_CASE("after a change of the defence the same model without it stands above, on the same people, until it is switched off") {
  Page page;
  page.tell("visitors");
  CHECK(answers(page)["compared"] == false);
  const auto undefended = own_numbers(page);
  page.set({{"defense.kind", "mid"}, {"defense.beta", .1}});
  REQUIRE(answers(page)["compared"] == true);
  CHECK(page.paints("No defence"));
  CHECK(page.paints("MID 0.1"));
  CHECK(answers(page)["head"].size() == 3);
  CHECK(column_of_table(page, 1) == undefended);
  CHECK(own_numbers(page) != undefended);
  // Of another seed the other row follows: never two runs of different seeds.
  page.set({{"seed", 2}});
  REQUIRE(answers(page)["compared"] == true);
  CHECK(column_of_table(page, 1) != undefended);
  page.app->command({{"do", "answers"}, {"compare", false}});
  page.frames(3);
  CHECK(answers(page)["compared"] == false);
  CHECK(answers(page)["head"].size() == 2);
  page.frames(60);
  Page other(1280, 720, page.address);
  other.rest();
  CHECK(answers(other)["compared"] == false);
}

TEST_CASE("the visitor picks before the attacker's pick and the true one are told") {
  Page page;
  page.tell("visitors");
  page.click("pictures");
  REQUIRE(line_up(page)["open"] == true);
  CHECK(page.paints("Pick"));
  CHECK_FALSE(page.paints("likeness"));
  for (int i = 1; i <= 10; ++i) CHECK(page.has("candidate." + std::to_string(i)));
  page.click("candidate.3");
  CHECK(line_up(page)["yours"] == 3);
  CHECK(page.paints("picks"));
  CHECK(page.paints("likeness"));
  CHECK(line_up(page)["list"].size() == 10);
  page.click("candidate.5");  // once is enough
  CHECK(line_up(page)["yours"] == 3);
  page.click("line-up.close");
  CHECK(line_up(page)["open"] == false);
  CHECK_FALSE(page.has("candidate.1"));
  // A click beside it closes it, too.
  page.click("pictures");
  REQUIRE(line_up(page)["open"] == true);
  page.point(640, 8);
  page.button(true);
  page.button(false);
  CHECK(line_up(page)["open"] == false);
  // Another run is another line-up.
  page.click("pictures");
  page.set({{"defense.kind", "mid"}, {"defense.beta", .1}});
  CHECK(line_up(page)["open"] == false);
}

TEST_CASE("the keyboard chooses a picture, opens its line-up, picks, and gets the focus back") {
  Page page;
  page.tell("visitors");
  page.tab_to("pictures");
  page.press(ImGuiKey_RightArrow);
  CHECK(answers(page)["column"] == 1);
  page.press(ImGuiKey_Enter);
  page.frames(2);
  REQUIRE(line_up(page)["open"] == true);
  CHECK(page.state()["focus"] == "candidate.1");
  page.press(ImGuiKey_Enter);
  CHECK(line_up(page)["yours"] == 1);
  page.press(ImGuiKey_Escape);
  page.frames(2);
  CHECK(line_up(page)["open"] == false);
  CHECK(page.state()["focus"] == "pictures");
}
