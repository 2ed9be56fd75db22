#include "kernels.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "mid/base/philox.hpp"

namespace mid::gpu {
namespace {

constexpr std::uint32_t kMostGroups = 32768;  // in one dimension of a dispatch: below every adapter's limit

/// `count` workgroups in two dimensions; kernels ask for their number by w.y * n.x + w.x.
std::array<std::uint32_t, 2> spread_out(std::uint64_t count) {
  const std::uint64_t rows = (count + kMostGroups - 1) / kMostGroups;
  return {static_cast<std::uint32_t>((count + rows - 1) / rows), static_cast<std::uint32_t>(rows)};
}

std::uint64_t groups_for(std::uint64_t threads, std::uint64_t of_group) { return (threads + of_group - 1) / of_group; }

const Node& node_of(const Program& p, int id) { return p.nodes()[static_cast<std::size_t>(id)]; }

void replace(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
}

/// Collects the bindings of a kernel; a buffer is bound once.
struct Bindings {
  std::vector<Place> places;
  std::string text;
  void add(const Place& place, std::string_view name, std::string_view type = "f32") {
    places.push_back(place);
    text += "@group(0) @binding(" + std::to_string(places.size()) + ") var<storage, " + (place.writes ? "read_write" : "read") + "> " +
            std::string(name) + ": array<" + std::string(type) + ">;\n";
  }
};

constexpr std::string_view kShape = "@group(0) @binding(0) var<uniform> p: Shape;\n";

Place place_of(const Program& p, int id, bool writes = false) {
  return {node_of(p, id).op == Op::parameter ? Place::Kind::weights : Place::Kind::value, id, writes};
}

std::string prelude() { return std::string(shader("math")) + std::string(shader("element")); }

/// Writes the body of a chain: one line a member.
class ChainText {
 public:
  ChainText(const Program& program, const Chain& chain) : program_(program), chain_(chain) {
    for (std::size_t i = 0; i < chain.members.size(); ++i) local_[chain.members[i]] = "v" + std::to_string(i);
    for (int id : chain.members) body_ += "  let " + local_[id] + " = " + expression(id) + ";\n";
    for (int id : chain.stored) {
      const std::string name = "y" + std::to_string(bindings_.places.size());
      bindings_.add(place_of(program, id, true), name);
      body_ += "  " + name + "[i] = " + local_[id] + ";\n";
    }
    for (int id : chain.sums) summed_.push_back(operand(node_of(program, id).a, "i"));
    for (int id : chain.sums) {
      sum_names_.push_back("y" + std::to_string(bindings_.places.size()));
      bindings_.add(place_of(program, id, true), sum_names_.back());
    }
  }

  Dispatch dispatch() const {
    Dispatch out;
    const std::size_t lines = (whole_.size() + 3) / 4, reals = (real_.size() + 3) / 4;
    out.wgsl = "struct Shape { rows: u32, cols: u32, spare0: u32, spare1: u32, u: array<vec4<u32>, " +
               std::to_string(std::max<std::size_t>(lines, 1)) + ">, s: array<vec4<f32>, " +
               std::to_string(std::max<std::size_t>(reals, 1)) + "> }\n" + std::string(kShape) + bindings_.text + prelude();
    const auto rows = static_cast<std::uint32_t>(chain_.rows), cols = static_cast<std::uint32_t>(chain_.cols);
    out.numbers = {rows, cols, 0, 0};
    out.numbers.insert(out.numbers.end(), whole_.begin(), whole_.end());
    out.numbers.resize(4 + 4 * std::max<std::size_t>(lines, 1));
    for (float s : real_) out.numbers.push_back(std::bit_cast<std::uint32_t>(s));
    out.numbers.resize(4 + 4 * std::max<std::size_t>(lines, 1) + 4 * std::max<std::size_t>(reals, 1));
    out.places = bindings_.places;
    const std::string head =
        "(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {\n";
    if (chain_.sums.empty()) {
      out.wgsl += "@compute @workgroup_size(256)\nfn main" + head +
                  "  let i = (w.y * n.x + w.x) * 256u + t;\n  if (i >= p.rows * p.cols) { return; }\n  let r = i / p.cols;\n  let c = i % "
                  "p.cols;\n" +
                  body_ + "}\n";
      out.groups = spread_out(groups_for(std::uint64_t{rows} * cols, 256));
    } else if (node_of(program_, chain_.sums[0]).op == Op::sum_cols) {
      out.wgsl += sums_text(64,
                            "  let r = w.y * n.x + w.x;\n  if (r >= p.rows) { return; }\n" + begin_sums() +
                                "  for (var c = t; c < p.cols; c = c + 64u) {\n  let i = r * p.cols + c;\n" + body_ + add_sums() + "  }\n",
                            head, "t", 32, 1, "t == 0u", "r");
      out.groups = spread_out(rows);
    } else {
      // Neighbouring threads of a group take neighbouring columns; narrow matrices get more threads for the rows.
      const std::uint32_t across = cols > 8 ? 16 : cols > 2 ? 4 : 1, down = 256 / across;
      const std::string x = std::to_string(across) + "u", y = std::to_string(down) + "u";
      out.wgsl += sums_text(256,
                            "  let c = (w.y * n.x + w.x) * " + x + " + t % " + x + ";\n" + begin_sums() +
                                "  if (c < p.cols) {\n  for (var r = t / " + x + "; r < p.rows; r = r + " + y +
                                ") {\n  let i = r * p.cols + c;\n" + body_ + add_sums() + "  }\n  }\n",
                            head, "t / " + x, down / 2, across, "t < " + x + " && c < p.cols", "c");
      out.groups = spread_out(groups_for(cols, across));
    }
    return out;
  }

