#include "served_run.hpp"

#include <random>
#include <utility>

#include "mid/base/file.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/oracle/oracle.hpp"

namespace mid::serve {
namespace {

Json read_result(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(folder / "result.json", error))
    throw Error("run", Message("refusal.serve_no_run").with("found", shown(Json(folder.string()))));
  const Json j = parse_json(read_file(folder / "result.json", kLargestJson), (folder / "result.json").string(), kLargestJson);
  if (!j.is_object() || !j.contains("spec") || !j["spec"].is_object())
    throw Error("run", Message("refusal.serve_no_run").with("found", shown(Json(folder.string()))));
  return j["spec"];
}

Service service_of(const Model& model) {
  Service out;
  if (const auto* network = std::get_if<Network>(&model)) {
    out.columns = network->input_names, out.classes = network->class_names;
  } else if (const auto* linear = std::get_if<Linear>(&model)) {
    out.columns = linear->input_names;
  } else {
    const Tree& tree = std::get<Tree>(model);
    for (const TreeColumn& column : tree.columns) out.columns.push_back(column.name);
    out.classes = tree.classes;
  }
  out.inputs = inputs_of(model), out.outputs = std::max(1, classes_of(model));
  return out;
}

}  // namespace

ServedRun::ServedRun(const std::filesystem::path& folder) : device_(cpu_device()) {
  const Spec spec = check_spec(read_result(folder));
  const auto kind = spec.model["kind"].get<std::string>();
  if (kind == kBlackBox) throw Error("run", Message("refusal.serve_black_box").with("found", shown(Json(folder.string()))));
  const auto file = folder / (kind == "tree" ? "tree.json" : "model.safetensors");
  model_ = model_from_bytes(kind, read_file(file), file.string());
  if (spec.control == kZero) set_to_zero(model_);
  release_ = read_release(spec.release, "release");
  if (release_.of_embedding) throw Error("release.of", Message("refusal.serve_embedding"));
  service_ = service_of(model_);
  seed_ = spec.seed;
  std::random_device device;
  entropy_ = (std::uint64_t{device()} << 32) ^ device();
}

Matrix ServedRun::answer(Matrix inputs) {
  const std::lock_guard lock(mutex_);
  const bool number = classes_of(model_) == 0;
  // The seed alone decides a sticky answer; fresh noise must not be what somebody can compute from the run's specification.
  Context context{*device_, Stream{seed_}};
  Oracle oracle(model_, release_, Access::scores, std::move(inputs), Stream{seed_}.sub("serve").sub(entropy_).sub(asked_++));
  Released released;
  finish(oracle.serve(context, 0, released));
  if (number) return released.value;
  return log_probability_of(released, model_).array().exp().cast<float>().matrix();
}

}  // namespace mid::serve
