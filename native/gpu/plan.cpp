#include "plan.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "mid/base/error.hpp"

namespace mid::gpu {
namespace {

enum class Kind : std::uint8_t { source, number, sum, product, table, parts, row, whole, update };

Kind kind_of(Op op) {
  switch (info(op).family) {
    case OpFamily::source: return Kind::source;
    case OpFamily::element:
    case OpFamily::spread:
    case OpFamily::slice:
    case OpFamily::shape: return Kind::number;
    case OpFamily::reduce: return Kind::sum;
    case OpFamily::product: return Kind::product;
    case OpFamily::table: return Kind::table;
    case OpFamily::parts: return Kind::parts;
    case OpFamily::row: return Kind::row;
    case OpFamily::whole: return Kind::whole;
    case OpFamily::update: return Kind::update;
  }
  return Kind::source;
}

class Planner {
 public:
  Planner(const Program& program, std::size_t most_buffers)
      : p_(program), most_buffers_(most_buffers), count_(static_cast<int>(program.nodes().size())) {
    find_needed();
    done_.assign(p_.nodes().size(), 0);
    in_chain_.assign(p_.nodes().size(), 0);
    for (int i = 0; i < count_; ++i)
      if (kind(i) == Kind::source) done(i) = 1;
  }

  Plan make() {
    for (bool more = true; more;) {
      more = false;
      for (int i = 0; i < count_; ++i)
        if (waiting(i) && ready(i) && kind(i) != Kind::number && kind(i) != Kind::update) emit(i), more = true;
      // Only now, when nothing else can go on: the longer numbers wait, the more of them go into one kernel.
      for (int i = 0; i < count_ && !more; ++i)
        if (waiting(i) && ready(i) && kind(i) == Kind::number) emit_chain(i), more = true;
    }
    emit_updates();
    find_buffers();
    return std::move(out_);
  }

 private:
  const Node& node(int i) const { return p_.nodes()[static_cast<std::size_t>(i)]; }
  Kind kind(int i) const { return kind_of(node(i).op); }
  char& done(int i) { return done_[static_cast<std::size_t>(i)]; }
  bool waiting(int i) { return needed_[static_cast<std::size_t>(i)] && !done(i); }
  std::vector<int> operands(int i) const {
    std::vector<int> all;
    for (int o : {node(i).a, node(i).b, node(i).c})
      if (o >= 0) all.push_back(o);
    return all;
  }
  bool ready(int i) {
    for (int o : operands(i))
      if (!done(o)) return false;
    return true;
  }

  void find_needed() {
    needed_.assign(p_.nodes().size(), p_.kept().empty());
    users_.resize(p_.nodes().size());
    for (Var v : p_.kept()) needed_[static_cast<std::size_t>(v.id)] = 1;
    for (int i = count_; i-- > 0;) {
      if (kind(i) == Kind::update) needed_[static_cast<std::size_t>(i)] = 1;
      if (!needed_[static_cast<std::size_t>(i)]) continue;
      if (kind(i) != Kind::update && (node(i).rows == 0 || node(i).cols == 0))
        throw Failure("a matrix of " + std::to_string(node(i).rows) + " x " + std::to_string(node(i).cols) +
                      " numbers cannot be computed on the GPU; choose the device cpu");
      for (int o : operands(i)) {
        needed_[static_cast<std::size_t>(o)] = 1;
        users_[static_cast<std::size_t>(o)].push_back(i);
      }
    }
  }

  void add(Dispatch dispatch) { out_.dispatches.push_back(std::move(dispatch)); }

  void emit(int i) {
    if (kind(i) == Kind::product)
      add(product_kernel(p_, i));
    else if (kind(i) == Kind::table)
      add(table_kernel(p_, i));
    else if (kind(i) == Kind::parts)
      add(part_products_kernel(p_, i));
    else if (kind(i) == Kind::row)
      add(log_softmax_kernel(p_, i));
    else if (kind(i) == Kind::whole)
      add(inverse_kernel(p_, i));
    else
      emit_sums(i);
    done(i) = 1;
  }

  /// A sum whose numbers lie in memory already.
  void emit_sums(int i) {
    Chain chain;
    const Node& a = node(node(i).a);
    chain.rows = a.rows, chain.cols = a.cols, chain.sums = {i};
    add(chain_kernel(p_, chain));
  }

