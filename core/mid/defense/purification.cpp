// Confidences pass through a narrow network that keeps the label and forgets the rest.
// Yang et al. 2020 (purifying confidences), from memory, without its adversarial part. method.md 4.1, "Purification autoencoder".
#include <algorithm>

#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  std::optional<int> width;
  int epochs = 100;
  double reserved_fraction = .2;
  static std::vector<Param> params() {
    return {param(&Spec::width, "width", 1, 4096, "units", "defense.purification.width", "method.md 4.1"),
            param(&Spec::epochs, "epochs", 1, 10000, "rounds", "defense.purification.epochs"),
            param(&Spec::reserved_fraction, "reserved_fraction", .01, .9, "", "defense.purification.reserved_fraction")
                .formerly_called("kept_back")};
  }
};

/// |G(p) - p|^2 + CE(G(p), argmax p) over the answers to rows that the network did not learn from.
Task finish(Context& context, Matrix reserved, Json j, Network& network) {
  const Spec spec = read<Spec>(j, "defense");
  Activations inside;
  co_await activations(context, network, std::move(reserved), inside);
  const Matrix log_p = purifier_input(unpurified_logits_of(network, inside.mu));
  const Matrix p = log_p.array().exp();
  const int classes = static_cast<int>(p.cols());
  Matrix label = Matrix::Zero(p.rows(), classes);
  for (Eigen::Index r = 0; r < p.rows(); ++r) {
    Eigen::Index best = 0;
    p.row(r).maxCoeff(&best);
    label(r, best) = 1;
  }
  const int width = spec.width.value_or(std::max(2, classes / 4));
  const Stream random = context.random.sub("purifier");
  Purifier purifier{make_layer(classes, width, random.sub("encode")), make_layer(width, classes, random.sub("decode"))};
  // ln p lies in -23 to 0: begin as if it were spread around 0, or every unit of the narrow layer begins saturated.
  constexpr float kMiddle = 11.5f;
  Matrix& weight = purifier.encode.weight.value;
  weight /= kMiddle;
  purifier.encode.bias.value += kMiddle * Matrix(weight.colwise().sum());
  Training training;
  training.parameters = {&purifier.encode.weight, &purifier.encode.bias, &purifier.decode.weight, &purifier.decode.bias};
  training.data = {&log_p, &p, &label};
  training.loss = [&](Program& program, const Batch& batch) {
    const Var out = record_purifier(program, batch.data[0], purifier);
    const Var error = program.sub(program.exp(out), batch.data[1]);
    return program.mean_of_rows(program.sub(program.mul(error, error), program.mul(batch.data[2], out)));
  };
  TrainSpec train;
  train.learning_rate = 1e-3, train.schedule = "constant", train.epochs = spec.epochs;
  context.progress.begin("purifying", train.epochs, "round");
  co_await fit(context, "purifier", train, std::move(training));
  network.purifier = std::move(purifier);
}

NetworkHooks network(const Json& j) {
  NetworkHooks hooks;
  hooks.reserved_fraction = read<Spec>(j, "defense").reserved_fraction;
  hooks.finish = &finish;
  return hooks;
}

}  // namespace

extern const Defense purification;
const Defense purification{{"purification",
                            "defense.purification.title",
                            "defense.purification.summary",
                            "Yang et al. 2020, from memory, without the adversarial part",
                            &Spec::params,
                            {"network"}},
                           &network,
                           "a regression answers no confidences, and a tree's are few already (its leaves)",
                           "width",
                           nullptr,
                           nullptr,
                           {40, 20, 10, 5, 2},
                           nullptr,
                           {{"reserved_fraction", .1, .5}},
                           Mark::pentagon,
                           Place::answers,
                           {Place::layers, Place::units, Place::noise, Place::code, Place::targets, Place::loss}};

}  // namespace mid::defense
