#include "mid/experiment/figure_names.hpp"

#include <algorithm>

#include "mid/attack/attack.hpp"
#include "mid/measure/figure.hpp"

namespace mid {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

void add_new(Names& to, const Names& more) {
  for (const std::string& name : more)
    if (!has(to, name)) to.push_back(name);
}

}  // namespace

unsigned run_bits(const Json& spec) {
  unsigned bits = model_bit(spec.at("model").at("kind").get<std::string>());
  if (const Attack* a = attack_called(spec.at("attack").at("kind").get<std::string>())) switch (a->finds) {
      case Attack::Finds::attribute: bits |= FigureKind::attribute; break;
      case Attack::Finds::label: bits |= FigureKind::label; break;
      case Attack::Finds::membership: bits |= FigureKind::membership; break;
      case Attack::Finds::instance_picture: bits |= FigureKind::instance_picture; break;
      case Attack::Finds::class_picture: bits |= FigureKind::class_picture; break;
    }
  return bits;
}

FigureNames figure_names(const Json& spec) {
  FigureNames out;
  const unsigned run = run_bits(spec);
  for (const FigureKind& f : figure_kinds()) {
    if (!f.is_of(run)) continue;
    switch (f.group) {
      case FigureKind::Group::utility: out.utility.emplace_back(f.key); break;
      case FigureKind::Group::privacy: out.privacy.emplace_back(f.key); break;
      case FigureKind::Group::information: out.information.emplace_back(f.key); break;
    }
    if (f.variants & run) out.privacy_beginnings.push_back(std::string(f.key) + "_");
  }
  return out;
}

void check_figure_name(const std::vector<Json>& specs, const std::string& name, bool privacy, const std::string& option) {
  if (name.empty()) return;
  refuse_renamed_figure(name, option);
  Names known;
  for (const Json& spec : specs) {
    const FigureNames names = figure_names(spec);
    add_new(known, privacy ? names.privacy : names.utility);
    if (!privacy) continue;
    add_new(known, names.information);
    for (const std::string& beginning : names.privacy_beginnings)
      if (name.starts_with(beginning) && name.size() > beginning.size()) return;
  }
  if (!has(known, name)) throw Error(option, Message("refusal.no_measure").with("allowed", either_of(known)).with("found", shown(name)));
}

}  // namespace mid
