#include <variant>

#include "commands.hpp"
#include "common.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/input_cuts.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/model/file/to_onnx.hpp"
#include "mid/model/model.hpp"

namespace mid::cli {

int export_model(const ExportOptions& options) {
  const std::filesystem::path result = options.run / "result.json";
  std::error_code error;
  if (!std::filesystem::is_regular_file(result, error))
    throw Error("run", Message("refusal.serve_no_run").with("found", shown(Json(options.run.string()))));
  const Json j = parse_json(read_file(result, kLargestJson), result.string(), kLargestJson);
  if (!j.is_object() || !j.contains("spec") || !j["spec"].is_object())
    throw Error("run", Message("refusal.serve_no_run").with("found", shown(Json(options.run.string()))));
  Spec spec = check_spec(j["spec"]);
  const std::string kind = spec.model["kind"].get<std::string>();
  const std::filesystem::path file = options.run / (kind == "tree" ? "tree.json" : "model.safetensors");
  if (!std::filesystem::is_regular_file(file, error))
    throw Error("run", Message("refusal.export_kind").with("found", shown(Json(options.run.string()))).with("model", shown(Json(kind))));
  const Model model = model_from_bytes(kind, read_file(file), file.string());
  if (const auto* tree = std::get_if<Tree>(&model)) {
    DatasetCache datasets;
    spec.model = {{"kind", "network"}};  // other programs know the inputs of networks, 0 and 1 for a category
    const Dataset& set = datasets.data(spec).set;
    write_file(options.onnx, to_onnx(*tree, set.input_names, input_cuts(*tree, set)));
  } else {
    const auto* network = std::get_if<Network>(&model);
    write_file(options.onnx, network ? to_onnx(*network) : to_onnx(std::get<Linear>(model)));
  }
  if (is_noisy(model))
    tell("the file answers without the noise of the run's answers, and without its release: what protected them is not in it");
  return 0;
}

}  // namespace mid::cli
