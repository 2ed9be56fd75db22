#pragma once
#include <memory>
#include <string>
#include <vector>

#include "mid/data/dataset.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {

/// Data sets that were read lately, so that the next strength of a slider does not read them again.
class DatasetCache {
 public:
  /// The data of this specification; read, encoded and split at most once while it stays among the last three.
  const Data& data(const Spec& spec);

 private:
  struct Item {
    std::string key;
    std::unique_ptr<Data> data;
  };
  std::vector<Item> items_;  // newest last
};

/// Names what the data of `spec` depend on: its object "data", the seed, and the bytes of a CSV, which may change under its
/// name. Throws Error when that file cannot be read.
std::string data_key(const Spec& spec);
/// Names what a model of `spec` learns from: `records`, its data_key, but that of specifications which differ only in whom they
/// attack (DataSource::of_victims) is the same.
std::string training_data_key(const Spec& spec, const std::string& records);

}  // namespace mid
