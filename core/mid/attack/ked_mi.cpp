// What a person's name looks like to a network: a generator whose critic has learnt from the model what it says of public pictures, and a
// whole distribution of codes for each class instead of one. White box. Chen, Kahla, Jia, Qi, ICCV 2021 (KED-MI), their code
// (SCccc21/Knowledge-Enriched-DMI). Ours: perceptrons, no minibatch discrimination, 300 steps. method.md 4.1, "KED-MI".
#include <algorithm>
#include <cassert>
#include <tuple>

#include "mid/attack/search/class_search.hpp"
#include "mid/attack/search/inversion_critic.hpp"
#include "mid/data/pictures.hpp"
#include "mid/nn/fit.hpp"

namespace mid::attack {
namespace {

constexpr AdamBetas kBetas{.5, .999};
constexpr float kEntropyWeight = 1e-4f;
constexpr int kBatch = 64;
constexpr float kFirstLogVariance = 1;  // their code: not 0

struct Spec : AdversarySpec {
  int code = 100, epochs = 120, critic_steps = 5, steps = 300, trials = 5, shifts = 0;
  double learning_rate = .02, weight = 100;
  bool mirror = true;
  Spec() = default;
  static std::vector<Param> params() {
    std::vector<Param> all{
        param(&Spec::code, "code", 1, 1000, "", "attack.code"),
        param(&Spec::epochs, "epochs", 1, 10000, "rounds", "attack.ked_mi.epochs", "Chen et al., ICCV 2021"),
        param(&Spec::critic_steps, "critic_steps", 1, 100, "", "attack.ked_mi.critic_steps", "Chen et al., ICCV 2021"),
        param(&Spec::steps, "steps", 1, 100000, "steps", "attack.gmi.steps", "method.md 4.1, KED-MI"),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 100, "", "attack.learning_rate"),
        param(&Spec::weight, "weight", 0, 1e6, "", "attack.gmi.weight"),
        param(&Spec::trials, "trials", 1, 50, "", "attack.ked_mi.trials"),
        param(&Spec::shifts, "shifts", 0, 8, "pixels", "attack.shifts"),
        param(&Spec::mirror, "mirror", "attack.mirror"),
    };
    for (Param& p : adversary_params<Spec>()) all.push_back(std::move(p));
    return all;
  }
};

/// The critic's logits and its last feature.
struct Looked {
  Var logits, feature;
};
Looked look(Program& p, Perceptron& critic, Var x) {
  Var a = x;
  for (std::size_t i = 0; i + 1 < critic.layers.size(); ++i)
    a = p.leaky_relu(p.dense(a, p.parameter(critic.layers[i].weight), p.parameter(critic.layers[i].bias)), critic.slope);
  return {p.dense(a, p.parameter(critic.layers.back().weight), p.parameter(critic.layers.back().bias)), a};
}

void record_steps(Program& p, Var loss, const std::vector<Parameter*>& moved, Var rate, AdamBetas betas) {
  std::vector<Var> weights;
  for (Parameter* w : moved) weights.push_back(p.parameter(*w));
  const std::vector<Var> gradient = p.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate, 0, betas);
}

/// Parameters in a save point.
struct Moved {
  std::vector<Parameter*> all;
  void pack(Packer& out) const {
    for (const Parameter* p : all) out.add(p->value), out.add(p->first), out.add(p->second), out.add(p->steps);
  }
  void unpack(Unpacker& in) {
    for (Parameter* p : all) in.get_same(p->value), get_moments(in, *p);
  }
};
struct State {
  Moved moved;
  static auto members(State& s) { return std::tie(s.moved); }
};

