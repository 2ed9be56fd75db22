#include <algorithm>
#include <cmath>

#include "mid/base/param.hpp"
#include "mid/model/file/onnx_translator.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

using Sides = OnnxTranslator::Sides;

constexpr std::int64_t kMostFolded = 1 << 24;

/// The number of each place of an array of `sides` when it is walked through with the given sides (which multiply to the same, or
/// repeat a side of 1), row by row.
std::vector<std::int64_t> strides_of(const Sides& sides) {
  std::vector<std::int64_t> out(sides.size(), 1);
  for (std::size_t d = sides.size(); d-- > 1;) out[d - 1] = out[d] * sides[d];
  return out;
}

/// Calls f(place in the result, coordinates) for every place, row by row.
template <class F>
void each_place(const Sides& sides, F f) {
  std::vector<std::int64_t> at(sides.size(), 0);
  const std::int64_t n = size_of_sides(sides);
  for (std::int64_t i = 0; i < n; ++i) {
    f(i, at);
    for (std::size_t d = sides.size(); d-- > 0;) {
      if (++at[d] < sides[d]) break;
      at[d] = 0;
    }
  }
}

std::int64_t place(const std::vector<std::int64_t>& at, const std::vector<std::int64_t>& strides) {
  std::int64_t p = 0;
  for (std::size_t d = 0; d < at.size(); ++d) p += at[d] * strides[d];
  return p;
}

bool is_axis(std::int64_t& axis, std::int64_t rank) {
  if (axis < 0) axis += rank;
  return axis >= 0 && axis < rank;
}

}  // namespace

void OnnxTranslator::constant_node(const OnnxNode& node) {
  OnnxTensor t;
  if (node.has("value")) {
    const auto& tensors = node.attributes.at("value").tensors;
    if (tensors.empty()) fail_attribute(node, "value", "-", "value, value_float(s), value_int(s)");
    t = tensors[0];
  } else if (node.has("value_float")) {
    t.numbers = {node.number("value_float", 0)};
  } else if (node.has("value_floats")) {
    t.numbers = node.numbers("value_floats"), t.shape = {static_cast<std::int64_t>(t.numbers.size())};
  } else if (node.has("value_int")) {
    t.numbers = {static_cast<double>(node.whole("value_int", 0))}, t.whole = true;
  } else if (node.has("value_ints")) {
    for (const std::int64_t v : node.wholes("value_ints")) t.numbers.push_back(static_cast<double>(v));
    t.shape = {static_cast<std::int64_t>(t.numbers.size())}, t.whole = true;
  } else {
    fail_attribute(node, "value", "-", "value, value_float(s), value_int(s)");
  }
  give(node, {std::move(t), 0, {}, {}});
}

void OnnxTranslator::constant_of_shape(const OnnxNode& node) {
  const OnnxTensor& sides = constant(node, 0);
  OnnxTensor t;
  double filling = 0;
  if (node.has("value"))
    for (const OnnxTensor& v : node.attributes.at("value").tensors)
      if (v.numbers.size() == 1) filling = v.numbers[0], t.whole = v.whole;
  for (const double side : sides.numbers) {
    if (!(side >= 0 && side <= static_cast<double>(kMostFolded)) || sides.numbers.size() > 8)
      fail(node, Message("refusal.onnx_too_large").with("found", shown(side)));
    t.shape.push_back(static_cast<std::int64_t>(side));
  }
  if (size_of_sides(t.shape) > kMostFolded)
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(size_of_sides(t.shape))));
  t.numbers.assign(static_cast<std::size_t>(size_of_sides(t.shape)), filling);
  give(node, {std::move(t), 0, {}, {}});
}

