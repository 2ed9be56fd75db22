#include "ui/choices.hpp"

#include "ui/figures.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// The defence that is on, or the one that the slider would set.
std::string shown_defence(const PageModel& model) {
  const std::string kind = defence_of(model.choice().spec());
  const auto& all = model.choice().story().defences;
  return std::find(all.begin(), all.end(), kind) != all.end() ? kind : std::string(all.front());
}

std::string repeats_text(int n) { return n == 1 ? std::string(words("asks.once")) : words("asks.times", {{"n", count(n)}}); }

}  // namespace

float repeats_width(const Frame& f) { return menu_width(f, std::string(words("asks")), repeats_text(repeats_of(f.model.choice().spec()))); }

void repeats_menu(Frame& f, Box box) {
  const int now = repeats_of(f.model.choice().spec());
  std::vector<MenuItem> items;
  for (const int n : kRepeats) items.push_back({repeats_text(n), std::string(words("asks.note." + std::to_string(n))), n == now});
  const int picked = menu(f, "repeats", box, std::string(words("asks")), repeats_text(now), items);
  if (picked >= 0 && kRepeats[picked] != now) f.model.set_fields({{"attack.repeats", kRepeats[picked]}});
}

float price_width(const Frame& f) {
  return menu_width(f, std::string(words("price")), std::string(words("price." + shown_defence(f.model))));
}

void price_menu(Frame& f, Box box) {
  PageModel& model = f.model;
  const std::string now = shown_defence(model);
  std::vector<MenuItem> items;
  for (const std::string_view kind : model.choice().story().defences) {
    const std::string key = "price." + std::string(kind);
    items.push_back({std::string(words(key)), std::string(words(key + ".note")), kind == now});
  }
  const int picked = menu(f, "price", box, std::string(words("price")), std::string(words("price." + now)), items);
  if (picked < 0 || items[static_cast<std::size_t>(picked)].chosen) return;
  const double strength = model.choice().strength() > 0 ? model.choice().strength() : model.choice().story().stops[1];
  model.set_fields({{"defense.kind", model.choice().story().defences[static_cast<std::size_t>(picked)]},
                    {"defense." + model.choice().story().parameter, strength}});
}

float release_width(const Frame& f) {
  return f.model.choice().story().embedding ? menu_width(f, std::string(words("answers")), release_text(f.model.choice().spec())) : 0;
}

std::string release_text(const Json& spec) { return std::string(words(is_inside(spec) ? "inside.release.none" : "release.none")); }

void release_menu(Frame& f, Box box) {
  const bool inside = is_inside(f.model.choice().spec());
  const auto item = [&](const std::string& key, bool chosen) {
    return MenuItem{std::string(words(key)), std::string(words(key + ".note")), chosen};
  };
  const int picked = menu(f, "release", box, std::string(words("answers")), release_text(f.model.choice().spec()),
                          {item("release.none", !inside), item("inside.release.none", inside)});
  if (picked >= 0 && (picked == 1) != inside) f.model.set_fields({{"release.of", picked == 1 ? "embedding" : "answer"}});
}

}  // namespace mid::ui
