// The stories of docs/stories.md as specifications: one story, one preset, one page state, one test.
#include <array>

#include "mid/run/spec.hpp"

namespace mid {
namespace {

struct Preset {
  const char *name, *json;
};

constexpr std::array<Preset, 11> kPresets{{
    {"visitors", R"({
      "data": {"name": "london-faces", "private": 40, "held_out": 20, "auxiliary": 41, "image_size": 32},
      "model": {"kind": "network", "hidden": [128], "bottleneck": 32, "sigma_start": 0},
      "train": {"optimizer": "adam", "learning_rate": 0.0015, "schedule": "cosine", "batch": 20, "epochs": 60, "shifts": 2},
      "defense": {"kind": "mid", "beta": 0.1},
      "attack": {"kind": "ridge_inversion", "features": "linear", "prior": "pca", "components": 40, "draws": 4,
                 "shifts": 2, "mirror": true}
    })"},
    {"confidence", R"({
      "data": {"name": "adult", "sensitive": "sex", "private": 3000, "auxiliary": 5000, "held_out": 5000},
      "model": {"kind": "network", "hidden": [32], "bottleneck": 8, "sigma_start": 5},
      "train": {"optimizer": "adam", "learning_rate": 0.003, "schedule": "cosine", "batch": 50, "epochs": 10},
      "defense": {"kind": "mid", "beta": 0.003},
      "attack": {"kind": "likelihood_inference"}
    })"},
    {"which-seven", R"({
      "data": {"name": "mnist", "private": 3000, "auxiliary": 3000, "held_out": 1000, "attacked": 2000},
      "model": {"kind": "network", "hidden": [128], "bottleneck": 16, "sigma_start": 5},
      "train": {"optimizer": "adam", "learning_rate": 0.002, "schedule": "cosine", "batch": 50, "epochs": 15},
      "defense": {"kind": "mid", "beta": 0.01},
      "attack": {"kind": "ridge_inversion", "features": "quadratic", "prior": "pixels", "regularisation": 0.0001, "draws": 5,
                 "shifts": 0, "mirror": false}
    })"},
    {"face-from-name", R"({
      "data": {"name": "london-faces", "private": 40, "held_out": 0, "auxiliary": 61, "image_size": 32},
      "model": {"kind": "network", "hidden": [128], "bottleneck": 32, "sigma_start": 0},
      "train": {"optimizer": "adam", "learning_rate": 0.0015, "schedule": "cosine", "batch": 20, "epochs": 60, "shifts": 2},
      "defense": {"kind": "mid", "beta": 0.01},
      "attack": {"kind": "mi_face", "prior": "pca", "components": 40, "mirror": true, "cost": "cross_entropy", "optimizer": "adam",
                 "learning_rate": 0.1, "steps": 100, "pull": 0.03, "adversary": "eot", "draws": 8}
    })"},
    {"survey-tree", R"({
      "data": {"name": "adult", "rows": 10000, "sensitive": "married", "private": 7500, "held_out": 2500, "auxiliary": 0},
      "model": {"kind": "tree", "max_depth": 6, "min_leaf": 25, "numeric": "bins"},
      "defense": {"kind": "mid", "lambda": 0.02},
      "attack": {"kind": "tree_black_box"}
    })"},
    {"steak-tree", R"({
      "data": {"name": "steak", "sensitive": "cheated", "private": 248, "held_out": 83, "auxiliary": 0, "victims": "private"},
      "model": {"kind": "tree", "max_depth": 6, "min_leaf": 2, "numeric": "bins"},
      "defense": {"kind": "mid", "lambda": 0.02},
      "attack": {"kind": "tree_black_box"}
    })"},
    {"dose", R"({
      "data": {"name": "warfarin", "private": 1335, "held_out": 445, "auxiliary": 0},
      "model": {"kind": "linear"},
      "defense": {"kind": "mid", "lambda": 0.3, "noise": 1},
      "attack": {"kind": "map_inference"}
    })"},
    // Why differential privacy does not stop inversion (method.md section 1, the three demonstrations). Exact answers.
    {"dp-fixed-model", R"({
      "data": {"name": "warfarin", "private": 890, "held_out": 890, "auxiliary": 0},
      "model": {"kind": "linear"},
      "attack": {"kind": "map_inference"}
    })"},
    {"dp-large-n", R"({
      "data": {"name": "synthetic-dose", "rows": 60000, "private": 50000, "held_out": 2000, "auxiliary": 0},
      "model": {"kind": "linear"},
      "defense": {"kind": "functional_mechanism", "epsilon": 10},
      "attack": {"kind": "map_inference"}
    })"},
    {"dp-weights", R"({
      "data": {"name": "warfarin", "private": 1335, "held_out": 445, "auxiliary": 0},
      "model": {"kind": "linear"},
      "defense": {"kind": "functional_mechanism", "epsilon": 1},
      "attack": {"kind": "map_inference"}
    })"},
    {"label-from-update", R"({
      "data": {"name": "digits", "private": 500, "held_out": 300, "auxiliary": 997, "attacked": 300, "victims": "held_out"},
      "model": {"kind": "network", "hidden": [64], "bottleneck": 16, "sigma_start": 5},
      "train": {"optimizer": "adam", "learning_rate": 0.003, "schedule": "cosine", "batch": 20, "epochs": 40},
      "defense": {"kind": "mid", "beta": 0.01},
      "attack": {"kind": "updates_leak"}
    })"},
}};

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& p : kPresets) names.emplace_back(p.name);
  return names;
}

Json preset(const std::string& name) {
  for (const Preset& p : kPresets)
    if (p.name == name) {
      Json spec = parse_json(p.json, "the preset " + name);
      spec["version"] = 1;
      spec["seed"] = 1;
      return spec;
    }
  throw Error("preset:" + name, "does not exist; the presets are " + listed(preset_names()));
}

}  // namespace mid