void OnnxTranslator::shape(const OnnxNode& node) {
  const Value& x = value(node, 0);
  Sides all = x.constant ? x.constant->shape : Sides{batch_};
  if (!x.constant) all.insert(all.end(), x.sides.begin(), x.sides.end());
  const auto rank = static_cast<std::int64_t>(all.size());
  const auto bound = [&](const char* name, std::int64_t otherwise) {
    std::int64_t at = node.whole(name, otherwise);
    if (at < 0) at += rank;
    return std::clamp<std::int64_t>(at, 0, rank);
  };
  const std::int64_t from = bound("start", 0), to = std::max(from, bound("end", rank));
  OnnxTensor t;
  t.whole = true, t.shape = {to - from};
  for (std::int64_t d = from; d < to; ++d) t.numbers.push_back(static_cast<double>(all[static_cast<std::size_t>(d)]));
  give(node, {std::move(t), 0, {}, {}});
}

void OnnxTranslator::identity(const OnnxNode& node) {
  if (given(node, 2) && node.op == "Dropout")
    for (const double v : constant(node, 2).numbers)
      if (v != 0) fail_attribute(node, "training_mode", "1", "0");
  give(node, value(node, 0));
}

void OnnxTranslator::cast(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const std::int64_t to = node.whole("to", 0);
  const bool number = to == 1 || to == 10 || to == 11 || to == 16;
  if (!x.constant) {
    if (!number) fail_attribute(node, "to", std::to_string(to), "1 (FLOAT), 11 (DOUBLE)");
    return give(node, x);
  }
  Value out = x;
  out.constant->whole = !number;
  if (!number)
    for (double& v : out.constant->numbers) v = to == 9 ? (v != 0 ? 1 : 0) : std::trunc(v);
  give(node, std::move(out));
}

void OnnxTranslator::reshape(const OnnxNode& node) {
  const Value& x = value(node, 0);
  Sides wanted = wholes(node, 1, "shape");
  const Sides had = [&] {
    if (x.constant) return x.constant->shape;
    Sides all{batch_};
    all.insert(all.end(), x.sides.begin(), x.sides.end());
    return all;
  }();
  const std::int64_t n = x.constant ? size_of_sides(had) : batch_ * size_of_sides(x.sides);
  std::int64_t rest = 1;
  int open = -1;
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    if (wanted[d] == 0 && node.whole("allowzero", 0) == 0 && d < had.size()) wanted[d] = had[d];
    if (wanted[d] == -1 && open < 0) {
      open = static_cast<int>(d);
    } else {
      if (wanted[d] < 1 || rest > (std::int64_t{1} << 50) / wanted[d])
        fail(node, Message("refusal.onnx_reshape").with("found", shown_shape(wanted)));
      rest *= wanted[d];
    }
  }
  if (open >= 0) {
    if (rest == 0 || n % rest != 0) fail(node, Message("refusal.onnx_reshape").with("found", shown_shape(wanted)));
    wanted[static_cast<std::size_t>(open)] = n / rest, rest = n;
  }
  if (rest != n) fail(node, Message("refusal.onnx_reshape").with("found", shown_shape(wanted)));
  Value out = x;
  if (x.constant) {
    out.constant->shape = wanted;
    return give(node, std::move(out));
  }
  if (wanted.empty() || wanted[0] != batch_) fail(node, Message("refusal.onnx_batch"));
  out.sides.assign(wanted.begin() + 1, wanted.end());
  give(node, std::move(out));
}

void OnnxTranslator::flatten(const OnnxNode& node) {
  const Value& x = value(node, 0);
  std::int64_t axis = node.whole("axis", 1);
  if (x.constant) {
    const auto rank = static_cast<std::int64_t>(x.constant->shape.size());
    if (axis < 0) axis += rank;
    if (axis < 0 || axis > rank) fail_attribute(node, "axis", std::to_string(axis), "1");
    Value out = x;
    const Sides& s = x.constant->shape;
    out.constant->shape = {size_of_sides(Sides(s.begin(), s.begin() + axis)), size_of_sides(Sides(s.begin() + axis, s.end()))};
    return give(node, std::move(out));
  }
  if (axis < 0) axis += static_cast<std::int64_t>(x.sides.size()) + 1;
  if (axis != 1) fail_attribute(node, "axis", std::to_string(axis), "1");
  Value out = x;
  out.sides = {size_of_sides(x.sides)};
  give(node, std::move(out));
}