/// Trains generator and critic on public pictures of the model's size and what the model says of them.
Task learn_to_draw(Context& context, const Matrix& pictures, const Matrix& soft, const Spec& spec, PictureGenerator& nets) {
  const int rows = static_cast<int>(pictures.rows()), pixels = static_cast<int>(pictures.cols()), batch = std::min(kBatch, rows);
  const Stream random = context.random.sub("ked_mi");
  const std::vector<int> up{spec.code, 256, 512, pixels}, down{pixels, 512, 256, static_cast<int>(soft.cols())};
  nets.generator = Perceptron::make(up, 0, true, random.sub("generator"));
  nets.critic = Perceptron::make(down, .2f, false, random.sub("critic"));
  Program judge, paint;
  const Var labelled = judge.input(batch, pixels), says = judge.input(batch, static_cast<int>(soft.cols())),
            real = judge.input(batch, pixels), code = judge.input(batch, spec.code);
  const Var drawn = nets.generator.record(judge, code);
  const Var loss = record_inversion_critic_loss(judge, look(judge, nets.critic, labelled).logits, says,
                                                look(judge, nets.critic, real).logits, look(judge, nets.critic, drawn).logits);
  record_steps(judge, loss, nets.critic.parameters(), judge.full(1, 1, 2e-4f), kBetas);
  judge.keep(loss);
  const Var paint_code = paint.input(batch, spec.code), beside = paint.input(batch, pixels);
  const Looked painted = look(paint, nets.critic, nets.generator.record(paint, paint_code)), seen = look(paint, nets.critic, beside);
  const Var cost = paint.add(record_feature_gap(paint, painted.feature, seen.feature),
                             paint.scale(record_class_entropy(paint, painted.logits), kEntropyWeight));
  record_steps(paint, cost, nets.generator.parameters(), paint.full(1, 1, 2e-4f), kBetas);
  paint.keep(cost);
  const std::unique_ptr<Executable> judging = context.device.compile(std::move(judge));
  co_await Tick{};
  const std::unique_ptr<Executable> painting = context.device.compile(std::move(paint));
  co_await Tick{};

  State state;
  for (Perceptron* net : {&nets.generator, &nets.critic})
    for (Parameter* p : net->parameters()) state.moved.all.push_back(p);
  const int turns_of_epoch = std::max(1, rows / batch), turns = spec.epochs * turns_of_epoch;
  context.progress.begin("learning to draw", spec.epochs, "round");
  Matrix codes(batch, spec.code), value;
  std::vector<int> chosen(static_cast<std::size_t>(batch));
  for (Loop turn(context, "ked_mi", turns, state); turn; co_await turn.next()) {
    const Stream now = random.sub("turn").sub(static_cast<std::uint64_t>(*turn));
    Random draw(now.sub("rows"));
    const auto choose = [&] {
      for (int& row : chosen) row = draw.below(rows);
    };
    fill_normal(now.sub("code"), 0, codes);
    choose();
    judging->gather(labelled, pictures, chosen), judging->gather(says, soft, chosen);
    choose();
    judging->gather(real, pictures, chosen);
    judging->write(code, codes);
    while (judging->run_part()) co_await Tick{};
    while (!judging->read(loss, value)) co_await Tick{};
    context.progress.live["critic_loss"] = value(0, 0);
    if (*turn % spec.critic_steps == spec.critic_steps - 1) {
      fill_normal(now.sub("painted"), 0, codes);
      choose();
      painting->gather(beside, pictures, chosen);
      painting->write(paint_code, codes);
      while (painting->run_part()) co_await Tick{};
    }
    while (!judging->sync()) co_await Tick{};
    while (!painting->sync()) co_await Tick{};
    context.progress.done = *turn / turns_of_epoch + 1;
  }
}

/// Draws of the network's noise a step; 0: it has none, or the attacker takes it out.
int noise_draws(const Network& network, const Spec& spec, const std::string& adversary) {
  if (!network.stochastic || adversary == "mean") return 0;
  return adversary == "naive" ? 1 : spec.draws;
}