 private:
  std::string whole(std::uint32_t value) {
    whole_.push_back(value);
    const std::size_t i = whole_.size() - 1;
    return "p.u[" + std::to_string(i / 4) + "][" + std::to_string(i % 4) + "]";
  }
  std::string real(float value) {
    real_.push_back(value);
    const std::size_t i = real_.size() - 1;
    return "p.s[" + std::to_string(i / 4) + "][" + std::to_string(i % 4) + "]";
  }

  /// The operand's number at `index` of its buffer.
  std::string operand(int id, const std::string& index) {
    if (const auto found = local_.find(id); found != local_.end()) return found->second;
    const Node& n = node_of(program_, id);
    if (is_uniform(program_, id)) return real(program_.constants()[static_cast<std::size_t>(n.constant)](0, 0));
    auto [name, fresh] = names_.try_emplace(id);
    if (fresh) {
      name->second = "x" + std::to_string(bindings_.places.size());
      bindings_.add(place_of(program_, id), name->second);
    }
    return name->second + "[" + index + "]";
  }

  std::string expression(int id) {
    const Node& n = node_of(program_, id);
    switch (n.op) {
      case Op::spread_rows: return operand(n.a, "c");
      case Op::spread_cols: return operand(n.a, "r");
      case Op::reshape: return operand(n.a, "i");
      case Op::columns:
        return operand(n.a, "r * " + whole(static_cast<std::uint32_t>(node_of(program_, n.a).cols)) + " + c + " +
                                whole(static_cast<std::uint32_t>(n.from)));
      case Op::pad_columns: {
        if (local_.contains(n.a)) return local_[n.a];
        const std::string from = whole(static_cast<std::uint32_t>(n.from)),
                          width = whole(static_cast<std::uint32_t>(node_of(program_, n.a).cols));
        const std::string inside = "c >= " + from + " && c < " + from + " + " + width;
        return "select(0.0, " + operand(n.a, "select(0u, r * " + width + " + c - " + from + ", " + inside + ")") + ", " + inside + ")";
      }
      default: break;
    }
    assert(info(n.op).family == OpFamily::element);
    std::string text = "op_" + std::string(info(n.op).name) + "(" + operand(n.a, "i");
    if (n.b >= 0) text += ", " + operand(n.b, "i");
    if (n.op == Op::scale || n.op == Op::shift || n.op == Op::leaky_relu || n.op == Op::step) text += ", " + real(n.scalar);
    return text + ")";
  }

  std::string begin_sums() const {
    std::string text;
    for (std::size_t i = 0; i < chain_.sums.size(); ++i) text += "  var sum" + std::to_string(i) + " = 0.0;\n";
    return text;
  }
  std::string add_sums() const {
    std::string text;
    for (std::size_t i = 0; i < chain_.sums.size(); ++i)
      text += "  sum" + std::to_string(i) + " = sum" + std::to_string(i) + " + " + summed_[i] + ";\n";
    return text;
  }