void OnnxTranslator::squeeze(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const Sides axes = wholes(node, 1, "axes");
  Sides all = x.constant ? x.constant->shape : Sides{0};
  if (!x.constant) all.insert(all.end(), x.sides.begin(), x.sides.end());
  std::vector<bool> gone(all.size(), false);
  for (std::int64_t axis : axes) {
    if (!is_axis(axis, static_cast<std::int64_t>(all.size())) || all[static_cast<std::size_t>(axis)] != 1)
      fail_attribute(node, "axes", shown_shape(axes), "[1]");
    gone[static_cast<std::size_t>(axis)] = true;
  }
  if (axes.empty())
    for (std::size_t d = 0; d < all.size(); ++d) gone[d] = all[d] == 1;
  Sides left;
  for (std::size_t d = 0; d < all.size(); ++d)
    if (!gone[d]) left.push_back(all[d]);
  Value out = x;
  if (x.constant)
    out.constant->shape = left;
  else
    out.sides.assign(left.begin() + 1, left.end());
  give(node, std::move(out));
}

void OnnxTranslator::unsqueeze(const OnnxNode& node) {
  const Value& x = value(node, 0);
  Sides axes = wholes(node, 1, "axes");
  Sides all = x.constant ? x.constant->shape : Sides{0};
  if (!x.constant) all.insert(all.end(), x.sides.begin(), x.sides.end());
  const auto rank = static_cast<std::int64_t>(all.size() + axes.size());
  if (rank > 8) fail_attribute(node, "axes", std::to_string(axes.size()), "1");
  for (std::int64_t& axis : axes)
    if (!is_axis(axis, rank)) fail_attribute(node, "axes", std::to_string(axis), "0 - " + std::to_string(rank - 1));
  std::sort(axes.begin(), axes.end());
  for (const std::int64_t axis : axes) {
    if (axis > static_cast<std::int64_t>(all.size())) fail_attribute(node, "axes", std::to_string(axis), "1");
    if (axis == 0 && !x.constant) fail(node, Message("refusal.onnx_batch"));
    all.insert(all.begin() + axis, 1);
  }
  Value out = x;
  if (x.constant)
    out.constant->shape = all;
  else
    out.sides.assign(all.begin() + 1, all.end());
  give(node, std::move(out));
}

void OnnxTranslator::transpose(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const Sides had = x.constant ? x.constant->shape : x.sides;
  Sides perm = node.wholes("perm");
  const std::size_t rank = had.size() + (x.constant ? 0 : 1);
  if (perm.empty())
    for (std::size_t d = rank; d-- > 0;) perm.push_back(static_cast<std::int64_t>(d));
  Sides sorted = perm;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t d = 0; d < sorted.size(); ++d)
    if (sorted[d] != static_cast<std::int64_t>(d) || perm.size() != rank)
      fail_attribute(node, "perm", shown_shape(perm), std::to_string(rank));
  if (!x.constant) {
    if (perm[0] != 0) fail(node, Message("refusal.onnx_batch"));
    perm.erase(perm.begin());
    for (std::int64_t& p : perm) --p;
  }
  const std::vector<std::int64_t> strides = strides_of(had);
  Sides sides;
  std::vector<std::int64_t> moved;
  for (const std::int64_t p : perm)
    sides.push_back(had[static_cast<std::size_t>(p)]), moved.push_back(strides[static_cast<std::size_t>(p)]);
  Value out = x;
  if (x.constant) {
    out.constant->shape = sides;
    each_place(sides, [&](std::int64_t i, const auto& at) {
      out.constant->numbers[static_cast<std::size_t>(i)] = x.constant->numbers[static_cast<std::size_t>(place(at, moved))];
    });
    return give(node, std::move(out));
  }
  out.sides = sides, out.order.assign(static_cast<std::size_t>(size_of_sides(sides)), 0);
  each_place(sides, [&](std::int64_t i, const auto& at) {
    const auto from = static_cast<std::size_t>(place(at, moved));
    out.order[static_cast<std::size_t>(i)] = x.order.empty() ? static_cast<int>(from) : x.order[from];
  });
  give(node, std::move(out));
}

