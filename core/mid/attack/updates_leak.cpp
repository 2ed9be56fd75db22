// The class of the one record with which a model was updated, from what the update changed in its answers to other records.
// Black box. Salem, Bhattacharya, Backes, Fritz, Zhang, USENIX Security 2020; method.md sections 4 and 4.1.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/average_answer.hpp"
#include "mid/base/error.hpp"
#include "mid/nn/fit.hpp"

namespace mid::attack {
namespace {

struct Spec {
  double update_rate = .01, learning_rate = 1e-3;
  std::vector<int> hidden{128, 64};
  int probes = 100, updates = 1000, draws = 4, networks = 10, epochs = 50, batch = 64, repeats = 1;
  static std::vector<Param> params() {
    return {
        param(&Spec::update_rate, "update_rate", 1e-6, 10, "", "attack.updates_leak.update_rate", "method.md 4.1, Updates-Leak"),
        param(&Spec::probes, "probes", 1, 10000, "records", "attack.updates_leak.probes", "method.md 4.1, Updates-Leak"),
        param(&Spec::updates, "updates", 1, 1'000'000, "records", "attack.updates_leak.updates"),
        param(&Spec::draws, "draws", 1, 50, "draws", "attack.updates_leak.draws"),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.updates_leak.repeats"),
        param(&Spec::hidden, "hidden", 1, 4096, "units", "attack.updates_leak.hidden", "method.md 4.1, Updates-Leak"),
        param(&Spec::networks, "networks", 1, 100, "networks", "attack.updates_leak.networks", "method.md 4.1, Updates-Leak"),
        param(&Spec::epochs, "epochs", 1, 10000, "rounds", "attack.updates_leak.epochs", "method.md 4.1, Updates-Leak"),
        param(&Spec::batch, "batch", 1, 4096, "updates", "attack.updates_leak.batch"),
        param(&Spec::learning_rate, "learning_rate", 1e-6, 1, "", "attack.updates_leak.learning_rate", "method.md 4.1, Updates-Leak"),
    };
  }
};

/// The attacker's own records by what they serve; no record serves twice.
struct OwnRows {
  std::vector<int> probes, updates, shadow;
};

OwnRows dealt(const Dataset& auxiliary, const Spec& spec, Stream random) {
  const int classes = static_cast<int>(auxiliary.classes.size());
  std::vector<int> count(static_cast<std::size_t>(classes)), asked = count;
  for (const int label : auxiliary.label)
    if (label >= 0) ++count[static_cast<std::size_t>(label)];
  OwnRows rows;
  std::vector<int> others;
  for (const int row : permutation(random, auxiliary.rows())) {
    if (auxiliary.label[row] < 0) continue;
    const auto label = static_cast<std::size_t>(auxiliary.label[row]);
    // Of a rare class two of three records stay for the shadow and its updates.
    const bool probe = asked[label] < std::min(std::max(1, spec.probes / classes), count[label] / 3);
    if (probe) ++asked[label];
    (probe ? rows.probes : others).push_back(row);
  }
  const auto updates = static_cast<std::ptrdiff_t>(std::min(static_cast<std::size_t>(spec.updates), others.size() / 2));
  rows.updates.assign(others.begin(), others.begin() + updates);
  rows.shadow.assign(others.begin() + updates, others.end());
  if (rows.probes.empty() || rows.updates.empty()) throw Error("data.auxiliary", Message("refusal.attacker_classes"));
  return rows;
}

/// One way to look at updates, and how many of its rows a victim gets.
struct Look {
  UpdateView view;
  const char* name;
  int draws;
};

/// What changed, look after look, draw after draw, one row a victim: of the probes one after the other the change of every
/// number answered.
struct Changes {
  Matrix rows;
  int wanted = 0;  // rows, once there are any
  void pack(Packer& out) const { out.add(rows); }
  void unpack(Unpacker& in) {
    in.get(rows);
    Unpacker::expect(rows.size() == 0 || rows.rows() == wanted);
  }
  static auto members(Changes& c) { return std::tie(c); }
};

Task watch(Context& context, std::string name, Oracle& oracle, Matrix probes, std::vector<Look> looks, int repeats, Changes& out) {
  const int victims = oracle.victims();
  std::vector<UpdateLook> asked;
  std::vector<int> first;  // row of each look
  int rows = 0;
  for (const Look& look : looks) asked.push_back({look.view, look.draws * repeats}), first.push_back(rows), rows += look.draws * victims;
  out.wanted = rows;
  context.progress.begin("attacking", victims, "update");
  for (Loop victim(context, name, victims, out); victim; co_await victim.next()) {
    context.progress.done = *victim;
    const AverageAnswer empty(oracle.release().cut->quantisation_half_width, kLeastLogConfidence);
    AverageAnswer before = empty, after = empty;
    std::vector<int> heard(looks.size());
    const std::function<void(std::size_t, const Answers&, const Answers&)> listen = [&](std::size_t look, const Answers& was,
                                                                                        const Answers& is) {
      before.add(was), after.add(is);
      if (++heard[look] % repeats != 0) return;
      const Matrix change = after.mean() - before.mean();
      if (out.rows.size() == 0) out.rows.resize(rows, change.size());
      Unpacker::expect(out.rows.cols() == change.size());  // false where a save point was damaged
      out.rows.row(first[look] + (heard[look] / repeats - 1) * victims + *victim) = change.reshaped<Eigen::RowMajor>().transpose();
      before = after = empty;
    };
    co_await oracle.observe_update(context, *victim, probes, asked, listen);
  }
}

/// ln of the beliefs summed over the networks, look after look, one row a victim.
struct Beliefs {
  MatrixD sum;
  void pack(Packer& out) const { out.add(sum); }
  void unpack(Unpacker& in) { in.get_same(sum); }
  static auto members(Beliefs& b) { return std::tie(b); }
};

/// One network learns from the changes `read` whose class is `label`, and adds its beliefs about the rows of `seen` to `out`.
Task add_belief(Context& context, Spec spec, Matrix read, VectorXi label, Matrix seen, int classes, Stream random,
                Eigen::Ref<MatrixD> out) {
  NetworkSpec shape;
  shape.hidden = spec.hidden, shape.bottleneck = 0;
  Model model = make_network(shape, false, static_cast<int>(read.cols()), classes, random.sub("weights"));
  Network& network = std::get<Network>(model);
  // A step changes answers by hundredths: one scale brings them to 1. A scale for each number would let those that never
  // moved in the shadow drown all others once they do move.
  const float size = std::sqrt(read.squaredNorm() / static_cast<float>(read.size()));
  network.input_sd.setConstant(size > 0 ? size : 1);
  const Matrix x = network.normalised(read), y = targets_of(label, classes);
  count_work(8. * static_cast<double>(read.size()));
  co_await Tick{};
  Training training;
  training.parameters = network.parameters();
  training.data = {&x, &y};
  training.loss = [&](Program& p, const Batch& batch) {
    return p.mean_of_rows(record_cross_entropy(p, network.record(p, batch.data[0]).logits, batch.data[1]));
  };
  TrainSpec train;
  train.schedule = "constant", train.learning_rate = spec.learning_rate, train.batch = spec.batch, train.epochs = spec.epochs;
  Context aside{context.device, random, nullptr, {}, {}};  // a save point of each of the networks would be megabytes
  co_await fit(aside, "updates_leak", train, training);
  check_finite(network);
  Activations inside;
  co_await activations(aside, network, std::move(seen), inside);
  const Released answer = full_answer(subject_of(model, false), logits_of(network, inside.mu));
  out += log_probability_of(answer, model).array().exp().matrix();
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& auxiliary = knowledge.auxiliary;
  const int classes = oracle.classes(), victims = oracle.victims();
  const OwnRows own = dealt(auxiliary, spec, context.random.sub("own rows"));

  std::vector<Look> looks{{UpdateView::released, "", oracle.fresh() ? spec.draws : 1}};
  if (oracle.noisy()) {
    if (oracle.fresh())
      looks.push_back({UpdateView::same_noise, "same_noise", spec.draws});
    else
      looks.push_back({UpdateView::fresh_noise, "fresh_noise", spec.draws});
    looks.push_back({UpdateView::mean, "mean", 1});
  }
  looks.push_back({UpdateView::no_update, "no_update", oracle.fresh() ? spec.draws : 1});

  // A shadow of the model: trained as the owner trains, and updated as the owner updates, on records of one's own.
  context.progress.begin("attacking", 1, "round");
  Model like;
  Dataset own_training = subset(auxiliary, own.shadow);
  std::vector<int> all_rows(own.shadow.size());
  std::iota(all_rows.begin(), all_rows.end(), 0);
  co_await knowledge.recipe.train(context, std::move(own_training), std::move(all_rows), context.random.sub("shadow"), like);
  // Its noise is not the owner's: that hangs on the owner's seed.
  Oracle owner_of_shadow(like, oracle.release_spec(), Access::update | Access::scores | Access::embedding,
                         rows_of(auxiliary.inputs, own.updates), Stream{context.random.sub("shadow").name});
  const VectorXi own_label = rows_of(auxiliary.label, own.updates);
  owner_of_shadow.allow_updates(knowledge.recipe.step, own_label, spec.update_rate);
  const Matrix probes = rows_of(auxiliary.inputs, own.probes);
  Changes learnt, seen;
  co_await watch(context, "updates_leak own", owner_of_shadow, probes, looks, spec.repeats, learnt);
  std::vector<Look> once = looks;
  for (Look& look : once) look.draws = 1;
  co_await watch(context, "updates_leak victims", oracle, probes, once, spec.repeats, seen);
  Unpacker::expect(learnt.rows.cols() == seen.rows.cols());

  Beliefs beliefs{MatrixD::Zero(static_cast<Eigen::Index>(looks.size()) * victims, classes)};
  const int trainings = static_cast<int>(looks.size()) * spec.networks;
  context.progress.begin("attacking", trainings, "network");
  for (Loop training(context, "updates_leak networks", trainings, beliefs); training; co_await training.next()) {
    context.progress.done = *training;
    const int look = *training / spec.networks;
    Eigen::Index first = 0;
    for (int l = 0; l < look; ++l) first += looks[static_cast<std::size_t>(l)].draws * own_label.size();
    const int draws = looks[static_cast<std::size_t>(look)].draws;
    Spec one = spec;
    one.epochs = std::max(1, spec.epochs / draws);
    const Stream random = context.random.sub("updates_leak").sub(static_cast<std::uint64_t>(*training));
    Matrix read = learnt.rows.middleRows(first, draws * own_label.size()), about = seen.rows.middleRows(look * victims, victims);
    VectorXi label = own_label.replicate(draws, 1);
    count_work(2. * static_cast<double>(read.size() + about.size()));
    co_await Tick{};
    co_await add_belief(context, one, std::move(read), std::move(label), std::move(about), classes, random,
                        beliefs.sum.middleRows(look * victims, victims));
  }
  context.progress.done = trainings;

  VectorXd share = VectorXd::Ones(classes);  // a class that it happens to lack is not impossible
  for (const int label : auxiliary.label)
    if (label >= 0) share[label] += 1;
  out.prior = (share / share.sum()).array().log().matrix().transpose().replicate(victims, 1);
  for (std::size_t l = 0; l < looks.size(); ++l) {
    const MatrixD score = (beliefs.sum.middleRows(static_cast<Eigen::Index>(l) * victims, victims) / spec.networks).array().log();
    if (looks[l].view == UpdateView::released)
      out.log_posterior = score;
    else
      out.more[looks[l].name] = score;
  }
  out.notes["own_records"] = {{"probes", own.probes.size()}, {"updates", own.updates.size()}, {"shadow", own.shadow.size()}};
}

}  // namespace

extern const Attack updates_leak;
const Attack updates_leak{{"updates_leak",
                           "attack.updates_leak.title",
                           "attack.updates_leak.summary",
                           "Salem et al., USENIX Security 2020; method.md section 4.1",
                           &Spec::params,
                           {"network"}},
                          Access::update,
                          Attack::Finds::label,
                          &run};

}  // namespace mid::attack
