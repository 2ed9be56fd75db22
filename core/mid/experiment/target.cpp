#include "mid/experiment/target.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "mid/base/square_root.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/data/pictures.hpp"
#include "mid/defense/combined/combined.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/loaded_model.hpp"
#include "mid/model/file/safetensors.hpp"

namespace mid {
namespace {

constexpr int kLiveRows = 500, kLiveLooks = 20;
constexpr double kLiveWork = 4e7;  // of a look at them, which no tick interrupts

/// What a training with these hooks moves: all weights and biases but the frozen layers', which come first.
std::vector<Parameter*> moved_by(Network& network, const NetworkHooks& hooks) {
  std::vector<Parameter*> all = network.parameters();
  all.erase(all.begin(), all.begin() + 2 * hooks.frozen);
  return all;
}

/// The loss of a batch with all that a defence's hooks change about it. `companion`: of the defence, or null.
Loss loss_of(Program& p, Network& network, const NetworkHooks& hooks, Companion* companion, const Batch& batch) {
  NetworkVars v = network.record(p, batch.data[0], hooks.stochastic ? batch.noise[0] : Var{}, batch.masks);
  const Var row_loss = record_cross_entropy(p, v.logits, hooks.target ? hooks.target(p, batch.data[1], batch) : batch.data[1]);
  if (hooks.gradient) {
    const Var drawn = p.mul(row_loss, batch.present);
    v.layers.erase(v.layers.begin(), v.layers.begin() + hooks.frozen);
    std::vector<Var> gradient = hooks.gradient(p, v, row_loss, batch);
    return {p.scale(p.sum(drawn), 1.f / static_cast<float>(batch.expected)), std::move(gradient)};
  }
  Var loss = p.mean_of_rows(row_loss);
  if (hooks.penalty) loss = p.add(loss, hooks.penalty(p, v, batch));
  if (!companion) return loss;
  loss = p.add(loss, companion->penalty(p, v, batch));
  const auto vars_of = [&](const std::vector<Parameter*>& parameters) {
    std::vector<Var> out;
    for (Parameter* one : parameters) out.push_back(p.parameter(*one));
    return out;
  };
  const std::vector<Var> learners = vars_of(companion->learners());
  if (learners.empty()) return loss;
  std::vector<Var> gradient = p.gradient(loss, vars_of(moved_by(network, hooks)));
  const std::vector<Var> theirs = p.gradient(companion->loss(p, v, batch), learners);
  gradient.insert(gradient.end(), theirs.begin(), theirs.end());
  return {loss, std::move(gradient)};
}

double share_right(Context& context, const Network& network, const Matrix& inputs, const VectorXi& label) {
  Activations inside;
  finish(activations(context, network, inputs, inside));
  const Matrix logits = logits_of(network, inside.mu);
  int right = 0;
  for (Eigen::Index r = 0; r < logits.rows(); ++r) {
    Eigen::Index best = logits(r, 0) > 0 ? 1 : 0;
    if (logits.cols() > 1) logits.row(r).maxCoeff(&best);
    right += best == label[r] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(logits.rows());
}

/// The code's mean and sd over the training records: by these an embedding is rounded or cut to one bit.
Task measure_code(Context& context, const Matrix& inputs, Network& network) {
  Activations inside;
  co_await activations(context, network, inputs, inside);
  count_work(8. * static_cast<double>(inside.mu.size()));
  network.code_mean = inside.mu.colwise().mean();
  Eigen::ArrayXXf variance = (inside.mu.rowwise() - Eigen::RowVectorXf(network.code_mean.row(0))).array().square().colwise().mean();
  if (inside.sigma.size()) variance += inside.sigma.array().square().colwise().mean();
  network.code_sd = square_root(variance).matrix();
}

/// The owner's way to train, whatever the defence changes about it. The arguments outlive the training.
Training training_of(Network& network, const NetworkHooks& hooks, Companion* companion, const Matrix& x, const Matrix& y, int copies) {
  Training training;
  training.parameters = moved_by(network, hooks);
  training.data = {&x, &y};
  if (hooks.stochastic) training.noise = {network.code_size()};
  if (hooks.dropout > 0)
    for (const DenseLayer& layer : network.hidden) training.masks.push_back({static_cast<int>(layer.bias.value.cols()), 1 - hooks.dropout});
  if (hooks.gradient) training.poisson_sampling = training.gradient_noise = true, training.copies = copies;
  if (companion) {
    for (Parameter* learner : companion->learners()) training.parameters.push_back(learner);
    training.kept = companion->kept(), training.record_data = companion->record_data();
  }
  const std::vector<Parameter*> all = network.parameters();
  training.kept.insert(training.kept.end(), all.begin(), all.begin() + 2 * hooks.frozen);
  training.loss = [&network, &hooks, companion](Program& p, const Batch& batch) { return loss_of(p, network, hooks, companion, batch); };
  return training;
}

/// The row's person; of data without persons every row is one of its own.
int person_of(const Dataset& set, int row) { return set.person.empty() ? row : set.person[static_cast<std::size_t>(row)]; }

/// The auxiliary rows as a defence may learn from them, each with its person, or, where every row is one of its own, with its class.
/// Nobody among them is private.
PublicRows public_rows(const Data& data, const std::vector<int>& rows, const std::string& defence) {
  const Dataset& set = data.set;
  std::set<int> known;
  for (const auto* part : {&data.split.train, &data.split.test, &data.split.attacked})
    for (const int row : *part) known.insert(person_of(set, row));
  std::vector<int> used;
  std::map<int, int> number;
  const auto label_of = [&](int row) { return set.person.empty() ? set.label[row] : person_of(set, row); };
  for (const int row : rows) {
    if (known.contains(person_of(set, row))) throw Error("data.auxiliary", Message("refusal.public_private").with("defence", defence));
    if (label_of(row) >= 0) used.push_back(row), number.try_emplace(label_of(row), static_cast<int>(number.size()));
  }
  if (number.size() < 2) throw Error("data.auxiliary", Message("refusal.public_none").with("defence", defence));
  PublicRows out{rows_of(set.inputs, used), VectorXi(static_cast<Eigen::Index>(used.size())), static_cast<int>(number.size())};
  for (std::size_t i = 0; i < used.size(); ++i) out.label[static_cast<Eigen::Index>(i)] = number.at(label_of(used[i]));
  return out;
}

/// The auxiliary rows of every second person, in order of appearance: from the first (0) or from the second (1) on.
std::vector<int> every_second(const Data& data, int first) {
  std::map<int, int> place;
  std::vector<int> out;
  for (const int row : data.split.auxiliary)
    if (place.try_emplace(person_of(data.set, row), static_cast<int>(place.size())).first->second % 2 == first) out.push_back(row);
  return out;
}

/// A network, by mini-batches.
Task train_network(Context& context, const Spec& spec, const Data& data, Network& network) {
  const auto network_spec = read<NetworkSpec>(spec.model, "model");
  const auto train = read<TrainSpec>(spec.train, "train");
  const std::vector<Json> defences = defense_parts(spec.defense);
  const NetworkHooks hooks = network_hooks(spec.defense);
  const Dataset& set = data.set;
  const int classes = static_cast<int>(set.classes.size());
  const int inputs = static_cast<int>(set.inputs.cols()), places = set.input_height * set.input_width;
  const PictureShape picture = places > 0 ? PictureShape{set.input_height, set.input_width, inputs / places} : PictureShape{};
  network = make_network(network_spec, hooks.stochastic, inputs, classes, context.random.sub("weights"), picture, hooks.noise_sd);
  network.input_mean = set.input_mean, network.input_sd = set.input_sd;
  network.input_names = set.input_names, network.class_names = set.classes;
  if (hooks.class_means) network.class_mean.value = Matrix::Zero(classes, network.code_size());
  for (const Json& part : defences)
    if (const auto prepare = network_hooks(part).prepare) {
      PublicRows own = public_rows(data, hooks.takes_public ? every_second(data, 0) : data.split.auxiliary, shown(part["kind"]));
      count_work(2. * static_cast<double>(own.inputs.size()));
      co_await Tick{};
      co_await prepare(context, std::move(own), part, network);
    }
  Matrix raw = rows_of(set.inputs, data.split.train);
  const Matrix y_once = targets_of(rows_of(set.label, data.split.train), classes);
  co_await Tick{};
  if (set.input_height && train.shifts) raw = with_shifts(raw, set.input_height, set.input_width, train.shifts);
  // with_shifts lays the copies out one whole set after the other, and so do their labels.
  const int copies = static_cast<int>(raw.rows() / y_once.rows());
  Matrix y = y_once.replicate(copies, 1), reserved;
  VectorXi secret;
  if (hooks.companion && set.secret) secret = rows_of(set.secret->of_row, data.split.train).replicate(copies, 1);
  if (hooks.reserved_fraction > 0) {
    if (raw.rows() < 2) throw Error("data.private", Message("refusal.rows_reserved").with("defence", shown(spec.defense["kind"])));
    std::vector<int> order = permutation(context.random.sub("kept back"), static_cast<int>(raw.rows()));
    const auto cut =
        order.begin() + std::clamp(static_cast<std::ptrdiff_t>(std::lround(hooks.reserved_fraction * static_cast<double>(order.size()))),
                                   std::ptrdiff_t{1}, static_cast<std::ptrdiff_t>(order.size()) - 1);
    reserved = rows_of(raw, std::vector<int>(order.begin(), cut));
    const std::vector<int> learnt(cut, order.end());
    raw = rows_of(raw, learnt), y = rows_of(y, learnt);
    if (secret.size()) secret = rows_of(secret, learnt);
  }
  co_await Tick{};
  const Matrix x = network.normalised(raw);
  count_work(4. * static_cast<double>(x.size() + y.size()));
  co_await Tick{};

  std::vector<int> live_rows = data.split.test;
  const auto most_live = static_cast<std::size_t>(std::clamp(kLiveWork / network.work(), 1., static_cast<double>(kLiveRows)));
  if (live_rows.size() > most_live) live_rows.resize(most_live);
  const Matrix live = rows_of(set.inputs, live_rows);
  const VectorXi live_label = rows_of(set.label, live_rows);
  const int look_every = std::max(1, train.epochs / kLiveLooks);

  std::unique_ptr<Companion> companion;
  const TrainingRows rows{raw, y, secret, set.secret ? static_cast<int>(set.secret->values.size()) : 0, set.input_height > 0};
  if (hooks.companion) {
    companion = hooks.companion();
    companion->begin(network, rows, context.random.sub("companion"));
  }
  Training training = training_of(network, hooks, companion.get(), x, y, copies);
  if (companion) training.before_epoch = [&](int epoch) { return companion->before_epoch(context, network, epoch); };
  training.after_epoch = [&](int epoch, double loss) {
    context.progress.live["loss"] = loss;
    if (!live_rows.empty() && (epoch % look_every == 0 || epoch == train.epochs))
      context.progress.live["accuracy"] = share_right(context, network, live, live_label);
  };
  context.progress.begin("training", train.epochs, "round");
  co_await fit(context, "fit", train, training);
  check_finite(network);
  for (const Json& part : defences)
    if (const auto learn = network_hooks(part).finish) co_await learn(context, reserved.size() ? reserved : raw, part, network);
  co_await measure_code(context, rows_of(set.inputs, data.split.train), network);
}

/// A regression on the inputs as the data set scales them, told in terms of the inputs themselves.
Task train_linear(Context& context, const Spec& spec, const Data& data, Linear& linear, Json& notes) {
  const Dataset& set = data.set;
  const MatrixD mean = set.input_mean.cast<double>(), sd = set.input_sd.cast<double>();
  const auto scaled = [&](const std::vector<int>& rows) {
    MatrixD x = rows_of(set.inputs, rows).cast<double>();
    x.rowwise() -= mean.row(0);
    x.array().rowwise() /= sd.row(0).array();
    count_work(8. * static_cast<double>(x.size()));
    return x;
  };
  const VectorXd other = rows_of(set.target, data.split.test);
  LinearProblem problem{scaled(data.split.train), rows_of(set.target, data.split.train), context.random.sub("defense"),
                        observed_bounds(scaled(data.split.test), other.minCoeff(), other.maxCoeff())};
  co_await Tick{};
  co_await defense_of(spec).linear(context, std::move(problem), spec.defense, linear, notes);
  linear.weight.array() /= sd.row(0).transpose().array();
  linear.bias -= linear.weight.dot(mean.row(0));
  linear.input_names = set.input_names;
  linear.target = {set.target_name, set.target_mean, set.target_sd, set.target_is_root};
}

TreeProblem problem_of(Context& context, const Spec& spec, const Data& data) {
  const Dataset& set = data.set;
  TreeProblem problem;
  for (const Column& column : set.table.columns) problem.data.columns.push_back({column.name, column.numeric, column.categories});
  problem.data.values = rows_of(set.inputs, data.split.train).cast<double>();
  problem.data.label = rows_of(set.label, data.split.train), problem.data.classes = set.classes;
  problem.spec = read<TreeSpec>(spec.model, "model");
  if (set.secret) problem.secret = set.secret->inputs[0];
  problem.random = context.random.sub("defense");
  const MatrixD other = rows_of(set.inputs, data.split.test).cast<double>();
  count_work(10. * static_cast<double>(other.size() + problem.data.values.size()));
  for (Eigen::Index c = 0; c < other.cols(); ++c) {
    std::pair<double, double> bounds{0, 0};
    bool first = true;
    for (const double v : other.col(c)) {
      if (std::isnan(v)) continue;
      bounds = first ? std::pair{v, v} : std::pair{std::min(bounds.first, v), std::max(bounds.second, v)};
      first = false;
    }
    problem.bounds.push_back(bounds);
  }
  return problem;
}

Task train_tree(Context& context, const Spec& spec, const Data& data, Tree& tree, Json& notes) {
  TreeProblem problem = problem_of(context, spec, data);
  co_await Tick{};
  co_await defense_of(spec).tree(context, std::move(problem), spec.defense, tree, notes);
}

/// A model of the kind that the specification names.
Task train_kind(Context& context, const Spec& spec, const Data& data, Model& out, Json& notes) {
  const Json& kind = spec.model["kind"];
  if (kind == "network") {
    out = Network();
    co_await train_network(context, spec, data, std::get<Network>(out));
  } else if (kind == "linear") {
    context.progress.begin("training", 1, "step");
    out = Linear();
    co_await train_linear(context, spec, data, std::get<Linear>(out), notes);
  } else {
    context.progress.begin("training", 1, "level");
    out = Tree();
    co_await train_tree(context, spec, data, std::get<Tree>(out), notes);
  }
}

Task train_alike(Context& context, Spec spec, Dataset own, std::vector<int> learnt, Stream random, Model& out) {
  Data data;
  data.set = std::move(own), data.split.train = std::move(learnt);
  // What the owner learns from public rows, the attacker learns from those of its own that the model is not to see.
  std::set<int> seen;
  for (const int row : data.split.train) seen.insert(person_of(data.set, row));
  for (int row = 0; row < data.set.rows(); ++row)
    if (!seen.contains(person_of(data.set, row))) data.split.auxiliary.push_back(row);
  // What is public of the owner's records is their bounds; the attacker takes those of its own. A network has none to take.
  if (spec.model["kind"] != "network") {
    data.split.auxiliary.clear(), data.split.test.resize(static_cast<std::size_t>(data.set.rows()));
    std::iota(data.split.test.begin(), data.split.test.end(), 0);
  }
  // Apart, because save points of the same names are the victim's; nothing but the progress comes out.
  Context aside{context.device, random, nullptr, {}, {}};
  Json notes = Json::object();
  Task work = train_kind(aside, spec, data, out, notes);
  while (work.advance()) {
    const std::string stage = context.progress.stage;
    context.progress = aside.progress;
    context.progress.stage = stage;
    co_await Tick{};
  }
}

Task take_step(Context& context, Spec spec, Network& network, Matrix input, int label, double rate, Stream random) {
  const NetworkHooks hooks = network_hooks(spec.defense);
  const Matrix x = network.normalised(input), y = targets_of(VectorXi::Constant(1, label), network.classes);
  Training training = training_of(network, hooks, nullptr, x, y, 1);
  training.loss = [&](Program& p, const Batch& batch) {
    Batch after_training = batch;  // what grows during a training has grown
    after_training.progress = p.full(1, 1, 1);
    return loss_of(p, network, hooks, nullptr, after_training);
  };
  TrainSpec step;
  step.optimizer = "sgd", step.schedule = "constant", step.learning_rate = rate, step.batch = step.epochs = 1;
  step.weight_decay = read<TrainSpec>(spec.train, "train").weight_decay;
  Context aside{context.device, random, nullptr, {}, {}};  // thousands of steps: none is worth a save point
  co_await fit(aside, "step", step, std::move(training));
  check_finite(network);
}

}  // namespace

Recipe recipe_of(const Spec& spec) {
  Recipe recipe;
  recipe.train = [spec](Context& context, Dataset own, std::vector<int> learnt, Stream random, Model& out) {
    return train_alike(context, spec, std::move(own), std::move(learnt), random, out);
  };
  recipe.step = [spec](Context& context, Network& network, Matrix input, int label, double rate, Stream random) {
    return take_step(context, spec, network, std::move(input), label, rate, random);
  };
  return recipe;
}

const Defense& defense_of(const Spec& spec) {
  for (const Defense* d : defenses())
    if (spec.defense["kind"] == std::string(d->about.name)) return *d;
  throw Error("defense.kind", Message("refusal.unknown_none"));  // check_spec has let only known ones through
}

std::optional<PrivacyLoss> guarantee_of(const Spec& spec, int records) {
  const Defense& defense = defense_of(spec);
  if (spec.model["kind"] == "network") {
    const NetworkHooks hooks = network_hooks(spec.defense);
    if (hooks.privacy_loss) return hooks.privacy_loss(read<TrainSpec>(spec.train, "train"), records);
  } else if (defense.privacy_loss) {
    return defense.privacy_loss(spec.defense);
  }
  return std::nullopt;
}

std::vector<int> attacker_rows(const Spec& spec, const Data& data) {
  const bool trained = spec.model["kind"] == "network" && !has_loaded_model(spec);
  return trained && network_hooks(spec.defense).takes_public ? every_second(data, 1) : data.split.auxiliary;
}

std::string victim_key(const Spec& spec, const std::string& records, const Device& device) {
  return StageCache::key(
      "victim",
      Json{{"records", records}, {"model", spec.model}, {"train", spec.train}, {"defense", spec.defense}, {"device", device.name()}});
}

Task train_target(Context& context, const Spec& spec, const Data& data, std::string records, Target& out) {
  const std::string key = victim_key(spec, records, context.device), kind = spec.model["kind"].get<std::string>();
  // A model from a file lies on the disk already, and what is said about it depends on more than the training does.
  StageCache* const cache = has_loaded_model(spec) ? nullptr : context.cache;
  const bool kept = cache && cache->load(key, [&](Unpacker& in) {
    Target read;
    std::string model, notes;
    in.get(read.seconds), in.get(model), in.get(notes);
    read.model = model_from_bytes(kind, model, "the stage cache");
    read.notes = parse_json(notes, "the stage cache", notes.size());
    out = std::move(read);
  });
  if (kept) co_return;
  const Stopwatch watch(context.saves, "train_s");
  if (kind == kBlackBox) {
    context.progress.begin("reading", 1, "");
    BlackBox box;
    open_black_box(context, spec, data, out.outside, box, out.warnings);
    out.model = box;
    co_await examine_loaded_model(context, spec, data, out.model, out.warnings);
  } else if (has_loaded_model(spec)) {
    out.model = read_loaded_model(spec, data, out.warnings);
    // By these an embedding is rounded or cut; a file of another program lacks them.
    if (auto* network = std::get_if<Network>(&out.model); network && network->code_sd.size() == 0)
      co_await measure_code(context, rows_of(data.set.inputs, data.split.train), *network);
    co_await examine_loaded_model(context, spec, data, out.model, out.warnings);
  } else {
    co_await train_kind(context, spec, data, out.model, out.notes);
  }
  out.seconds = watch.seconds();
  if (!cache) co_return;
  Packer bytes;
  bytes.add(out.seconds), bytes.add(model_bytes(out.model, spec.json())), bytes.add(out.notes.dump());
  cache->put(key, bytes.take());
}

Task uncut_tree(Context& context, const Spec& spec, const Data& data, const Tree& tree, Tree& out) {
  const Defense* defence = defense_called(spec.defense["kind"].get<std::string>());
  if (!defence || !defence->tree_price || has_loaded_model(spec)) {
    out = tree;
    co_return;
  }
  const Progress progress = context.progress;  // nobody is to hear of a second tree
  TreeProblem problem = problem_of(context, spec, data);
  co_await grow_on(context, std::move(problem.data), problem.spec, tree, out);
  context.progress = progress;
}

}  // namespace mid
