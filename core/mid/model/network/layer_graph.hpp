#pragma once
#include <vector>

#include "mid/nn/convolution.hpp"
#include "mid/nn/program.hpp"

namespace mid {

/// Layers that need not follow one another, as another program's model has them: a list of steps, each of which takes what earlier
/// ones gave. Plain data, so that it is copied with its network; recorded into a Program for every use.
struct LayerGraph {
  enum class Kind {
    dense,           ///< a W + b
    convolution,     ///< channels last
    max_pool,        ///< the same
    average_pool,    ///< the same
    global_average,  ///< the same
    row_scale,       ///< each column times its own number (a weight of one row)
    row_shift,       ///< each column plus its own number
    scale,           ///< times `number`
    shift,           ///< plus `number`
    add,
    sub,
    mul,
    div,
    leaky_relu,  ///< slope `number`; 0: ReLU
    elu,         ///< number (e^a - 1) where a < 0
    clip,        ///< `number` at least, `upper` at most
    abs,
    sigmoid,
    tanh,
    softplus,
    erf,
    exp,
    log,
    sqrt,
    softmax,      ///< over the row
    log_softmax,  ///< the same
    gather        ///< columns by `table`, 0 for -1
  };
  struct Step {
    Kind kind{};
    int a = 0, b = -1;            ///< what it takes: 0 the input, i the result of steps[i - 1]
    int weight = -1, bias = -1;   ///< of `weights`
    float number = 0, upper = 0;  ///< of kinds that have them
    std::vector<int> table = {};  ///< of gather
    PictureShape picture = {};    ///< of convolution and pools: what goes in
    PictureWindow window = {};    ///< the same
    bool of_padding = false;      ///< of an average: the border counts
    int columns = 0;              ///< of the result
  };
  int inputs = 0;
  std::vector<Parameter> weights;
  std::vector<Step> steps;
  bool prepended = false;  ///< whether prepend() was called: then steps[0] is what it put there

  int columns(int value) const { return value == 0 ? inputs : steps[static_cast<std::size_t>(value) - 1].columns; }
  int outputs() const { return columns(static_cast<int>(steps.size())); }
  /// Records all steps on `x` (rows x inputs): what the last one gives, rows x outputs.
  Var record(Program& program, Var x);
  /// Additions and multiplications for one row, roughly.
  double operations() const;
  /// Puts (x W + b), W inputs' x inputs, before everything.
  void prepend(Matrix weight, Matrix bias);
};

}  // namespace mid