void OnnxTranslator::gather(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const OnnxTensor& index = constant(node, 1);
  const Sides had = x.constant ? x.constant->shape : x.sides;
  const std::int64_t skipped = x.constant ? 0 : 1;
  std::int64_t axis = node.whole("axis", 0);
  if (!is_axis(axis, static_cast<std::int64_t>(had.size()) + skipped) || (axis -= skipped) < 0)
    fail_attribute(node, "axis", std::to_string(axis), "1");
  const auto d = static_cast<std::size_t>(axis);
  Sides sides(had.begin(), had.begin() + axis);
  sides.insert(sides.end(), index.shape.begin(), index.shape.end());
  sides.insert(sides.end(), had.begin() + axis + 1, had.end());
  if (sides.size() > 8 || size_of_sides(sides) > kMostFolded)
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(size_of_sides(sides))));
  const std::vector<std::int64_t> strides = strides_of(had), of_index = strides_of(index.shape);
  std::vector<int> from;
  each_place(sides, [&](std::int64_t, const auto& at) {
    std::int64_t which = 0, p = 0;
    for (std::size_t k = 0; k < index.shape.size(); ++k) which += at[d + k] * of_index[k];
    double wanted = index.numbers[static_cast<std::size_t>(which)];
    if (wanted < 0) wanted += static_cast<double>(had[d]);
    if (!(wanted >= 0 && wanted < static_cast<double>(had[d])))
      fail_attribute(node, "indices", shown(wanted), "0 - " + std::to_string(had[d] - 1));
    for (std::size_t k = 0; k < d; ++k) p += at[k] * strides[k];
    p += static_cast<std::int64_t>(wanted) * strides[d];
    for (std::size_t k = d + 1; k < had.size(); ++k) p += at[k - 1 + index.shape.size()] * strides[k];
    from.push_back(static_cast<int>(p));
  });
  if (!x.constant) {
    const int at = picked(node, x, from);
    return give(node, {{}, at, sides, {}});
  }
  OnnxTensor t;
  t.whole = x.constant->whole, t.shape = sides;
  for (const int p : from) t.numbers.push_back(x.constant->numbers[static_cast<std::size_t>(p)]);
  give(node, {std::move(t), 0, {}, {}});
}

