#include "mid/nn/program.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mid {

std::span<const OpInfo> op_catalogue() {
  static constexpr OpInfo kOps[] = {
#define MID_OP(name, family, operands, meaning) {#name, OpFamily::family, operands, meaning},
#include "mid/nn/ops.def"
#undef MID_OP
  };
  return kOps;
}

// Recording

Var Program::push(Node node) {
  nodes_.push_back(node);
  return {static_cast<int>(nodes_.size()) - 1};
}

Var Program::unary(Op op, Var a, float scalar) { return push({.op = op, .a = a.id, .scalar = scalar, .rows = rows(a), .cols = cols(a)}); }

Var Program::binary(Op op, Var a, Var b) {
  assert(rows(a) == rows(b) && cols(a) == cols(b));
  return push({.op = op, .a = a.id, .b = b.id, .rows = rows(a), .cols = cols(a)});
}

Var Program::input(int rows, int cols) { return push({.op = Op::input, .rows = rows, .cols = cols}); }

Var Program::parameter(Parameter& p) {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].op == Op::parameter && nodes_[i].parameter == &p) return {static_cast<int>(i)};
  return push({.op = Op::parameter, .rows = static_cast<int>(p.value.rows()), .cols = static_cast<int>(p.value.cols()), .parameter = &p});
}

Var Program::constant(Matrix value) {
  const Node node{.op = Op::constant,
                  .constant = static_cast<int>(constants_.size()),
                  .rows = static_cast<int>(value.rows()),
                  .cols = static_cast<int>(value.cols())};
  constants_.push_back(std::move(value));
  return push(node);
}

Var Program::full(int rows, int cols, float value) { return constant(Matrix::Constant(rows, cols, value)); }

Var Program::matmul(Var a, Var b, bool transpose_a, bool transpose_b) {
  assert((transpose_a ? rows(a) : cols(a)) == (transpose_b ? cols(b) : rows(b)));
  return push({.op = Op::matmul,
               .a = a.id,
               .b = b.id,
               .transpose_a = transpose_a,
               .transpose_b = transpose_b,
               .rows = transpose_a ? cols(a) : rows(a),
               .cols = transpose_b ? rows(b) : cols(b)});
}

Var Program::part_products(Var a, Var b, int parts, bool transpose_a, bool transpose_b) {
  assert(parts >= 1 && rows(a) % parts == 0 && rows(b) % parts == 0);
  const int rows_a = rows(a) / parts, rows_b = rows(b) / parts;
  assert((transpose_a ? rows_a : cols(a)) == (transpose_b ? cols(b) : rows_b));
  return push({.op = Op::part_products,
               .a = a.id,
               .b = b.id,
               .transpose_a = transpose_a,
               .transpose_b = transpose_b,
               .parts = parts,
               .rows = parts * (transpose_a ? cols(a) : rows_a),
               .cols = transpose_b ? rows_b : cols(b)});
}

Var Program::dense(Var x, Var weight, Var bias) {
  assert(cols(x) == rows(weight) && rows(bias) == 1 && cols(bias) == cols(weight));
  return push({.op = Op::dense, .a = x.id, .b = weight.id, .c = bias.id, .rows = rows(x), .cols = cols(weight)});
}

Var Program::add(Var a, Var b) { return binary(Op::add, a, b); }
Var Program::sub(Var a, Var b) { return binary(Op::sub, a, b); }
Var Program::mul(Var a, Var b) { return binary(Op::mul, a, b); }
Var Program::div(Var a, Var b) { return binary(Op::div, a, b); }
Var Program::scale(Var a, float factor) { return unary(Op::scale, a, factor); }
Var Program::shift(Var a, float summand) { return unary(Op::shift, a, summand); }
Var Program::exp(Var a) { return unary(Op::exp, a); }
Var Program::log(Var a) { return unary(Op::log, a); }
Var Program::sqrt(Var a) { return unary(Op::sqrt, a); }
Var Program::softplus(Var a) { return unary(Op::softplus, a); }
Var Program::log_softplus(Var a) { return unary(Op::log_softplus, a); }
Var Program::sigmoid(Var a) { return unary(Op::sigmoid, a); }
Var Program::tanh(Var a) { return unary(Op::tanh, a); }
Var Program::log_softmax(Var a) { return unary(Op::log_softmax, a); }

Var Program::inverse(Var a) {
  assert(rows(a) == cols(a));
  return unary(Op::inverse, a);
}

Var Program::leaky_relu(Var a, float slope) {
  assert(slope >= 0 && slope <= 1);
  return unary(Op::leaky_relu, a, slope);
}