  /// The kernel of a sum: each thread's share, then halving in workgroup memory. `lane` is the thread's place among those that
  /// share a sum, which lie `stride` apart.
  std::string sums_text(int threads, const std::string& shares, const std::string& head, const std::string& lane, std::uint32_t half,
                        std::uint32_t stride, const std::string& writer, const std::string& index) const {
    std::string text;
    for (std::size_t i = 0; i < chain_.sums.size(); ++i)
      text += "var<workgroup> part" + std::to_string(i) + ": array<f32, " + std::to_string(threads) + ">;\n";
    text += "@compute @workgroup_size(" + std::to_string(threads) + ")\nfn main" + head + shares;
    for (std::size_t i = 0; i < chain_.sums.size(); ++i) text += "  part" + std::to_string(i) + "[t] = sum" + std::to_string(i) + ";\n";
    text += "  workgroupBarrier();\n";
    if (half > 0) {
      text += "  for (var gap = " + std::to_string(half) + "u; gap > 0u; gap = gap / 2u) {\n    if (" + lane + " < gap) {\n";
      for (std::size_t i = 0; i < chain_.sums.size(); ++i) {
        const std::string part = "part" + std::to_string(i);
        text += "      " + part + "[t] = " + part + "[t] + " + part + "[t + gap * " + std::to_string(stride) + "u];\n";
      }
      text += "    }\n    workgroupBarrier();\n  }\n";
    }
    text += "  if (" + writer + ") {\n";
    for (std::size_t i = 0; i < chain_.sums.size(); ++i)
      text += "    " + sum_names_[i] + "[" + index + "] = part" + std::to_string(i) + "[t];\n";
    return text + "  }\n}\n";
  }