/// For each class a mean and a log-variance of codes: minimises -ln "real" + weight (-ln p_t) over draws of them. The end is the answer.
Task recover(Context& context, const Network& target, PictureGenerator& nets, const Spec& spec, std::string adversary, Parameter& mean,
             Parameter& log_variance) {
  Network network = target;  // a Program refers to weights that could change
  const int classes = network.classes, k = network.code_size(), draws = noise_draws(network, spec, adversary);
  mean.value = Matrix::Zero(classes, spec.code), log_variance.value = Matrix::Constant(classes, spec.code, kFirstLogVariance);
  VectorXi label(classes);
  for (int c = 0; c < classes; ++c) label[c] = c;
  Program p;
  const Var m = p.parameter(mean), v = p.parameter(log_variance), e = p.input(classes, spec.code), noise = p.input(classes, draws * k);
  const Var picture = nets.generator.record_fixed(p, p.add(m, p.mul(p.exp(p.scale(v, .5f)), e)));
  const NetworkVars inside = network.record(p, network.record_normalised(p, picture), p.full(classes, network.stochastic ? k : 0, 0));
  Var surprise = draws == 0 ? record_surprise(p, inside.logits, label) : Var{};
  for (int d = 0; d < draws; ++d) {
    const Var z = p.add(inside.mu, p.mul(inside.sigma, p.columns(noise, d * k, k)));
    const Var one = record_surprise(p, p.dense(z, p.parameter(network.head.weight), p.parameter(network.head.bias)), label);
    surprise = d == 0 ? one : p.add(surprise, one);
  }
  const float share = static_cast<float>(spec.weight) / static_cast<float>(std::max(1, draws));
  const Var cost = p.sum(p.add(record_unreal(p, nets.critic.record_fixed(p, picture)), p.scale(surprise, share)));
  record_steps(p, cost, {&mean, &log_variance}, p.full(1, 1, static_cast<float>(spec.learning_rate)), {});
  p.keep(cost);
  const std::unique_ptr<Executable> executable = context.device.compile(std::move(p));
  State state;
  state.moved.all = {&mean, &log_variance};
  const std::string name = "ked_mi/" + adversary;
  const Stream draw = context.random.sub(name);
  Matrix codes(classes, spec.code), noises(classes, draws * k);
  context.progress.begin("attacking", spec.steps, "step");
  for (Loop turn(context, name, spec.steps, state); turn; co_await turn.next()) {
    const auto number = static_cast<std::uint64_t>(*turn);
    fill_normal(draw.sub("code"), number * static_cast<std::uint64_t>(codes.size()), codes);
    executable->write(e, codes);
    if (noises.size() != 0) {
      fill_normal(draw.sub("noise"), number * static_cast<std::uint64_t>(noises.size()), noises);
      executable->write(noise, noises);
    }
    while (executable->run_part()) co_await Tick{};
    while (!executable->sync()) co_await Tick{};
    context.progress.done = *turn + 1;
  }
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& own = knowledge.auxiliary;
  assert(own.pictures.size() != 0);  // experiment/experiment has checked that the data has some
  const OwnPictures made{spec.shifts, spec.mirror};
  Matrix pictures;
  co_await made.load(own, pictures);
  out.notes["auxiliary_pictures"] = pictures.rows();
  const Matrix inputs = reduced(pictures, own.height, own.width, own.height / own.input_height);
  co_await Tick{};
  const Network& network = oracle.network();
  Activations inside;
  co_await activations(context, network, inputs, inside);
  const Matrix soft = purifier_input(logits_of(network, inside.mu)).array().exp();
  PictureGenerator nets;
  co_await learn_to_draw(context, inputs, soft, spec, nets);
  const PictureSpace space = PictureSpace::generated(nets, own);
  const std::vector<std::string> all = adversaries(network, spec.adversary);
  for (const std::string& adversary : all) {
    Parameter mean, log_variance;
    co_await recover(context, network, nets, spec, adversary, mean, log_variance);
    std::vector<Matrix>& to = adversary == spec.adversary ? out.pictures : out.more_pictures[adversary];
    for (int trial = 0; trial < spec.trials; ++trial) {
      Matrix code(network.classes, spec.code), drawn;
      fill_normal(context.random.sub("ked_mi answer").sub(static_cast<std::uint64_t>(trial)), 0, code);
      code = mean.value.array() + (log_variance.value.array() / 2).exp() * code.array();
      co_await space.draw(context, code, drawn);
      to.push_back(std::move(drawn));
    }
  }
}

}  // namespace

extern const Attack ked_mi;
const Attack ked_mi{
    {"ked_mi", "attack.ked_mi.title", "attack.ked_mi.summary", "Chen, Kahla, Jia, Qi, ICCV 2021", &Spec::params, {"network"}},
    Access::weights,
    Attack::Finds::class_picture,
    &run};

}  // namespace mid::attack