Var Program::step(Var a, float slope) { return unary(Op::step, a, slope); }

Var Program::sum_rows(Var a) { return push({.op = Op::sum_rows, .a = a.id, .rows = 1, .cols = cols(a)}); }
Var Program::sum_cols(Var a) { return push({.op = Op::sum_cols, .a = a.id, .rows = rows(a), .cols = 1}); }

Var Program::spread_rows(Var a, int count) {
  assert(rows(a) == 1);
  return push({.op = Op::spread_rows, .a = a.id, .rows = count, .cols = cols(a)});
}

Var Program::spread_cols(Var a, int count) {
  assert(cols(a) == 1);
  return push({.op = Op::spread_cols, .a = a.id, .rows = rows(a), .cols = count});
}

Var Program::columns(Var a, int from, int count) {
  assert(from >= 0 && count >= 0 && from + count <= cols(a));
  return push({.op = Op::columns, .a = a.id, .from = from, .rows = rows(a), .cols = count});
}

Var Program::pad_columns(Var a, int from, int total) {
  assert(from >= 0 && from + cols(a) <= total);
  return push({.op = Op::pad_columns, .a = a.id, .from = from, .rows = rows(a), .cols = total});
}

Var Program::gather(Var a, std::vector<int> table) { return gather_sum(a, std::move(table), 1); }

Var Program::gather_sum(Var a, std::vector<int> table, int summands) {
  assert(summands >= 1 && table.size() % static_cast<std::size_t>(summands) == 0);
  assert(std::all_of(table.begin(), table.end(), [&](int column) { return column >= -1 && column < cols(a); }));
  const int count = static_cast<int>(table.size()) / summands;
  const auto same = std::find(tables_.begin(), tables_.end(), table);
  const int index = static_cast<int>(same - tables_.begin());
  if (same == tables_.end()) tables_.push_back(std::move(table));
  return push(
      {.op = summands == 1 ? Op::gather : Op::gather_sum, .a = a.id, .table = index, .summands = summands, .rows = rows(a), .cols = count});
}

Var Program::reshape(Var a, int rows_now, int cols_now) {
  assert(std::int64_t{rows(a)} * cols(a) == std::int64_t{rows_now} * cols_now);
  return push({.op = Op::reshape, .a = a.id, .rows = rows_now, .cols = cols_now});
}

void Program::update(Node node, Var parameter, Var gradient, Var rate) {
  assert(nodes_[static_cast<std::size_t>(parameter.id)].op == Op::parameter);
  assert(rows(gradient) == rows(parameter) && cols(gradient) == cols(parameter) && rows(rate) == 1 && cols(rate) == 1);
  node.a = parameter.id, node.b = gradient.id, node.c = rate.id;
  node.parameter = nodes_[static_cast<std::size_t>(parameter.id)].parameter;
  push(node);
}

void Program::adam(Var parameter, Var gradient, Var rate, float weight_decay, AdamBetas betas) {
  update({.op = Op::adam, .decay = weight_decay, .betas = betas}, parameter, gradient, rate);
}

void Program::sgd(Var parameter, Var gradient, Var rate, float momentum, float weight_decay) {
  update({.op = Op::sgd, .scalar = momentum, .decay = weight_decay}, parameter, gradient, rate);
}

void Program::keep(Var v) {
  assert(v.id >= 0 && info(nodes_[static_cast<std::size_t>(v.id)].op).family != OpFamily::update);
  if (kept_.empty() || !is_kept(v)) kept_.push_back(v);
}

bool Program::is_kept(Var v) const {
  return kept_.empty() || std::any_of(kept_.begin(), kept_.end(), [&](Var k) { return k.id == v.id; });
}

// Derivatives

namespace {

/// One node's turn in reverse accumulation: given d result / d y, give each operand its share.
struct Reverse {
  Program& p;
  Node node;  // a copy: the list of nodes grows meanwhile
  Var y, g;   // the node and its gradient
  const std::vector<char>& wanted;
  std::vector<Var>& gradients;