  const Program& program_;
  const Chain& chain_;
  Bindings bindings_;
  std::map<int, std::string> local_, names_;  // members; buffers
  std::vector<std::string> summed_, sum_names_;
  std::vector<std::uint32_t> whole_;
  std::vector<float> real_;
  std::string body_;
};

}  // namespace

bool is_uniform(const Program& program, int id) {
  const Node& n = node_of(program, id);
  if (n.op != Op::constant) return false;
  const Matrix& m = program.constants()[static_cast<std::size_t>(n.constant)];
  return std::all_of(m.data(), m.data() + m.size(),
                     [&](float v) { return std::bit_cast<std::uint32_t>(v) == std::bit_cast<std::uint32_t>(m(0, 0)); });
}

Dispatch chain_kernel(const Program& program, const Chain& chain) { return ChainText(program, chain).dispatch(); }

std::size_t buffers_of(const Program& program, const Chain& chain) { return chain_kernel(program, chain).places.size(); }

Dispatch product_kernel(const Program& program, int id) {
  const Node& n = node_of(program, id);
  const Node& a = node_of(program, n.a);
  const auto rows = static_cast<std::uint32_t>(n.rows), cols = static_cast<std::uint32_t>(n.cols);
  const auto depth = static_cast<std::uint32_t>(n.transpose_a ? a.rows : a.cols);
  // Big tiles need fewer reads, small ones make more workgroups: what fills the adapter comes first.
  const auto tiles = [&](std::uint32_t size) { return groups_for(rows, size) * groups_for(cols, size); };
  constexpr std::uint64_t kEnoughLarge = 128, kEnoughMedium = 48;
  const std::uint32_t tile = tiles(128) >= kEnoughLarge ? 128 : tiles(64) >= kEnoughMedium ? 64 : 16;
  const bool same = n.b == n.a;  // one buffer, read twice: bound once
  const bool exact = tile > 16 && rows % tile == 0 && cols % tile == 0 && depth % 16 == 0 && !same;
  const bool vector_a = exact && n.transpose_a, vector_b = exact && !n.transpose_b;
  Bindings bindings;
  bindings.add(place_of(program, n.a), "a", vector_a ? "vec4<f32>" : "f32");
  if (!same) bindings.add(place_of(program, n.b), "b", vector_b ? "vec4<f32>" : "f32");
  if (n.op == Op::dense) bindings.add(place_of(program, n.c), "bias", exact ? "vec4<f32>" : "f32");
  bindings.add(place_of(program, id, true), "c", exact ? "vec4<f32>" : "f32");
  std::string common(shader(exact ? "matmul_exact" : "matmul"));
  replace(common, "FOUR_A",
          vector_a ? "a[(k * p.rows + r) / 4u]"
                   : "vec4<f32>(a[r * p.depth + k], a[(r + 1u) * p.depth + k], a[(r + 2u) * p.depth + k], a[(r + 3u) * p.depth + k])");
  replace(common, "FOUR_B",
          vector_b ? "b[(k * p.cols + q) / 4u]"
                   : "vec4<f32>(b[q * p.depth + k], b[(q + 1u) * p.depth + k], b[(q + 2u) * p.depth + k], b[(q + 3u) * p.depth + k])");
  replace(common, "PLACE_A", n.transpose_a ? "k * p.rows + r" : "r * p.depth + k");
  replace(common, "PLACE_B", n.transpose_b ? "q * p.depth + k" : "k * p.cols + q");
  replace(common, "BIAS", n.op != Op::dense ? "" : exact ? "+ bias[q / 4u]" : "+ bias[q]");
  if (same) replace(common, "return b[", "return a[");
  std::string tiled(shader(tile == 128 ? "matmul_large" : tile == 64 ? "matmul_medium" : "matmul_small"));
  replace(tiled, "TURNED_A", n.transpose_a ? "true" : "false");
  replace(tiled, "TURNED_B", n.transpose_b ? "true" : "false");
  Dispatch out;
  out.wgsl = bindings.text + std::string(kShape) + common + tiled;
  out.places = bindings.places;
  out.numbers = {rows, cols, depth, 0};
  out.groups = {static_cast<std::uint32_t>(groups_for(cols, tile)), static_cast<std::uint32_t>(groups_for(rows, tile))};
  return out;
}

Dispatch part_products_kernel(const Program& program, int id) {
  const Node& n = node_of(program, id);
  const Node &a = node_of(program, n.a), &b = node_of(program, n.b);
  const bool same = n.b == n.a;  // one buffer, read twice: bound once
  Bindings bindings;
  bindings.add(place_of(program, n.a), "a");
  if (!same) bindings.add(place_of(program, n.b), "b");
  bindings.add(place_of(program, id, true), "y");
  std::string text(shader("part_products"));
  if (same) replace(text, "b[", "a[");
  Dispatch out;
  out.wgsl = bindings.text + std::string(kShape) + text;
  out.places = bindings.places;
  const auto whole = [](int v) { return static_cast<std::uint32_t>(v); };
  // Rows of a part, columns, summands, then the numbers of a part of a and of b, and how far apart a summand's neighbours lie.
  out.numbers = {whole(n.rows / n.parts),
                 whole(n.cols),
                 whole(n.transpose_a ? a.rows / n.parts : a.cols),
                 whole(n.parts),
                 whole(a.rows / n.parts * a.cols),
                 whole(b.rows / n.parts * b.cols),
                 0,
                 0,
                 whole(n.transpose_a ? 1 : a.cols),
                 whole(n.transpose_a ? a.cols : 1),
                 whole(n.transpose_b ? b.cols : 1),
                 whole(n.transpose_b ? 1 : b.cols)};
  out.groups = spread_out(groups_for(static_cast<std::uint64_t>(n.rows) * static_cast<std::uint64_t>(n.cols), 256));
  return out;
}

Dispatch table_kernel(const Program& program, int id) {
  const Node& n = node_of(program, id);
  Bindings bindings;
  bindings.add(place_of(program, n.a), "a");
  bindings.add({Place::Kind::table, id, false}, "table", "i32");
  bindings.add(place_of(program, id, true), "y");
  Dispatch out;
  out.wgsl = bindings.text + std::string(kShape) + std::string(shader("table"));
  out.places = bindings.places;
  out.numbers = {static_cast<std::uint32_t>(n.rows), static_cast<std::uint32_t>(n.cols),
                 static_cast<std::uint32_t>(node_of(program, n.a).cols), static_cast<std::uint32_t>(n.summands)};
  out.groups = spread_out(groups_for(static_cast<std::uint64_t>(n.rows) * static_cast<std::uint64_t>(n.cols), 256));
  return out;
}

namespace {

/// One operand, one result, a shader of its own.
Dispatch kernel_of(const Program& program, int id, std::string text) {
  const Node& n = node_of(program, id);
  Bindings bindings;
  bindings.add(place_of(program, n.a), "a");
  bindings.add(place_of(program, id, true), "y");
  Dispatch out;
  out.wgsl = bindings.text + std::string(kShape) + text;
  out.places = bindings.places;
  out.numbers = {static_cast<std::uint32_t>(n.rows), static_cast<std::uint32_t>(n.cols), 0, 0};
  return out;
}

}  // namespace

Dispatch log_softmax_kernel(const Program& program, int id) {
  Dispatch out = kernel_of(program, id, std::string(shader("math")) + std::string(shader("log_softmax")));
  out.groups = spread_out(static_cast<std::uint64_t>(node_of(program, id).rows));
  return out;
}

Dispatch inverse_kernel(const Program& program, int id) {
  Dispatch out = kernel_of(program, id, std::string(shader("inverse")));
  out.groups = {1, 1};
  return out;
}

Dispatch update_kernel(const Program& program, const std::vector<int>& updates) {
  Dispatch out;
  Bindings bindings;
  std::map<int, std::string> read;
  const auto reading = [&](int id) {
    auto [name, fresh] = read.try_emplace(id);
    if (fresh) {
      name->second = "x" + std::to_string(bindings.places.size());
      bindings.add(place_of(program, id), name->second);
    }
    return name->second;
  };
  std::string body;
  std::uint64_t most = 0;
  for (std::size_t j = 0; j < updates.size(); ++j) {
    const Node& n = node_of(program, updates[j]);
    const auto count = static_cast<std::uint32_t>(n.parameter->value.size());
    most = std::max<std::uint64_t>(most, count);
    const std::string w = "w" + std::to_string(j), at = "p.line[" + std::to_string(2 * j),
                      factors = "p.line[" + std::to_string(2 * j + 1) + "]";
    bindings.add({Place::Kind::moments, n.a, true}, w);
    assert(node_of(program, n.b).op != Op::parameter);  // a buffer is read or written by a kernel, not both
    const std::string gradient = reading(n.b), rate = reading(n.c);
    // A Parameter's three parts lie one stride apart; factors as op_adam and op_sgd want them.
    body += "  if (i < " + at + "].x) {\n    let stride = " + at + "].y;\n    let u = array<f32, 5>(bitcast<f32>(" + at +
            "].z), bitcast<f32>(" + factors + ".x), bitcast<f32>(" + factors + ".y), bitcast<f32>(" + factors + ".z), bitcast<f32>(" +
            factors + ".w));\n    let next = op_" + std::string(info(n.op).name) + "(Weight(" + w + "[i], " + w + "[i + stride], " + w +
            "[i + 2u * stride]), " + gradient + "[i], " + rate + "[0], u);\n    " + w + "[i] = next.value;\n    " + w +
            "[i + stride] = next.first;\n    " + w + "[i + 2u * stride] = next.second;\n  }\n";
    out.updates.push_back({updates[j], out.numbers.size() + 4});
    out.numbers.insert(out.numbers.end(), {count, 0, std::bit_cast<std::uint32_t>(n.decay), 0, 0, 0, 0, 0});
  }
  out.wgsl = "struct Shape { line: array<vec4<u32>, " + std::to_string(2 * updates.size()) + "> }\n" + bindings.text + std::string(kShape) +
             prelude() +
             "@compute @workgroup_size(256)\nfn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, "
             "@builtin(local_invocation_index) t: u32) {\n  let i = (w.y * n.x + w.x) * 256u + t;\n" +
             body + "}\n";
  out.places = bindings.places;
  out.groups = spread_out(groups_for(most, 256));
  return out;
}

Dispatch gather_kernel(int rows, int cols) {
  Bindings bindings;
  bindings.add({Place::Kind::other, 0, false}, "from_");
  bindings.add({Place::Kind::other, 1, false}, "row", "u32");
  bindings.add({Place::Kind::other, 2, true}, "y");
  Dispatch out;
  out.wgsl = bindings.text + std::string(kShape) + std::string(shader("gather"));
  out.places = bindings.places;
  out.numbers = {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(cols), 0, 0};
  out.groups = spread_out(groups_for(static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(cols), 256));
  return out;
}

Dispatch normal_kernel(std::uint64_t count, Stream stream, std::uint64_t first, bool words) {
  Bindings bindings;
  bindings.add({Place::Kind::other, 0, true}, "y", words ? "u32" : "f32");
  Dispatch out;
  std::string text(shader("normal"));
  replace(text, "OUTPUT", words ? "words[j]" : "four[j]");
  out.wgsl = bindings.text + std::string(kShape) + std::string(shader("math")) + text;
  out.places = bindings.places;
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  const std::uint64_t block = first >> 2, skip = first & 3;
  out.numbers = {low(count), low(skip), low(block), high(block), low(stream.name), high(stream.name), low(stream.seed), high(stream.seed)};
  out.groups = spread_out(groups_for((count + skip + 3) / 4, 64));
  return out;
}

}  // namespace mid::gpu
