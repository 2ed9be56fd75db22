#include "ui/series.hpp"

#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {

std::string defence_id(const Run& r) { return r.treatment.also == "none" ? r.defence : r.defence + "+" + r.treatment.also; }

std::string series_of(const Run& r) {
  if (!changes_answers(r.release)) return defence_id(r);
  return r.defence == "none" ? r.release : defence_id(r) + "+" + r.release;
}

std::string series_title(const Run& r) {
  const bool changes = changes_answers(r.release), inside = is_inside(r.spec);
  if (r.defence == "none") return changes ? short_name("release", r.release, inside) : short_name("defense", "none");
  std::string name = short_name("defense", r.defence);
  if (const std::string& also = r.treatment.also; also != "none")
    name = words("defense.combined", {{"first", name}, {"second", short_name("defense", also)}});
  return name + (changes ? ", " + short_name("release", r.release, inside) : "");
}

std::string strength_id(const Run& r) { return r.strength == 0 ? "Off" : strength_number(r.strength); }

std::string dot_id(const Run& r, const Story& story) {
  const std::string series = series_of(r);
  return "dot" + strength_id(r) + "/" + std::to_string(r.seed) +
         (r.treatment.none() || series == story.defences.front() ? "" : "/" + series);
}

std::string attacker_title(const PageModel& model) {
  std::string title = model.choice().says("x");
  if (const auto arrow = title.find(" →"); arrow != std::string::npos) title.erase(arrow);
  return title;
}

}  // namespace mid::ui
