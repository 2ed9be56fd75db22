// Models from ONNX files that only answer: trees that are not one tree, and networks that predict a number.
#include <memory>

#include "mid/experiment/bring_inputs.hpp"
#include "mid/experiment/loaded_model.hpp"
#include "mid/experiment/match_names.hpp"
#include "mid/experiment/match_refusal.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_trees.hpp"
#include "mid/model/outside/file_channel.hpp"

namespace mid {
namespace {

/// A network of an ONNX file that predicts a number.
std::function<Matrix(const Matrix&)> number_network(const std::string& bytes, const std::string& name,
                                                    const std::vector<BroughtInput>& inputs, const Data& data,
                                                    std::vector<Message>& remarks) {
  Model model = number_network_from_onnx(bytes, name, &remarks);
  bring_inputs(model, inputs);
  if (std::get<Network>(model).input_names.empty() && numbers_behind_categories(data.set))
    remarks.push_back(Message("warning.model_order"));
  match_names(model, data.set, name, remarks);
  const auto network = std::make_shared<const Network>(std::get<Network>(std::move(model)));
  if (network->inputs() != data.set.inputs.cols()) refuse_inputs(network->inputs(), data.set, name);
  remarks.push_back(Message("warning.model_number_network"));
  return [network, device = std::shared_ptr<Device>(cpu_device())](const Matrix& rows) {
    Context context{*device, Stream{}};
    Activations inside;
    finish(activations(context, *network, rows, inside));
    return logits_of(*network, inside.mu);
  };
}

std::function<Matrix(const Matrix&)> forest(const OnnxGraph& graph, const OnnxNode& node, const std::string& name,
                                            const std::vector<BroughtInput>& inputs, const Data& data, std::vector<Message>& remarks) {
  TreeEnsemble trees = trees_of(graph, node, name);
  bring_inputs(trees, inputs);
  if (trees.inputs.empty() && numbers_behind_categories(data.set)) remarks.push_back(Message("warning.model_order"));
  if (trees.after == TreeEnsemble::After::logistic && trees.outputs > 1) remarks.push_back(Message("warning.onnx_each_class"));
  match_names(trees, data.set, name, remarks);
  remarks.push_back(Message("warning.model_forest").with("trees", counted(static_cast<long long>(trees.roots.size()), "tree")));
  return [trees = std::make_shared<const TreeEnsemble>(std::move(trees))](const Matrix& rows) { return trees->answers(rows); };
}

}  // namespace

ChannelMaker answers_of_file(const std::string& bytes, const std::string& name, const std::vector<BroughtInput>& inputs, const Data& data,
                             std::vector<Message>& remarks) {
  Service service;
  service.inputs = data.set.inputs.cols(), service.columns = data.set.input_names;
  if (data.set.classes.size() > 1) service.classes = data.set.classes, service.outputs = static_cast<Eigen::Index>(data.set.classes.size());
  try {
    const OnnxGraph graph = read_onnx(bytes, name);
    const OnnxNode* trees = trees_of_onnx(graph);
    if (!trees && !service.classes.empty()) throw Error(name, Message("refusal.onnx_no_trees"));
    const auto answers = trees ? forest(graph, *trees, name, inputs, data, remarks) : number_network(bytes, name, inputs, data, remarks);
    return [answers, service](const ChannelSpec&) { return file_channel(answers, service); };
  } catch (const Error& error) {
    if (error.field() == "model.file" || error.field() == "model.inputs") throw;
    throw Error("model.file", Message("refusal.model_file_kind").with("kind", kBlackBox).with("why", error.message()));
  }
}

}  // namespace mid
