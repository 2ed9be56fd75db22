#include "mid/model/file/brought_inputs.hpp"

namespace mid {
namespace {

struct BroughtList {
  std::vector<BroughtInput> inputs;
  static std::vector<Param> params() { return {objects(&BroughtList::inputs, "inputs", "model.inputs", "docs/own-model.md")}; }
};

}  // namespace

std::vector<Param> BroughtInput::params() {
  using S = BroughtInput;
  return {param(&S::name, "name", "model.inputs.name"), param(&S::mean, "mean", "model.inputs.mean"),
          param(&S::sd, "sd", 1e-12, 1e12, "", "model.inputs.sd")};
}

Param brought_inputs_param() {
  Param p = BroughtList::params()[0];
  p.set = [](void*, const Json&) {};
  return p;
}

std::vector<BroughtInput> brought_inputs(const Json& model) {
  const Json list = model.value("inputs", Json());
  return list.is_array() ? read<BroughtList>({{"inputs", list}}, "model").inputs : std::vector<BroughtInput>{};
}

}  // namespace mid
