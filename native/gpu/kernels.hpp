#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/philox.hpp"
#include "mid/nn/program.hpp"

namespace mid::gpu {

/// A file of shaders/, as it was when midlab was built: "element" for shaders/element.wgsl.
std::string_view shader(std::string_view name);
/// The names of all of them, sorted.
std::vector<std::string_view> shader_names();

/// Where a kernel finds numbers, or puts them.
struct Place {
  enum class Kind : std::uint8_t {
    value,    ///< a node's numbers
    weights,  ///< of a Parameter: the value
    moments,  ///< of a Parameter: value, first and second, one after the other
    table,    ///< of a node: the table that it gathers by
    other     ///< whatever the caller binds there
  };
  Kind kind = Kind::value;
  int node = -1;
  bool writes = false;
  bool operator==(const Place&) const = default;
};

/// One kernel about to be started.
struct Dispatch {
  std::string wgsl;                    ///< the same for all shapes and scalars, so that pipelines are shared
  std::vector<Place> places;           ///< bindings 1, 2, ...
  std::vector<std::uint32_t> numbers;  ///< binding 0: shapes and scalars, as whole 16-byte lines
  std::array<std::uint32_t, 2> groups{1, 1};
  /// Of an optimiser's kernel: the update node of each of its Parameters, and where in `numbers` its five factors begin.
  struct Update {
    int node = -1;
    std::size_t factors = 0;
  };
  std::vector<Update> updates;
};

/// A neighbourhood of operations of the families element, spread, slice and shape that all have one shape, computed number by number
/// in one kernel, and sums over them.
struct Chain {
  int rows = 0, cols = 0;
  std::vector<int> members;  ///< in the order recorded
  std::vector<int> stored;   ///< members that somebody else needs
  std::vector<int> sums;     ///< all sum_rows or all sum_cols, of members or of stored numbers of the same shape
};

Dispatch chain_kernel(const Program& program, const Chain& chain);
/// Of matmul and dense.
Dispatch product_kernel(const Program& program, int node);
Dispatch part_products_kernel(const Program& program, int node);
/// Of gather and gather_sum.
Dispatch table_kernel(const Program& program, int node);
Dispatch log_softmax_kernel(const Program& program, int node);
/// The operation inverse, without exchange of rows: for matrices whose diagonal leads, as positive definite ones.
Dispatch inverse_kernel(const Program& program, int node);
/// Updates of one kind (adam, or sgd).
Dispatch update_kernel(const Program& program, const std::vector<int>& updates);
/// The binding places of the next two are Kind::other: matrix, row numbers, result; and the result alone.
Dispatch gather_kernel(int rows, int cols);
/// `words` for tests: Philox's whole numbers instead of normals.
Dispatch normal_kernel(std::uint64_t count, Stream stream, std::uint64_t first, bool words = false);

/// Distinct buffers that a chain binds; an adapter has a limit.
std::size_t buffers_of(const Program& program, const Chain& chain);
/// A constant whose numbers are all equal is a number in the kernel and needs no buffer.
bool is_uniform(const Program& program, int node);

}  // namespace mid::gpu