  Var a() const { return {node.a}; }
  Var b() const { return {node.b}; }
  Var c() const { return {node.c}; }
  bool wants(Var v) const { return wanted[static_cast<std::size_t>(v.id)] != 0; }
  void give(Var v, Var share) {
    if (!wants(v)) return;
    Var& sum = gradients[static_cast<std::size_t>(v.id)];
    sum = sum.id < 0 ? share : p.add(sum, share);
  }
};

/// One function an operation, named as in ops.def.
namespace derivative {

void input(Reverse&) {}
void parameter(Reverse&) {}
void constant(Reverse&) {}

void matmul(Reverse& r) {
  const bool ta = r.node.transpose_a, tb = r.node.transpose_b;
  if (r.wants(r.a())) r.give(r.a(), ta ? r.p.matmul(r.b(), r.g, tb, true) : r.p.matmul(r.g, r.b(), false, !tb));
  if (r.wants(r.b())) r.give(r.b(), tb ? r.p.matmul(r.g, r.a(), true, ta) : r.p.matmul(r.a(), r.g, !ta, false));
}
void part_products(Reverse& r) {
  const bool ta = r.node.transpose_a, tb = r.node.transpose_b;
  const int n = r.node.parts;
  if (r.wants(r.a())) r.give(r.a(), ta ? r.p.part_products(r.b(), r.g, n, tb, true) : r.p.part_products(r.g, r.b(), n, false, !tb));
  if (r.wants(r.b())) r.give(r.b(), tb ? r.p.part_products(r.g, r.a(), n, true, ta) : r.p.part_products(r.a(), r.g, n, !ta, false));
}
void dense(Reverse& r) {
  if (r.wants(r.a())) r.give(r.a(), r.p.matmul(r.g, r.b(), false, true));
  if (r.wants(r.b())) r.give(r.b(), r.p.matmul(r.a(), r.g, true, false));
  if (r.wants(r.c())) r.give(r.c(), r.p.sum_rows(r.g));
}
void add(Reverse& r) {
  r.give(r.a(), r.g);
  r.give(r.b(), r.g);
}
void sub(Reverse& r) {
  r.give(r.a(), r.g);
  if (r.wants(r.b())) r.give(r.b(), r.p.scale(r.g, -1));
}
void mul(Reverse& r) {
  if (r.wants(r.a())) r.give(r.a(), r.p.mul(r.g, r.b()));
  if (r.wants(r.b())) r.give(r.b(), r.p.mul(r.g, r.a()));
}
void div(Reverse& r) {
  const Var share = r.p.div(r.g, r.b());
  r.give(r.a(), share);
  if (r.wants(r.b())) r.give(r.b(), r.p.scale(r.p.mul(share, r.y), -1));
}
void scale(Reverse& r) { r.give(r.a(), r.p.scale(r.g, r.node.scalar)); }
void shift(Reverse& r) { r.give(r.a(), r.g); }
void exp(Reverse& r) { r.give(r.a(), r.p.mul(r.g, r.y)); }
void log(Reverse& r) { r.give(r.a(), r.p.div(r.g, r.a())); }
void sqrt(Reverse& r) { r.give(r.a(), r.p.scale(r.p.div(r.g, r.y), .5f)); }
void softplus(Reverse& r) { r.give(r.a(), r.p.mul(r.g, r.p.sigmoid(r.a()))); }
void log_softplus(Reverse& r) {
  // sigmoid(a) / softplus(a) by its logarithm, a - softplus(a) - ln softplus(a): far below 0 the quotient would be 0 / 0.
  const Var log_quotient = r.p.sub(r.p.sub(r.a(), r.p.softplus(r.a())), r.y);
  r.give(r.a(), r.p.mul(r.g, r.p.exp(log_quotient)));
}
void sigmoid(Reverse& r) { r.give(r.a(), r.p.mul(r.g, r.p.sub(r.y, r.p.mul(r.y, r.y)))); }
void tanh(Reverse& r) { r.give(r.a(), r.p.mul(r.g, r.p.shift(r.p.scale(r.p.mul(r.y, r.y), -1), 1))); }
void leaky_relu(Reverse& r) { r.give(r.a(), r.p.mul(r.g, r.p.step(r.a(), r.node.scalar))); }
void step(Reverse&) {}  // zero almost everywhere
void sum_rows(Reverse& r) { r.give(r.a(), r.p.spread_rows(r.g, r.p.rows(r.a()))); }
void sum_cols(Reverse& r) { r.give(r.a(), r.p.spread_cols(r.g, r.p.cols(r.a()))); }
void spread_rows(Reverse& r) { r.give(r.a(), r.p.sum_rows(r.g)); }
void spread_cols(Reverse& r) { r.give(r.a(), r.p.sum_cols(r.g)); }
void columns(Reverse& r) { r.give(r.a(), r.p.pad_columns(r.g, r.node.from, r.p.cols(r.a()))); }
void pad_columns(Reverse& r) { r.give(r.a(), r.p.columns(r.g, r.node.from, r.p.cols(r.a()))); }
/// Each column of a gets the sum of what went out of it: the table turned round, its entries in order, filled up with -1.
void gather_sum(Reverse& r) {
  if (!r.wants(r.a())) return;
  const std::vector<int>& table = r.p.tables()[static_cast<std::size_t>(r.node.table)];
  const auto columns = static_cast<std::size_t>(r.p.cols(r.a()));
  std::vector<int> uses(columns, 0);
  for (int column : table)
    if (column >= 0) ++uses[static_cast<std::size_t>(column)];
  const int most = uses.empty() ? 1 : std::max(1, *std::max_element(uses.begin(), uses.end()));
  std::vector<int> turned(columns * static_cast<std::size_t>(most), -1);
  std::fill(uses.begin(), uses.end(), 0);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] < 0) continue;
    const auto column = static_cast<std::size_t>(table[i]);
    turned[column * static_cast<std::size_t>(most) + static_cast<std::size_t>(uses[column]++)] = static_cast<int>(i) / r.node.summands;
  }
  r.give(r.a(), r.p.gather_sum(r.g, std::move(turned), most));
}
void gather(Reverse& r) { gather_sum(r); }
void reshape(Reverse& r) { r.give(r.a(), r.p.reshape(r.g, r.p.rows(r.a()), r.p.cols(r.a()))); }
void log_softmax(Reverse& r) {
  const Var total = r.p.spread_cols(r.p.sum_cols(r.g), r.node.cols);
  r.give(r.a(), r.p.sub(r.g, r.p.mul(r.p.exp(r.y), total)));
}
void inverse(Reverse& r) { r.give(r.a(), r.p.scale(r.p.matmul(r.p.matmul(r.y, r.g, true), r.y, false, true), -1)); }
void adam(Reverse&) {}
void sgd(Reverse&) {}

}  // namespace derivative

