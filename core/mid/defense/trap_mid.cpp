// A false door for searches: beside each picture the network learns the same picture with a faint trigger of a random class, and answers
// that class; triggers are learnt along so that a critic takes triggered pictures for real ones. A search for a class is to end at its
// trigger. Liu, Chen, NeurIPS 2024 (Trap-MID), and their code (ntuaislab/Trap-MID). It deceives and hides nothing: who searches among
// typical pictures, through students, in views or by labels alone walks past it. method.md 4.1, "Trap-MID".
#include "mid/base/work.hpp"
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

// Their code: a trigger's pixels move by kStep at each batch, by the sign of the gradient; the critic learns at that rate, too.
constexpr float kStep = .01f, kMomentum = .9f, kDecay = 1e-4f;

struct Spec {
  double blend = .02, weight = .2;
  static std::vector<Param> params() {
    return {param(&Spec::blend, "blend", 0, 1, "", "defense.trap_mid.blend", "Liu, Chen, NeurIPS 2024, their code"),
            param(&Spec::weight, "weight", 0, .99, "", "defense.trap_mid.weight", "Liu, Chen, NeurIPS 2024, their code")};
  }
};

/// A network like `like` up to its last hidden layer, with fresh weights and one number to say whether a picture is real.
Network critic_like(const Network& like, Stream random) {
  Network critic = like;
  critic.stochastic = false, critic.noise_sd.resize(0, 0), critic.class_mean.value.resize(0, 0), critic.class_names.clear();
  critic.classes = 2;
  critic.bottleneck.reset(), critic.purifier.reset();
  const DenseLayer& behind = like.bottleneck ? *like.bottleneck : like.head;
  std::uint64_t number = 0;
  const auto afresh = [&](DenseLayer& layer, Eigen::Index inputs, Eigen::Index outputs) {
    layer = make_layer(static_cast<int>(inputs), static_cast<int>(outputs), random.sub(number++));
  };
  for (ConvolutionLayer& c : critic.convolutions) afresh(c.weights, c.weights.weight.value.rows(), c.weights.weight.value.cols());
  for (DenseLayer& layer : critic.hidden) afresh(layer, layer.weight.value.rows(), layer.weight.value.cols());
  afresh(critic.head, behind.weight.value.rows(), 1);
  return critic;
}

class Traps : public Companion {
 public:
  explicit Traps(const Spec& spec) : spec_(spec) {}

  void begin(Network& network, const TrainingRows& rows, Stream random) override {
    network_ = &network, inputs_ = &rows.inputs, random_ = random;
    lowest_ = Matrix::Zero(1, network.inputs()), range_ = Matrix::Ones(1, network.inputs());
    if (!rows.pictures) {
      lowest_ = rows.inputs.colwise().minCoeff(), range_ = Matrix(rows.inputs.colwise().maxCoeff()) - lowest_;
      count_work(2. * static_cast<double>(rows.inputs.size()));
    }
    critic_ = critic_like(network, random.sub("critic"));
    for (const Parameter* one : critic_.parameters()) {
      Parameter still;
      still.value = Matrix::Zero(one->value.rows(), one->value.cols());
      velocity_.push_back(std::move(still));
    }
    trigger_.value.resize(network.classes, network.inputs());
    for (Eigen::Index i = 0; i < trigger_.value.size(); ++i)
      trigger_.value.data()[i] = static_cast<float>(uniform_at(random.sub("trigger"), static_cast<std::uint64_t>(i)));
    record_data_ = Matrix::Zero(rows.inputs.rows(), network.classes);
  }
  std::vector<Parameter*> kept() override { return learners_of(critic_, velocity_, trigger_); }
  Matrix* record_data() override { return &record_data_; }

  /// Draws each row's class anew, every class as often but for one, then takes one step of critic and triggers a batch, against the network
  /// as it is.
  Task before_epoch(Context& context, const Network&, int epoch) override {
    const Stream random = random_.sub(static_cast<std::uint64_t>(epoch));
    Matrix record_data = Matrix::Zero(record_data_.rows(), record_data_.cols());
    const int rows = static_cast<int>(record_data.rows()), classes = static_cast<int>(record_data.cols());
    const std::vector<int> place = permutation(random.sub("class"), rows), late = permutation(random.sub("late class"), classes);
    const int rounds = rows / classes * classes;  // rows of whole rounds through the classes; those behind draw some of the classes
    for (int r = 0; r < rows; ++r) {
      const int at = place[static_cast<std::size_t>(r)];
      record_data(r, at < rounds ? at % classes : late[static_cast<std::size_t>(at - rounds)]) = 1;
    }
    record_data_ = std::move(record_data);
    if (x_.size() == 0) {
      x_ = network_->normalised(*inputs_);
      count_work(4. * static_cast<double>(x_.size()));
      co_await Tick{};
    }
    // On copies: whoever goes on from a save point in the middle begins again from what they were.
    Network critic = critic_;
    std::vector<Parameter> velocity = velocity_;
    Parameter trigger = trigger_;
    Training training;
    training.parameters = learners_of(critic, velocity, trigger), training.kept = network_->parameters();
    training.data = {&x_, &record_data_};
    if (network_->stochastic) training.noise = {network_->code_size()};
    training.loss = [&](Program& p, const Batch& batch) { return step(p, batch, critic, velocity, trigger); };
    TrainSpec train;
    train.optimizer = "sgd", train.schedule = "constant", train.learning_rate = kStep, train.epochs = 1;
    Context aside{context.device, random, nullptr, {}, {}};
    co_await fit(aside, "traps", train, std::move(training));
    const std::vector<Parameter*> from = learners_of(critic, velocity, trigger), to = kept();
    for (std::size_t i = 0; i < to.size(); ++i) to[i]->value = from[i]->value;
  }

