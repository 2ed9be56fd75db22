#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/param.hpp"
#include "mid/nn/device.hpp"

namespace mid {

/// How to train: the object "train" of a specification.
struct TrainSpec {
  std::string optimizer = "adam";
  double learning_rate = 1e-3;
  std::string schedule = "cosine";  ///< cosine: from learning_rate to 0 over all steps
  int batch = 20;
  int epochs = 60;
  double momentum = 0;
  double weight_decay = 0;
  int shifts = 0;  ///< pixels; read by whoever prepares the training rows
  static std::vector<Param> params();
};

/// The learning rate of step `step` (0, 1, ...) of `steps`.
double learning_rate(const TrainSpec& spec, std::int64_t step, std::int64_t steps);

/// What a batch looks like inside the recorded loss.
struct Batch {
  std::vector<Var> data;   ///< as Training::data: the batch's rows
  std::vector<Var> noise;  ///< as Training::noise: fresh standard normals, rows x width
  int rows = 0;
};

/// What is trained on what.
struct Training {
  std::vector<Parameter*> parameters;
  std::vector<const Matrix*> data;  ///< row-aligned: inputs, one-hot targets, ...
  std::vector<int> noise;           ///< widths of standard normal inputs that are drawn afresh for every row and step
  /// Records the loss (1 x 1, a mean over the batch's rows). Called once for the full batch, once for a shorter last one.
  std::function<Var(Program&, const Batch&)> loss;
  /// Called after each epoch (1, 2, ...) with the mean loss; may look at the parameters, must not change them.
  std::function<void(int epoch, double loss)> after_epoch;
};

/// The only mini-batch loop of midlab. Each epoch visits every row once in a fresh order (Philox stream `name`, epoch); a
/// shorter last batch is used, not dropped. Ticks after at most a few milliseconds. Fills context.progress done / total
/// (epochs; the caller begins the stage) and live["loss"]. Starts with fresh moments of the optimiser. Throws Failure when
/// the loss stops being a number, naming the epoch and the learning rate.
/// `name` is unique within the run: it names the save point and the random streams NAME/shuffle/EPOCH and NAME/noise/I.
Task fit(Context& context, std::string name, TrainSpec spec, Training training);

}  // namespace mid