void derive(Reverse& r) {
  switch (r.node.op) {
#define MID_OP(name, ...) \
  case Op::name: derivative::name(r); break;
#include "mid/nn/ops.def"
#undef MID_OP
  }
}

}  // namespace

std::vector<Var> Program::gradient(Var scalar, std::span<const Var> of) {
  assert(rows(scalar) == 1 && cols(scalar) == 1);
  const auto count = static_cast<std::size_t>(scalar.id) + 1;
  std::vector<char> wanted(count, 0);  // does the node depend on one of `of`?
  for (Var v : of)
    if (v.id <= scalar.id) wanted[static_cast<std::size_t>(v.id)] = 1;
  for (std::size_t i = 0; i < count; ++i)
    for (int operand : {nodes_[i].a, nodes_[i].b, nodes_[i].c})
      if (operand >= 0 && wanted[static_cast<std::size_t>(operand)]) wanted[i] = 1;

  std::vector<Var> gradients(count);
  gradients.back() = full(1, 1, 1);
  for (std::size_t i = count; i-- > 0;) {
    if (gradients[i].id < 0 || !wanted[i]) continue;
    Reverse turn{*this, nodes_[i], {static_cast<int>(i)}, gradients[i], wanted, gradients};
    derive(turn);
  }
  std::vector<Var> out;
  for (Var v : of) {
    const bool reached = v.id <= scalar.id && gradients[static_cast<std::size_t>(v.id)].id >= 0;
    out.push_back(reached ? gradients[static_cast<std::size_t>(v.id)] : full(rows(v), cols(v), 0));
  }
  return out;
}

double operations_of(const Program& program, const Node& n) {
  const double size = static_cast<double>(n.rows) * n.cols;
  switch (info(n.op).family) {
    case OpFamily::product: {
      const Node& a = program.nodes()[static_cast<std::size_t>(n.a)];
      return 2 * size * (n.transpose_a ? a.rows : a.cols);
    }
    case OpFamily::parts: {
      const Node& a = program.nodes()[static_cast<std::size_t>(n.a)];
      return 2 * size * (n.transpose_a ? a.rows / n.parts : a.cols);
    }
    case OpFamily::reduce: {
      const Node& a = program.nodes()[static_cast<std::size_t>(n.a)];
      return 5. * a.rows * a.cols;
    }
    case OpFamily::table: return 2 * size * (1 + n.summands);
    case OpFamily::whole: return 4 * size * n.rows;
    case OpFamily::update: return 20. * static_cast<double>(n.parameter->value.size());
    default: return 5 * size;
  }
}

}  // namespace mid
