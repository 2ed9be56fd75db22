// The first layers are learnt from public people, by telling them apart, and frozen: private records move the rest alone.
// Ho et al., CVPR 2024 (TL-DMI), and their code (hosytuyen/TL-DMI). Ours: hidden layers and convolutions of a small network, Adam.
// method.md 4.1, "Transfer".
#include "mid/base/work.hpp"
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  int layers = 1, epochs = 60;
  std::string people = "shared";
  static std::vector<Param> params() {
    return {param(&Spec::layers, "layers", 1, 16, "layers", "defense.transfer.layers", "Ho et al., CVPR 2024"),
            param(&Spec::epochs, "epochs", 0, 10000, "rounds", "defense.transfer.epochs", "method.md 4.1, Transfer"),
            choice(&Spec::people, "people", {"shared", "apart"}, "defense.transfer.people", "method.md 4.1, Transfer")};
  }
};

/// Hidden layers and convolutions of `network` under a head for the public people; what was learnt of the first ones goes into it.
Task prepare(Context& context, PublicRows rows, Json j, Network& network) {
  const Spec spec = read<Spec>(j, "defense");
  if (spec.epochs == 0) co_return;  // the layers stay as they were drawn
  Network own = network;
  own.stochastic = false, own.noise_sd.resize(0, 0), own.class_mean.value.resize(0, 0), own.bottleneck.reset(), own.class_names.clear();
  own.classes = rows.classes;
  const DenseLayer& behind = network.bottleneck ? *network.bottleneck : network.head;  // it reads what these layers give
  const int width = static_cast<int>(behind.weight.value.rows()), outputs = rows.classes == 2 ? 1 : rows.classes;
  own.head = make_layer(width, outputs, context.random.sub("public head"));
  const Matrix x = own.normalised(rows.inputs), y = targets_of(rows.label, rows.classes);
  count_work(4. * static_cast<double>(x.size()));
  co_await Tick{};
  Training training;
  training.parameters = own.parameters();
  training.data = {&x, &y};
  training.loss = [&own](Program& p, const Batch& batch) {
    return p.mean_of_rows(record_cross_entropy(p, own.record(p, batch.data[0]).logits, batch.data[1]));
  };
  TrainSpec train;
  train.epochs = spec.epochs;
  context.progress.begin("training", train.epochs, "round");
  co_await fit(context, "public", train, std::move(training));
  const std::vector<Parameter*> from = own.parameters(), to = network.parameters();
  for (std::size_t i = 0; i < 2 * static_cast<std::size_t>(spec.layers); ++i) to[i]->value = from[i]->value;
}

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.frozen = spec.layers, hooks.takes_public = spec.people == "apart";
  hooks.prepare = &prepare;
  return hooks;
}

}  // namespace

extern const Defense transfer;
const Defense transfer{{"transfer",
                        "defense.transfer.title",
                        "defense.transfer.summary",
                        "Ho et al., CVPR 2024, constants from the authors' code",
                        &Spec::params,
                        {"network"}},
                       &network,
                       "only a network has layers that can be learnt apart",
                       "layers",
                       nullptr,
                       nullptr,
                       {1},
                       nullptr,
                       {{"epochs", 10, 200}},
                       Mark::pentagon,
                       Place::layers,
                       {Place::units, Place::noise, Place::code, Place::targets, Place::loss, Place::gradient, Place::answers}};

}  // namespace mid::defense