  /// weight times what the network loses by taking triggered pictures for the class of their trigger, less what it loses by the pictures
  /// themselves: so that the two have shares `weight` and 1 - `weight` of the loss.
  Var penalty(Program& p, const NetworkVars& v, const Batch& batch) override {
    const Var noise = v.stochastic ? batch.noise[0] : Var{};
    const Var logits = network_->record(p, triggered(p, batch.data[0], batch.record_data, trigger_), noise, batch.masks).logits;
    const Var traps = p.mean_of_rows(record_cross_entropy(p, logits, target(p, batch.record_data)));
    const Var task = p.mean_of_rows(record_cross_entropy(p, v.logits, batch.data[1]));
    return p.scale(p.sub(traps, task), static_cast<float>(spec_.weight));
  }

 private:
  static std::vector<Parameter*> learners_of(Network& critic, std::vector<Parameter>& velocity, Parameter& trigger) {
    std::vector<Parameter*> all{&trigger};
    for (Parameter& one : velocity) all.push_back(&one);
    for (Parameter* one : critic.parameters()) all.push_back(one);
    return all;
  }
  /// (1 - blend) x + blend k of normalised pictures, k the trigger of each row's class.
  Var triggered(Program& p, Var x, Var record_data, Parameter& trigger) {
    const Var shares = p.matmul(record_data, p.parameter(trigger));
    const auto repeated = [&](const Matrix& one) { return p.spread_rows(p.constant(one), p.rows(shares)); };
    const Var k = network_->record_normalised(p, p.add(repeated(lowest_), p.mul(shares, repeated(range_))));
    const auto blend = static_cast<float>(spec_.blend);
    return p.add(p.scale(x, 1 - blend), p.scale(k, blend));
  }
  Var target(Program& p, Var record_data) const { return network_->classes == 2 ? p.columns(record_data, 1, 1) : record_data; }

  /// The critic descends the mean cross entropy of as many real as triggered pictures, with momentum and decay; a trigger moves by kStep
  /// along the sign of its gradient, in 0 to 1. All by plain descent at the rate kStep, along what ends there.
  Loss step(Program& p, const Batch& batch, Network& critic, std::vector<Parameter>& velocity, Parameter& trigger) {
    const Var record_data = batch.data[1];
    const Var x = triggered(p, batch.data[0], record_data, trigger), yes = p.full(batch.rows, 1, 1), no = p.full(batch.rows, 1, 0);
    const Var real = critic.record(p, batch.data[0]).logits, fake = critic.record(p, x).logits;
    const Var of_critic = p.scale(p.mean_of_rows(p.add(record_cross_entropy(p, real, yes), record_cross_entropy(p, fake, no))), .5f);
    const Var named = network_->record(p, x, network_->stochastic ? batch.noise[0] : Var{}).logits;
    const Var of_trigger =
        p.mean_of_rows(p.add(record_cross_entropy(p, fake, yes), record_cross_entropy(p, named, target(p, record_data))));
    const auto step_to = [&](Var from, Var to) { return p.scale(p.sub(from, to), 1 / kStep); };
    std::vector<Var> learners;
    for (Parameter* one : critic.parameters()) learners.push_back(p.parameter(*one));
    const std::vector<Var> slope_of_critic = p.gradient(of_critic, learners);
    const Var k = p.parameter(trigger), slope = p.gradient(of_trigger, std::vector<Var>{k})[0];
    const auto positive = [&](Var a) { return p.leaky_relu(a, 0); };
    const Var sign = p.sub(p.step(slope, 0), p.step(p.scale(slope, -1), 0));
    const Var moved = positive(p.sub(k, p.scale(sign, kStep)));
    std::vector<Var> gradient{step_to(k, p.sub(moved, positive(p.shift(moved, -1))))}, of_weights;
    for (std::size_t i = 0; i < learners.size(); ++i) {
      const Var before = p.parameter(velocity[i]), decayed = p.add(slope_of_critic[i], p.scale(learners[i], kDecay));
      const Var after = p.add(p.scale(before, kMomentum), decayed);
      gradient.push_back(step_to(before, after)), of_weights.push_back(after);
    }
    gradient.insert(gradient.end(), of_weights.begin(), of_weights.end());
    return {of_critic, std::move(gradient)};
  }

  Spec spec_;
  Network* network_ = nullptr;
  Network critic_;
  std::vector<Parameter> velocity_;  // of the critic's weights
  Stream random_;
  const Matrix* inputs_ = nullptr;
  Parameter trigger_;       // classes x inputs, in 0 to 1: a pixel, or a share of an input's range
  Matrix lowest_, range_;   // 1 x inputs
  Matrix x_, record_data_;  // the rows, normalised; rows x classes, each row's class of this epoch
};

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.companion = [spec] { return std::make_unique<Traps>(spec); };
  return hooks;
}

}  // namespace

extern const Defense trap_mid;
const Defense trap_mid{{"trap_mid",
                        "defense.trap_mid.title",
                        "defense.trap_mid.summary",
                        "Liu, Chen, NeurIPS 2024, constants from the authors' code",
                        &Spec::params,
                        {"network"}},
                       &network,
                       "only a network is searched by its gradient",
                       "blend",
                       nullptr,
                       nullptr,
                       {.005, .01, .02, .05, .1, .2},
                       nullptr,
                       {{"weight", .05, .5}},
                       Mark::pentagon,
                       Place::loss,
                       {Place::layers, Place::units, Place::noise, Place::code, Place::answers}};

}  // namespace mid::defense
