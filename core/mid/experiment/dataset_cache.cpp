#include <algorithm>
#include <filesystem>
#include <fstream>

#include "mid/attack/attack.hpp"
#include "mid/base/hash.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/source.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/members.hpp"
#include "mid/experiment/population.hpp"
#include "mid/model/file/onnx.hpp"

namespace mid {
namespace {

constexpr std::size_t kPlaces = 3;

const DataSource& source_of(const Spec& spec) {
  for (const DataSource* s : data_sources())
    if (spec.data["name"] == std::string(s->about.name)) return *s;
  throw Error("data.name", Message("refusal.unknown_none"));  // check_spec has let only known ones through
}

/// Trees of an ONNX file take the inputs of a network.
bool is_onnx_tree(const Spec& spec) {
  const Json file = spec.model.value("file", Json());
  if (!file.is_string()) return false;
  std::ifstream in(std::filesystem::path(file.get<std::string>()), std::ios::binary);
  char begin[16] = {};
  in.read(begin, sizeof begin);
  return looks_like_onnx({begin, static_cast<std::size_t>(in.gcount())});
}

}  // namespace

std::string data_key(const Spec& spec) {
  Json parts{{"data", spec.data}, {"seed", spec.seed}};
  if (spec.data.contains("csv")) parts["bytes"] = sha256(read_csv_text(spec.data["csv"].get<std::string>()));
  return sha256(parts.dump());
}

std::string training_data_key(const Spec& spec, const std::string& records) {
  const std::span<const std::string_view> of_victims = source_of(spec).of_victims;
  if (of_victims.empty() || has_gaussian_people(spec)) return records;  // drawn people are learnt from, too
  Json data = spec.data;
  for (const std::string_view name : of_victims) data.erase(std::string(name));
  return sha256(Json{{"learnt from", std::move(data)}, {"seed", spec.seed}}.dump());
}

const Data& DatasetCache::data(const Spec& spec) {
  const bool as_table = (spec.model["kind"] == "tree" && !is_onnx_tree(spec)) || spec.model.value("as_table", false);
  const Attack* attack = attack_called(spec.attack["kind"].get<std::string>());
  const bool members = attack && attack->finds == Attack::Finds::membership;
  const std::string key = data_key(spec) + (as_table ? " as a table" : "") + (members ? " members and strangers" : "");
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (items_[i].key == key) {
      std::rotate(items_.begin() + static_cast<std::ptrdiff_t>(i), items_.begin() + static_cast<std::ptrdiff_t>(i) + 1, items_.end());
      return *items_.back().data;
    }
  if (items_.size() == kPlaces) items_.erase(items_.begin());
  auto data = std::make_unique<Data>(source_of(spec).load(spec.data, Stream{spec.seed}.sub("data")));
  if (as_table && !data->set.table.columns.empty()) data->set = table_as_inputs(std::move(data->set));
  if (members) data->split.attacked = members_and_strangers(data->set, data->split, Stream{spec.seed}.sub("membership"));
  items_.push_back({key, std::move(data)});
  return *items_.back().data;
}

}  // namespace mid
