#include "ui/number_bars.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// Chooses a picture, or names one of its numbers; switches the row without defence.
void obey(PageModel&, View& view, const Json& c) {
  const auto whole = [&](const char* name, int low, int& to) {
    if (c.contains(name) && c[name].is_number_integer()) to = std::max(low, static_cast<int>(c[name].get<std::int64_t>() & 0xFFFF));
  };
  whole("column", 0, view.column);
  if (c.contains("number")) view.number = -1;
  whole("number", 0, view.number);
  if (c.contains("compare")) view.compare = c["compare"] == true;
}

/// The answers about the chosen picture as a table, for those who cannot see the bars.
void tell(const PageModel& model, const View& view, Json& state) {
  Json& out = state["answers"];
  out = {{"column", view.column}, {"compare", view.compare}, {"compared", compared(model, view) && model.runs().beside()}};
  if (!has_numbers(model)) return;
  const Shown& shown = numbers_shown(model, view);
  const PictureSheet& sheet = *shown.sheet;
  const AnswerSheet& own = sheet.answers;
  const AnswerSheet* plain = compared(model, view) ? answers_of(model.runs().beside()) : nullptr;
  const auto [row, column] = chosen_picture(model, view, sheet);
  if (row < 0) return;
  const bool alike = plain && plain->numbers == own.numbers && plain->inside == own.inside;
  out["row"] = row, out["of"] = row_name(shown);
  out["head"] =
      alike ? Json{words("numbers.table.name"), words("row.plain"), row_name(shown)} : Json{words("numbers.table.name"), row_name(shown)};
  out["caption"] = words("numbers.table", {{"who", picture_name(model, column)}, {"own", spread_words(own, row)}}) +
                   (alike ? " " + words("numbers.table.plain", {{"plain", spread_words(*plain, row)}}) : "");
  out["rows"] = Json::array();
  for (int i = 0; i < own.numbers; ++i) {
    Json line = {number_name(model, own, i)};
    if (alike) line.push_back(number_words(*plain, row, i));
    line.push_back(number_words(own, row, i));
    out["rows"].push_back(std::move(line));
  }
  if (view.number >= 0 && view.number < own.numbers) out["named"] = named_number(model, own, alike ? plain : nullptr, row, view.number);
}

void keep(const View& view, Json& link, bool brief) {
  if (!view.compare && !brief) link["compare"] = false;
  if (view.column > 0 && !brief) link["column"] = view.column;
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  std::int64_t number = 0;
  take(link, "compare", &Json::is_boolean, view.compare);
  if (take(link, "column", &Json::is_number_integer, number)) view.column = static_cast<int>(number & 0xFF);
}

}  // namespace

namespace panel {
extern const Panel answers;
/// What the model answers about the chosen picture, among the rows of the stage.
const Panel answers{.name = "answers", .command = "answers", .obey = &obey, .tell = &tell, .keep = &keep, .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