  /// All that can be computed of the shape of `first`, as far as the buffers of one kernel reach.
  void emit_chain(int first) {
    Chain chain;
    chain.rows = node(first).rows, chain.cols = node(first).cols;
    for (int i = first; i < count_; ++i) {
      if (!waiting(i) || kind(i) != Kind::number || node(i).rows != chain.rows || node(i).cols != chain.cols) continue;
      bool can = true;
      for (int o : operands(i)) can = can && (done(o) || in_chain_[static_cast<std::size_t>(o)]);
      if (!can) continue;
      Chain longer = chain;
      longer.members.push_back(i);
      in_chain_[static_cast<std::size_t>(i)] = 1;
      complete(longer);
      if (chain.members.empty() || buffers_of(p_, longer) <= most_buffers_)
        chain = std::move(longer);
      else
        in_chain_[static_cast<std::size_t>(i)] = 0;
    }
    assert(buffers_of(p_, chain) <= most_buffers_);
    add(chain_kernel(p_, chain));
    for (int i : chain.members) done(i) = 1, in_chain_[static_cast<std::size_t>(i)] = 0;
    for (int i : chain.sums) done(i) = 1;
  }

  /// Chooses the sums that go along with a chain's members, and which members somebody else needs.
  void complete(Chain& chain) {
    std::vector<int> by_rows, by_cols;
    for (int i : chain.members)
      for (int user : users_[static_cast<std::size_t>(i)])
        if (kind(user) == Kind::sum) (node(user).op == Op::sum_rows ? by_rows : by_cols).push_back(user);
    chain.sums = by_rows.size() > by_cols.size() ? by_rows : by_cols;
    chain.stored.clear();
    for (int i : chain.members) {
      bool outside = p_.is_kept({i});
      for (int user : users_[static_cast<std::size_t>(i)])
        outside = outside ||
                  !(in_chain_[static_cast<std::size_t>(user)] || std::find(chain.sums.begin(), chain.sums.end(), user) != chain.sums.end());
      if (outside) chain.stored.push_back(i);
    }
  }

  /// The optimisers' steps, several Parameters a kernel; after everything else.
  void emit_updates() {
    for (const Op op : {Op::adam, Op::sgd}) {
      std::vector<int> together;
      for (int i = 0; i < count_; ++i) {
        if (node(i).op != op) continue;
        std::vector<int> more = together;
        more.push_back(i);
        if (!together.empty() && update_kernel(p_, more).places.size() > most_buffers_) {
          add(update_kernel(p_, together));
          together = {i};
        } else {
          together = std::move(more);
        }
      }
      if (!together.empty()) add(update_kernel(p_, together));
    }
  }

  /// Whether a node's buffer is its own for as long as the Program lives.
  bool lasts(int i) const { return kind(i) == Kind::source || p_.is_kept({i}); }

  void find_buffers() {
    out_.buffer_of.assign(p_.nodes().size(), -1);
    std::vector<std::size_t> last(p_.nodes().size(), 0);
    for (std::size_t d = 0; d < out_.dispatches.size(); ++d)
      for (const Place& place : out_.dispatches[d].places)
        if (place.kind == Place::Kind::value) last[static_cast<std::size_t>(place.node)] = d;
    std::vector<int> free;
    const auto give = [&](int i) {
      constexpr std::size_t kLine = 64;  // floats: bindings begin at multiples of 256 bytes
      const std::size_t floats =
          (static_cast<std::size_t>(node(i).rows) * static_cast<std::size_t>(node(i).cols) + kLine - 1) / kLine * kLine;
      int best = -1;
      if (!lasts(i))
        for (int b : free) {
          const std::size_t size = out_.buffer_floats[static_cast<std::size_t>(b)];
          if (size >= floats && (best < 0 || size < out_.buffer_floats[static_cast<std::size_t>(best)])) best = b;
        }
      if (best >= 0) {
        std::erase(free, best);
      } else {
        best = static_cast<int>(out_.buffer_floats.size());
        out_.buffer_floats.push_back(floats);
      }
      out_.buffer_of[static_cast<std::size_t>(i)] = best;
    };
    for (int i = 0; i < count_; ++i)
      if (node(i).op == Op::input || (p_.is_kept({i}) && node(i).op == Op::constant)) give(i);
    for (std::size_t d = 0; d < out_.dispatches.size(); ++d) {
      for (const Place& place : out_.dispatches[d].places)
        if (place.kind == Place::Kind::value && out_.buffer_of[static_cast<std::size_t>(place.node)] < 0) give(place.node);
      for (const Place& place : out_.dispatches[d].places)
        if (place.kind == Place::Kind::value && !lasts(place.node) && last[static_cast<std::size_t>(place.node)] == d)
          free.push_back(out_.buffer_of[static_cast<std::size_t>(place.node)]);
    }
  }

  const Program& p_;
  std::size_t most_buffers_;
  int count_;
  std::vector<char> needed_, done_, in_chain_;
  std::vector<std::vector<int>> users_;
  Plan out_;
};

}  // namespace

Plan plan(const Program& program, std::size_t most_buffers) { return Planner(program, most_buffers).make(); }

}  // namespace mid::gpu
