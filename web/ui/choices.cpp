#include "ui/choices.hpp"

#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// What happens to answers, as the menu offers it.
struct Release {
  const char* key;  ///< of its words
  Json fields;      ///< of the object "release"
};

const std::vector<Release>& releases() {
  static const std::vector<Release> all{{"release.none", {{"kind", "none"}}},
                                        {"release.round2", {{"kind", "round"}, {"decimals", 2}}},
                                        {"release.round1", {{"kind", "round"}, {"decimals", 1}}},
                                        {"release.label", {{"kind", "label_only"}}},
                                        {"release.sticky", {{"kind", "sticky"}}},
                                        {"release.noise", {{"kind", "noise"}, {"scale", 1}}}};
  return all;
}

/// Whether the chosen kind of model can answer so.
bool is_offered(const PageModel& model, const Release& r) {
  // Noise on a model nobody defended is a rival of the regression's story; elsewhere the sheet has it.
  if (const ReleaseKind* kind = release_in(r.fields);
      kind && *kind->noise == ReleaseKind::Noise::added && model.choice().story().stage != Stage::dose)
    return false;
  for (const Json& section : model.choice().sections()) {
    if (section["name"] != "release") continue;
    for (const Json& entry : section["entries"])
      if (entry["name"] == r.fields["kind"])
        return entry["models"].empty() || std::find(entry["models"].begin(), entry["models"].end(),
                                                    field_of(model.choice().spec(), "model.kind")) != entry["models"].end();
  }
  return false;
}

/// Whether a specification's release is the menu's.
bool is(const Json& spec, const Release& r) {
  for (const auto& [name, value] : r.fields.items())
    if (field_of(spec, "release." + name) != value) return false;
  return true;
}

/// The defence that is on, or the one that the slider would set.
std::string shown_defence(const PageModel& model) {
  const std::string kind = defence_of(model.choice().spec());
  const auto& all = model.choice().story().defences;
  return std::find(all.begin(), all.end(), kind) != all.end() ? kind : std::string(all.front());
}

std::string repeats_text(int n) { return n == 1 ? std::string(words("asks.once")) : words("asks.times", {{"n", std::to_string(n)}}); }

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

std::string release_text(const Json& spec) {
  const bool inside = field_of(spec, "release.of") == "embedding";
  for (const Release& r : releases())
    if (is(spec, r)) return std::string(words(std::string(inside ? "inside." : "") + r.key));
  return release_of(spec);
}

float release_width(const Frame& f) { return menu_width(f, std::string(words("answers")), release_text(f.model.choice().spec())); }

void release_menu(Frame& f, Box box) {
  PageModel& model = f.model;
  std::vector<MenuItem> items;
  std::vector<Json> choices;
  for (const char* of : {"answer", "embedding"}) {
    const bool inside = std::string_view(of) == "embedding";
    if (inside && !model.choice().story().embedding) continue;
    for (const Release& r : releases()) {
      // Of the numbers inside only those have a story to tell that have words for it.
      const std::string key = std::string(inside ? "inside." : "") + r.key;
      if (!is_offered(model, r) || (inside && words(key) == key)) continue;
      Json fields = Json::object();
      for (const auto& [name, value] : r.fields.items()) fields["release." + name] = value;
      fields["release.of"] = of;
      const bool chosen = is(model.choice().spec(), r) && field_of(model.choice().spec(), "release.of") == of;
      items.push_back({std::string(words(key)), std::string(words(key + ".note")), chosen});
      choices.push_back(std::move(fields));
    }
  }
  const int picked = menu(f, "release", box, std::string(words("answers")), release_text(model.choice().spec()), items);
  if (picked >= 0 && !items[static_cast<std::size_t>(picked)].chosen) model.set_fields(choices[static_cast<std::size_t>(picked)]);
}

}  // namespace mid::ui