void OnnxTranslator::slice(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const Sides had = x.constant ? x.constant->shape : x.sides;
  const std::int64_t skipped = x.constant ? 0 : 1;
  const Sides starts = wholes(node, 1, "starts"), ends = wholes(node, 2, "ends");
  Sides axes = wholes(node, 3, "axes"), steps = wholes(node, 4, "-");
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    fail_attribute(node, "starts", shown_shape(starts), std::to_string(axes.size()));
  Sides from(had.size(), 0), sides = had, by(had.size(), 1);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    std::int64_t axis = axes[i];
    if (!is_axis(axis, static_cast<std::int64_t>(had.size()) + skipped)) fail_attribute(node, "axes", std::to_string(axis), "0");
    if (steps[i] == 0) fail_attribute(node, "steps", "0", "1");
    if (axis < skipped) {
      if (starts[i] != 0 || ends[i] < batch_ || steps[i] != 1) fail(node, Message("refusal.onnx_batch"));
      continue;
    }
    const auto d = static_cast<std::size_t>(axis - skipped);
    const auto bound = [&](std::int64_t at, std::int64_t low, std::int64_t high) {
      return std::clamp<std::int64_t>(at < 0 ? at + had[d] : at, low, std::max(low, high));
    };
    const bool back = steps[i] < 0;
    const std::int64_t by_size = std::min<std::int64_t>(back ? -std::max<std::int64_t>(steps[i], -kMostFolded) : steps[i], kMostFolded);
    from[d] = back ? bound(starts[i], 0, had[d] - 1) : bound(starts[i], 0, had[d]);
    const std::int64_t end = back ? bound(ends[i], -1, had[d] - 1) : bound(ends[i], 0, had[d]);
    by[d] = back ? -by_size : by_size;
    sides[d] = had[d] == 0 ? 0 : std::max<std::int64_t>(0, ((back ? from[d] - end : end - from[d]) + by_size - 1) / by_size);
  }
  const std::vector<std::int64_t> strides = strides_of(had);
  std::vector<int> picks;
  each_place(sides, [&](std::int64_t, const auto& at) {
    std::int64_t p = 0;
    for (std::size_t d = 0; d < at.size(); ++d) p += (from[d] + at[d] * by[d]) * strides[d];
    picks.push_back(static_cast<int>(p));
  });
  if (!x.constant) {
    const int at = picked(node, x, picks);
    return give(node, {{}, at, sides, {}});
  }
  OnnxTensor t;
  t.whole = x.constant->whole, t.shape = sides;
  for (const int p : picks) t.numbers.push_back(x.constant->numbers[static_cast<std::size_t>(p)]);
  give(node, {std::move(t), 0, {}, {}});
}

void OnnxTranslator::concat(const OnnxNode& node) {
  std::vector<const Value*> parts;
  bool constants = true;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) parts.push_back(&value(node, i)), constants = constants && parts.back()->constant;
  if (parts.empty() || parts.size() > 1000) fail(node, Message("refusal.onnx_value").with("value", "0"));
  const std::int64_t skipped = constants ? 0 : 1;
  std::int64_t axis = node.whole("axis", 1), along = 0;
  std::vector<Sides> all;
  for (const Value* v : parts) {
    if (!constants && v->constant) fail(node, Message("refusal.onnx_batch"));
    all.push_back(constants ? v->constant->shape : v->sides);
  }
  if (!is_axis(axis, static_cast<std::int64_t>(all[0].size()) + skipped) || (axis -= skipped) < 0)
    fail(node, Message("refusal.onnx_batch"));
  const auto d = static_cast<std::size_t>(axis);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Sides same = all[i];
    if (same.size() == all[0].size()) along += same[d], same[d] = all[0][d];
    if (same != all[0]) fail_sides(node, *parts[i], shown_shape(all[0]));
  }
  Sides sides = all[0];
  sides[d] = along;
  if (size_of_sides(sides) > kMostFolded) fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(size_of_sides(sides))));
  OnnxTensor t;
  t.shape = sides, t.whole = constants && parts[0]->constant->whole;
  t.numbers.resize(constants ? static_cast<std::size_t>(size_of_sides(sides)) : 0);
  int sum = -1;
  std::int64_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::vector<std::int64_t> strides = strides_of(all[i]);
    std::vector<int> picks(static_cast<std::size_t>(size_of_sides(sides)), -1);
    each_place(sides, [&](std::int64_t to, const auto& at) {
      if (at[d] < first || at[d] >= first + all[i][d]) return;
      auto moved = at;
      moved[d] -= first;
      picks[static_cast<std::size_t>(to)] = static_cast<int>(place(moved, strides));
      if (constants)
        t.numbers[static_cast<std::size_t>(to)] =
            parts[i]->constant->numbers[static_cast<std::size_t>(picks[static_cast<std::size_t>(to)])];
    });
    first += all[i][d];
    if (constants) continue;
    const int part = picked(node, *parts[i], picks);
    sum = sum < 0 ? part : step(node, {.kind = LayerGraph::Kind::add, .a = sum, .b = part}, static_cast<std::int64_t>(picks.size()));
  }
  if (constants)
    give(node, {std::move(t), 0, {}, {}});
  else
    give(node, {{}, sum, sides, {}});
}

