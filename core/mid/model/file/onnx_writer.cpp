#include "mid/model/file/onnx_writer.hpp"

#include <protozero/pbf_writer.hpp>

// Field numbers: onnx.proto and onnx-ml.proto of ONNX 1.12.

namespace mid {
namespace {

using protozero::pbf_writer;

constexpr int kOpset = 13, kOpsetOfTrees = 3;

/// Writes one message inside another.
template <class F>
void write_inside(pbf_writer& out, protozero::pbf_tag_type tag, F f) {
  pbf_writer in(out, tag);
  f(in);
}

void write_attribute(pbf_writer& w, const OnnxWriter::Attribute& a) {
  w.add_string(1, a.name);
  if (a.type == 1) w.add_float(2, static_cast<float>(a.number));
  if (a.type == 2) w.add_int64(3, a.whole);
  for (const float v : a.numbers) w.add_float(7, v);  // proto2: one by one
  for (const std::int64_t v : a.wholes) w.add_int64(8, v);
  for (const std::string& v : a.texts) w.add_bytes(a.type == 3 ? 4 : 9, v);
  w.add_int32(20, a.type);
}

void write_value(pbf_writer& graph, protozero::pbf_tag_type tag, const std::string& name, Eigen::Index columns) {
  write_inside(graph, tag, [&](pbf_writer& v) {
    v.add_string(1, name);
    write_inside(v, 2, [&](pbf_writer& type) {
      write_inside(type, 1, [&](pbf_writer& tensor) {
        tensor.add_int32(1, 1);
        write_inside(tensor, 2, [&](pbf_writer& shape) {
          write_inside(shape, 1, [&](pbf_writer& side) { side.add_string(2, "n"); });
          write_inside(shape, 1, [&](pbf_writer& side) { side.add_int64(1, columns); });
        });
      });
    });
  });
}

template <class T>
void write_tensor(std::string& graph, const std::string& name, const T* values, std::size_t count, const std::vector<std::int64_t>& sides) {
  pbf_writer out(graph);
  write_inside(out, 5, [&](pbf_writer& t) {
    for (const std::int64_t side : sides) t.add_int64(1, side);
    t.add_int32(2, std::is_same_v<T, float> ? 1 : 7);  // FLOAT, INT64
    t.add_string(8, name);
    t.add_bytes(9, reinterpret_cast<const char*>(values), count * sizeof(T));
  });
}

}  // namespace

std::string OnnxWriter::weight(const std::string& name, const Matrix& value, bool row) {
  std::vector<std::int64_t> sides{value.cols()};
  if (!row) sides.insert(sides.begin(), value.rows());
  write_tensor(graph_, name, value.data(), static_cast<std::size_t>(value.size()), sides);
  return name;
}

std::string OnnxWriter::weight(const std::string& name, const std::vector<float>& values, const std::vector<std::int64_t>& sides) {
  write_tensor(graph_, name, values.data(), values.size(), sides);
  return name;
}

std::string OnnxWriter::shape(const std::string& name, const std::vector<std::int64_t>& values) {
  write_tensor(graph_, name, values.data(), values.size(), {static_cast<std::int64_t>(values.size())});
  return name;
}

std::string OnnxWriter::node(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                             const std::vector<Attribute>& attributes, const std::string& domain) {
  pbf_writer graph(graph_);
  write_inside(graph, 1, [&](pbf_writer& n) {
    for (const std::string& input : inputs) n.add_string(1, input);
    for (const std::string& output : outputs) n.add_string(2, output);
    n.add_string(3, outputs.back());
    n.add_string(4, op);
    for (const Attribute& a : attributes) write_inside(n, 5, [&](pbf_writer& w) { write_attribute(w, a); });
    if (!domain.empty()) n.add_string(7, domain);
  });
  return outputs.back();
}

std::string OnnxWriter::dense(const std::string& x, const std::string& name, const Matrix& w, const Matrix& b) {
  return node("Gemm", {x, weight(name + ".weight", w), weight(name + ".bias", b, true)}, {name});
}

std::string OnnxWriter::finish(Eigen::Index inputs, const std::string& output, Eigen::Index outputs,
                               const std::vector<std::pair<std::string, std::string>>& metadata) {
  pbf_writer graph(graph_);
  graph.add_string(2, "midlab");
  write_value(graph, 11, kInput, inputs), write_value(graph, 12, output, outputs);
  std::string bytes;
  pbf_writer model(bytes);
  model.add_int64(1, 8);  // ir_version
  model.add_string(2, "midlab");
  model.add_message(7, graph_);
  write_inside(model, 8, [&](pbf_writer& o) { o.add_string(1, ""), o.add_int64(2, kOpset); });
  write_inside(model, 8, [&](pbf_writer& o) { o.add_string(1, kTreesAndRegressions), o.add_int64(2, kOpsetOfTrees); });
  for (const auto& [key, text] : metadata)
    write_inside(model, 14, [&, &k = key, &v = text](pbf_writer& m) { m.add_string(1, k), m.add_string(2, v); });
  return bytes;
}

}  // namespace mid
