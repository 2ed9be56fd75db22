#include <algorithm>
#include <cmath>

#include "ui/choices.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

struct Line {
  std::string id, name;
  std::optional<double> value;
  Json fields;  ///< a click sets these; null: nothing to run
  bool chosen = false;
  bool weak = false;  ///< no attacker of this model: set in a quieter colour
};

/// The attackers of the chosen model, beside guessing and the same attacker without a defence.
std::vector<Line> lines(const PageModel& model) {
  std::vector<Line> out;
  const auto base = model.runs().has_result() ? model.runs().privacy().baseline : std::nullopt;
  out.push_back({"base", model.choice().says("table.base"), base, Json(), false, true});
  const Json& spec = model.choice().spec();
  // Attackers who know other things: every run measures them all.
  if (model.runs().has_result() && !model.runs().stale()) {
    const std::string main_name(privacy_figure(model.choice().story(), model.runs().shown().spec()));
    for (const auto& [name, measure] : model.runs().shown().result->privacy)
      if (name.starts_with(main_name + "_"))
        out.push_back({"table." + name, model.choice().says("table" + name.substr(main_name.size())), measure.value, Json(), false, false});
  }
  if (!model.choice().story().repeats) {
    const Run* run = model.runs().run_of(spec);
    out.push_back({"table.now", model.choice().says("table.main"), run ? run->privacy : std::nullopt, Json(), true, false});
    if (model.choice().strength() > 0 || changes_answers(release_of(spec)))
      if (const Run* without = model.runs().undefended())
        out.push_back({"table.without", std::string(words("table.without")), without->privacy, Json(), false, true});
    return out;
  }
  const int now = repeats_of(spec);
  const auto add = [&](std::string id, std::string name, Json fields, bool chosen) {
    Json other = spec;
    for (const auto& [path, value] : fields.items()) {
      const auto dot = path.find('.');
      other[path.substr(0, dot)][path.substr(dot + 1)] = value;
    }
    const Run* run = model.runs().run_of(other);
    out.push_back({std::move(id), std::move(name), run ? run->privacy : std::nullopt, std::move(fields), chosen, false});
  };
  for (const int n : kRepeats)
    add("table." + std::to_string(n), n == 1 ? std::string(words("table.once")) : words("table.times", {{"n", count(n)}}),
        {{"attack.repeats", n}}, n == now);
  if (std::find(std::begin(kRepeats), std::end(kRepeats), now) == std::end(kRepeats))
    add("table.now", words("table.times", {{"n", count(now)}}), {{"attack.repeats", now}}, true);
  if (const Run* without = model.runs().undefended(); model.choice().strength() > 0 || changes_answers(release_of(spec)))
    out.push_back({"table.without", std::string(words("table.without")), without ? without->privacy : std::nullopt, Json(), false, true});
  return out;
}

}  // namespace

void attack_table(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const float x = box.x + 20, right = box.right() - 20;
  const float value_x = right - std::max(72.f, p.width(kNote, words("table.more")) + 14), name_room = value_x - 52 - x;
  p.text(x, box.y + 24, kNote, t.ink3, words("table.attacker"));
  p.text(value_x, box.y + 24, kNote, t.ink3, words("table.right"), Align::right);
  p.text(right, box.y + 24, kNote, t.ink3, words("table.more"), Align::right);
  const std::vector<Line> all = lines(model);
  const auto base = all.front().value;
  Json wanted;
  float y = box.y + 34;
  const float pitch = std::min(36.f, (box.h - 40) / static_cast<float>(all.size()));
  for (const Line& line : all) {
    const Box row{box.x + 8, y, box.w - 16, pitch};
    const bool can = line.fields.is_object() && !line.chosen;
    Touch touch;
    if (can) touch = f.controls.button(line.id.c_str(), row, line.value ? words("table.show") : words("table.run"));
    if (line.chosen) {
      const float pulse =
          f.motion.to("pulse", static_cast<float>(model.runs().shown().serial), .6) - static_cast<float>(model.runs().shown().serial - 1);
      p.fill(row,
             pulse < 1 && model.runs().shown().serial > 1
                 ? mixed(mixed(t.attack_soft, t.attack, .35f), t.attack_soft, std::clamp(pulse, 0.f, 1.f))
                 : t.attack_soft,
             8);
    } else if (touch.hovered || touch.held) {
      p.fill(row, t.sunken, 8);
    }
    const float baseline = y + pitch / 2 + 5;
    const ImU32 ink = line.chosen ? t.attack : line.weak ? t.ink2 : t.ink;
    const std::string_view name = line.name;
    p.text(x, baseline, line.chosen && p.width(kNoteStrong, name) <= name_room ? kNoteStrong : kNote, ink, name);
    const bool old = line.chosen && model.runs().stale();
    if (line.value && !old) {
      p.text(value_x, baseline, {Type::medium, 16, true}, ink, percent(line.value), Align::right);
      if (base) p.text(right, baseline, {Type::medium, 16, true}, ink, points(*line.value - *base), Align::right);
    } else {
      p.text(value_x, baseline, kNote, t.ink3, old ? words("table.busy") : can ? words("table.ask") : "–", Align::right);
    }
    y += pitch;
    if (&line != &all.back() && !line.chosen && !(&line + 1)->chosen) p.line(x, y, right, y, t.line);
    if (touch.clicked) wanted = line.fields;
  }
  if (wanted.is_object()) model.set_fields(wanted);
}

}  // namespace mid::ui