void OnnxTranslator::pad(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (const std::string mode = node.text("mode", "constant"); mode != "constant") fail_attribute(node, "mode", mode, "constant");
  double with = node.number("value", 0);
  if (given(node, 2))
    for (const double v : constant(node, 2).numbers) with = v;
  if (with != 0) fail_attribute(node, "constant_value", shown(with), "0");
  const Sides pads = wholes(node, 1, "pads");
  const std::size_t rank = x.sides.size() + 1;
  if (x.constant || given(node, 3) || pads.size() != 2 * rank) fail_attribute(node, "pads", shown_shape(pads), std::to_string(2 * rank));
  if (pads[0] != 0 || pads[rank] != 0) fail(node, Message("refusal.onnx_batch"));
  Sides sides = x.sides;
  for (std::size_t d = 0; d < sides.size(); ++d) {
    for (const std::int64_t p : {pads[d + 1], pads[rank + d + 1]})
      if (p < 0 || p > 4096) fail_attribute(node, "pads", shown_shape(pads), "0 - 4096");
    sides[d] += pads[d + 1] + pads[rank + d + 1];
  }
  if (size_of_sides(sides) > kMostFolded) fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(size_of_sides(sides))));
  const std::vector<std::int64_t> strides = strides_of(x.sides);
  std::vector<int> picks;
  each_place(sides, [&](std::int64_t, const auto& at) {
    std::int64_t p = 0;
    for (std::size_t d = 0; d < at.size(); ++d) {
      const std::int64_t c = at[d] - pads[d + 1];
      p = p < 0 || c < 0 || c >= x.sides[d] ? -1 : p + c * strides[d];
    }
    picks.push_back(static_cast<int>(p));
  });
  const int at = picked(node, x, picks);
  give(node, {{}, at, sides, {}});
}

OnnxTensor OnnxTranslator::computed(const OnnxNode& node, const OnnxTensor& a, const OnnxTensor& b) const {
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  const auto filled = [&](const OnnxTensor& t) {
    Sides s(rank - t.shape.size(), 1);
    s.insert(s.end(), t.shape.begin(), t.shape.end());
    return s;
  };
  const Sides sa = filled(a), sb = filled(b);
  OnnxTensor out;
  out.whole = a.whole && b.whole;
  for (std::size_t d = 0; d < rank; ++d) {
    if (sa[d] != sb[d] && sa[d] != 1 && sb[d] != 1)
      fail(node, Message("refusal.onnx_sides").with("found", shown_shape(b.shape)).with("allowed", shown_shape(a.shape)));
    out.shape.push_back(sa[d] == 1 ? sb[d] : sa[d]);
  }
  if (size_of_sides(out.shape) > kMostFolded)
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(size_of_sides(out.shape))));
  const std::vector<std::int64_t> ta = strides_of(sa), tb = strides_of(sb);
  each_place(out.shape, [&](std::int64_t, const auto& at) {
    std::int64_t pa = 0, pb = 0;
    for (std::size_t d = 0; d < rank; ++d) pa += sa[d] == 1 ? 0 : at[d] * ta[d], pb += sb[d] == 1 ? 0 : at[d] * tb[d];
    const double x = a.numbers[static_cast<std::size_t>(pa)], y = b.numbers[static_cast<std::size_t>(pb)];
    const double v = node.op == "Add"      ? x + y
                     : node.op == "Sub"    ? x - y
                     : node.op == "Mul"    ? x * y
                     : node.op == "Pow"    ? std::pow(x, y)
                     : node.op == "Max"    ? std::max(x, y)
                     : node.op == "Min"    ? std::min(x, y)
                     : out.whole && y == 0 ? 0
                                           : x / y;
    out.numbers.push_back(out.whole ? std::trunc(v) : v);
  });
  return out;
}

}  // namespace mid
