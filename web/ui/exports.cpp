#include "ui/exports.hpp"

#include <algorithm>
#include <fonts.hpp>

#include "mid/experiment/spec.hpp"
#include "mid/report/contact_sheet.hpp"
#include "mid/report/svg.hpp"
#include "mid/version.hpp"
#include "ui/choices.hpp"
#include "ui/figures.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

std::string dumped(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// A word of a shell's line.
std::string quoted(const std::string& text) {
  if (text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-=:/") == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// A cell of a CSV (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string text_at(const Json& spec, std::string_view path) {
  const Json value = field_of(spec, path);
  return value.is_null() ? "" : value.is_string() ? value.get<std::string>() : dumped(value);
}

}  // namespace

Json changes_from(const Json& preset, const Json& spec) {
  Json changes = Json::object();
  // Entries first: what their own fields are depends on them.
  for (const auto& [section, value] : spec.items())
    for (const char* name : {"kind", "name"})
      if (value.is_object() && value.contains(name) && field_of(preset, section + "." + name) != value[name])
        changes[section + "." + name] = value[name];
  const Json base = with_fields(preset, changes);
  for (const auto& [section, value] : spec.items()) {
    if (!value.is_object()) {
      if (base.value(section, Json()) != value) changes[section] = value;
      continue;
    }
    for (const auto& [field, v] : value.items())
      if (field_of(base, section + "." + field) != v) changes[section + "." + field] = v;
  }
  return changes;
}

std::string command_line(const PageModel& model) {
  const Json preset = model.choice().preset(std::string(model.choice().story().key));
  if (!preset.is_object() || !model.choice().spec().is_object()) return {};
  std::string line = "mid run preset:" + std::string(model.choice().story().key);
  const Json changes = changes_from(preset, model.choice().spec());
  for (const bool entries : {true, false})
    for (const auto& [path, value] : changes.items())
      if ((path.ends_with(".kind") || path.ends_with(".name")) == entries)
        line += " --set " + quoted(path + "=" + (value.is_string() ? value.get<std::string>() : dumped(value)));
  return line;
}

std::string runs_csv(const PageModel& model) {
  std::string out = "story,data,model,defence,strength,answers,repeats,seed,utility,utility_value,privacy,privacy_value,specification\r\n";
  for (const Run& r : model.runs().list()) {
    if (!r.utility || !r.privacy) continue;
    const Story& s = stories()[static_cast<std::size_t>(r.story)];
    const std::string cells[] = {std::string(s.key),
                                 text_at(r.spec, "data.name"),
                                 model_of(r.spec),
                                 defence_id(r),
                                 strength_number(r.strength),
                                 r.release,
                                 std::to_string(r.repeats),
                                 std::to_string(r.seed),
                                 std::string(s.utility),
                                 dumped(*r.utility),
                                 std::string(privacy_figure(s, r.spec)),
                                 dumped(*r.privacy),
                                 dumped(r.spec)};
    for (const std::string& c : cells) out += (&c == cells ? "" : ",") + cell(c);
    out += "\r\n";
  }
  return out;
}

std::string trade_off_svg(const PageModel& model, double floor) {
  TradeChart trade = trade_chart(model, floor, true);
  if (trade.empty()) return {};
  std::size_t n = 0;
  for (const auto& series : trade.runs)
    for (const auto& point : series) n += point.size();
  Figure figure;
  figure.title = model.choice().says("title");
  figure.beneath = model.choice().says("menu") + ". " + words("export.beneath", {{"n", count(n)}, {"version", std::string(kVersion)}});
  figure.foot = winner_sentence(model, trade) + " " + std::string(words("trade.bars"));
  std::erase(figure.foot, '*');
  figure.panels.push_back(std::move(trade.chart));
  return chart_svg(figure);
}

std::string picture_png(const PageModel& model, int times) {
  if (!model.runs().has_result()) return {};
  const auto& shown = model.runs().shown();
  const auto with_credit = [&](auto sheet) {
    sheet.credit = model.choice().says("credit");
    return sheet;
  };
  const double scale = times / 1.5;  // a slide is half as large again as the page (report/slide.hpp)
  const Fonts fonts{font::inter_regular, font::inter_medium, font::inter_semibold};
  if (shown.sheet && shown.sheet->guess.size() == shown.sheet->truth.size() && !shown.sheet->guess.empty())
    return contact_sheet_png(with_credit(*shown.sheet), *shown.result, fonts, 12, scale);
  if (shown.beliefs && shown.beliefs->rows() > 0) return belief_sheet_png(with_credit(*shown.beliefs), *shown.result, fonts, scale);
  return {};
}

std::string citation() {
  return "@software{midlab,\n  title = {midlab: what a trained model gives away about its inputs, and what mutual-information "
         "regularisation does about it},\n"
         "  author = {{midlab authors}},\n  version = {" +
         std::string(kVersion) +
         "}\n}\n\n"
         "@inproceedings{wang2021mid,\n  title = {Improving Robustness to Model Inversion Attacks via Mutual Information Regularization},\n"
         "  author = {Wang, Tianhao and Zhang, Yuheng and Jia, Ruoxi},\n  booktitle = {Proceedings of the AAAI Conference on Artificial "
         "Intelligence},\n"
         "  year = {2021},\n  eprint = {2009.05241},\n  archiveprefix = {arXiv}\n}\n";
}

}  // namespace mid::ui
