#include "mid/model/model.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/model/file/onnx.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_trees.hpp"
#include "mid/model/file/safetensors.hpp"
#include "mid/model/tree/tree_text.hpp"

namespace mid {
namespace {

constexpr Eigen::Index kRowsPerTick = 2048;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// What people take for a model and cannot be read as one.
void refuse_other_formats(std::string_view bytes, const std::string& where) {
  constexpr std::size_t kLength = 8;  // of a safetensors header's length, after which it opens
  if (bytes.size() > kLength && bytes[kLength] == '{') return;
  struct Format {
    std::string_view begins;
    const char* name;
  };
  constexpr Format kFormats[] = {{"<", "refusal.part.web_page"},      {"PK\x03\x04", "refusal.part.zip_model"},
                                 {"\x80\x02", "refusal.part.pickle"}, {"\x80\x03", "refusal.part.pickle"},
                                 {"\x80\x04", "refusal.part.pickle"}, {"\x80\x05", "refusal.part.pickle"},
                                 {"\x89HDF", "refusal.part.hdf5"},    {"\x1F\x8B", "refusal.part.gzip_model"}};
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  for (const Format& f : kFormats)
    if (bytes.substr(first == std::string_view::npos ? 0 : first).starts_with(f.begins))
      throw Error(where, Message("refusal.model_format").with("found", Message(f.name)));
  const auto is_text = [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\r' || c == '\n'; };
  const std::string_view head = bytes.substr(0, 64);
  if (head.empty()) throw Error(where, Message("refusal.model_format").with("found", Message("refusal.part.empty_model")));
  if (std::all_of(head.begin(), head.end(), is_text) && (first == std::string_view::npos || bytes[first] != '{'))
    throw Error(where, Message("refusal.model_format").with("found", Message("refusal.part.text_model")));
}

/// Refuses the file of one kind of model in the place of another's.
void refuse_other_kinds(std::string_view bytes, const std::string& kind, const std::string& where) {
  constexpr std::size_t kLength = 8;
  const bool tensors = bytes.size() > kLength && bytes[kLength] == '{' && bytes[kLength - 1] == '\0';
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (kind == "tree" && tensors) throw Error(where, Message("refusal.tensors_of_tree"));
  if (kind != "tree" && !tensors && first != std::string_view::npos && bytes[first] == '{')
    throw Error(where, Message("refusal.json_of_tensors"));
}

}  // namespace

std::string kind_of(const Model& model) {
  constexpr const char* kNames[] = {"network", "linear", "tree", "black_box"};
  return kNames[model.index()];
}

int inputs_of(const Model& model) {
  return std::visit(Overloaded{[](const Network& m) { return m.inputs(); }, [](const Linear& m) { return static_cast<int>(m.inputs()); },
                               [](const Tree& m) { return static_cast<int>(m.columns.size()); }, [](const BlackBox&) { return 0; }},
                    model);
}

int classes_of(const Model& model) {
  return std::visit(
      Overloaded{[](const Network& m) { return m.classes; }, [](const Linear&) { return 0; },
                 [](const Tree& m) { return static_cast<int>(m.classes.size()); }, [](const BlackBox& m) { return m.classes; }},
      model);
}

bool is_noisy(const Model& model) {
  return std::visit(Overloaded{[](const Network& m) { return m.stochastic; }, [](const Linear& m) { return m.noise > 0; },
                               [](const Tree&) { return false; }, [](const BlackBox& m) { return m.fresh; }},
                    model);
}

void check_answers(const Matrix& answers) {
  if (!answers.allFinite()) throw Failure(Message("refusal.answer_infinite"));
}

Task pre_noise_output(Context& context, const Model& model, Matrix inputs, Activations& out, std::uint64_t draw) {
  if (const auto* network = std::get_if<Network>(&model)) {
    co_await activations(context, *network, std::move(inputs), out);
    co_return;
  }
  if (const auto* box = std::get_if<BlackBox>(&model)) {
    out.sigma.resize(0, 0);
    co_await box->outside->answer(context, std::move(inputs), draw, out.mu);
    co_return;
  }
  const auto* linear = std::get_if<Linear>(&model);
  const Eigen::Index n = inputs.rows();
  out.mu.resize(n, linear ? 1 : classes_of(model));
  out.sigma = linear && linear->noise > 0 ? Matrix::Constant(n, 1, static_cast<float>(linear->noise)) : Matrix();
  for (Eigen::Index first = 0; first < n; first += kRowsPerTick) {
    const Eigen::Index rows = std::min(kRowsPerTick, n - first);
    const Matrix block = inputs.middleRows(first, rows);
    if (linear)
      out.mu.middleRows(first, rows) = linear->predict(MatrixRef(block)).cast<float>();
    else
      out.mu.middleRows(first, rows) = confidences(std::get<Tree>(model), block.cast<double>()).cast<float>();
    count_work(4. * static_cast<double>(block.size() + rows * out.mu.cols()));
    co_await Tick{};
  }
}

void set_to_zero(Model& model) {
  std::visit(Overloaded{[](Network& m) {
                          for (Parameter* p : m.parameters()) p->value.setZero();
                          m.purifier.reset();
                        },
                        [](Linear& m) { m.weight.setZero(), m.bias = 0; },
                        [](Tree& m) {
                          m.nodes.assign(1, TreeNode());
                          m.nodes[0].counts = VectorXd::Zero(static_cast<Eigen::Index>(m.classes.size()));
                        },
                        [](BlackBox&) {}},
             model);
}

std::string model_bytes(const Model& model, const Json& spec) {
  if (const auto* network = std::get_if<Network>(&model)) return to_safetensors(*network, spec);
  if (const auto* linear = std::get_if<Linear>(&model)) return to_safetensors(*linear, spec);
  if (std::holds_alternative<BlackBox>(model)) return {};
  return Json{{"tree", tree_json(std::get<Tree>(model))}, {"spec", spec}}.dump(1) + "\n";
}

Model model_from_bytes(const std::string& kind, const std::string& bytes, const std::string& where, std::vector<Message>* remarks) {
  refuse_other_formats(bytes, where);
  refuse_other_kinds(bytes, kind, where);
  const bool onnx = looks_like_onnx(bytes);
  if (kind == "network") return onnx ? network_from_onnx(bytes, where, remarks) : network_from_safetensors(bytes, where, nullptr, remarks);
  if (kind == "linear") return onnx ? linear_from_onnx(bytes, where, remarks) : linear_from_safetensors(bytes, where, nullptr, remarks);
  if (onnx) {
    const TreeEnsemble trees = read_onnx_trees(bytes, where);
    if (!is_one_tree(trees)) throw Error(where, Message("refusal.onnx_forest"));
    bool counts = false;
    return tree_of(trees, counts);
  }
  const Json j = parse_json(bytes, where, bytes.size(), Message("refusal.part.hint_tree"));
  if (!j.is_object() || !j.contains("tree")) throw Error(where, Message("refusal.no_tree"));
  return tree_from_json(j["tree"], where);
}

}  // namespace mid
