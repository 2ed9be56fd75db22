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
  std::vector<Var> data;            ///< as Training::data: the batch's rows
  std::vector<Var> noise;           ///< as Training::noise: fresh standard normals, rows x width
  std::vector<Var> masks;           ///< as Training::masks: 1 / keep with probability keep, else 0; rows x width
  Var record_data;                  ///< as Training::record_data: the batch's rows, rows x width
  Var progress;                     ///< 1 x 1: the part of all steps that lies behind, 0 at the first one
  Var present;                      ///< rows x 1, poisson_sampling only: 1 for the rows that were drawn, 0 for those that fill up the batch
  std::vector<Var> gradient_noise;  ///< as Training::gradient_noise: fresh standard normals, one for each weight
  int rows = 0;
  int expected = 0;  ///< rows of a step on average; but by chance, `rows`
};

/// What a step follows.
struct Loss {
  Loss(Var mean) : value(mean) {}
  Loss(Var mean, std::vector<Var> steps) : value(mean), gradient(std::move(steps)) {}
  Var value;                  ///< 1 x 1, a mean over the batch's rows
  std::vector<Var> gradient;  ///< what the optimiser takes for the gradient, one a parameter; empty: the derivative of `value`
};

/// What is trained on what.
struct Training {
  std::vector<Parameter*> parameters;
  std::vector<const Matrix*> data;  ///< row-aligned: inputs, one-hot targets, ...
  std::vector<int> noise;           ///< widths of standard normal inputs that are drawn afresh for every row and step
  struct Mask {
    int width = 0;
    double keep = 1;  ///< probability of an entry other than 0
  };
  std::vector<Mask> masks;  ///< drawn afresh for every row and step
  /// Poisson sampling: every record enters every step with probability batch / records, and an epoch has records / batch
  /// steps, all epochs together ceil(epochs records / batch). A step without any record is a step. method.md 4.1, DP-SGD.
  bool poisson_sampling = false;
  /// With Poisson sampling: data hold so many versions of each record, one whole set after the other; a step sees one of them.
  int copies = 1;
  bool gradient_noise = false;  ///< whether Batch::gradient_noise is drawn
  /// Done before the first step of each epoch (0, 1, ...): may change `kept`, `*record_data` and parameters, from what these are and
  /// nothing else, because it is done again where a training goes on from there.
  std::function<Task(int epoch)> before_epoch;
  std::vector<Parameter*> kept;   ///< read by the loss as parameters, moved by before_epoch alone: part of every save point
  Matrix* record_data = nullptr;  ///< row-aligned as `data`, but before_epoch may change its numbers; null: none
  /// Records the loss. Called once for each size of batch: the full one and a shorter last one; by chance, a few more.
  std::function<Loss(Program&, const Batch&)> loss;
  /// Called after each epoch (1, 2, ...) with the mean loss; may look at the parameters, must not change them.
  std::function<void(int epoch, double loss)> after_epoch;
};

/// The only mini-batch loop of midlab. Each epoch visits every row once in a fresh order (Philox stream `name`, epoch); a
/// shorter last batch is used, not dropped. With Training::poisson_sampling rows are drawn instead (NAME/sample/STEP).
/// Ticks after at most a few milliseconds. Fills context.progress done / total (epochs; the caller begins the stage) and live["loss"].
/// Starts with fresh moments of the optimiser. Throws Failure when the loss stops being a number, naming the epoch and the learning rate.
/// `name` is unique within the run: it names the save point and the random streams NAME/shuffle/EPOCH, NAME/noise/I,
/// NAME/mask/I, NAME/sample/STEP, NAME/copy/STEP and NAME/gradient noise/I/STEP.
Task fit(Context& context, std::string name, TrainSpec spec, Training training);

/// Reads the optimiser's moments and steps of `p`: of the shape that its value has, or none before the first step. Throws Damaged.
void get_moments(Unpacker& in, Parameter& p);

}  // namespace mid
