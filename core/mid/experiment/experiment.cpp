#include "mid/experiment/experiment.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/stage_cache.hpp"
#include "mid/experiment/handover.hpp"
#include "mid/experiment/judge.hpp"
#include "mid/experiment/loaded_model.hpp"
#include "mid/experiment/measures.hpp"
#include "mid/experiment/named_files.hpp"
#include "mid/experiment/population.hpp"
#include "mid/experiment/target.hpp"
#include "mid/experiment/tree_sheet.hpp"
#include "mid/experiment/unknown_columns.hpp"
#include "mid/measure/figure.hpp"
#include "mid/model/attribute_scores.hpp"
#include "mid/model/tree/tree_inversion.hpp"
#include "mid/report/words.hpp"

namespace mid {
namespace {

std::vector<std::string> also_unknown(const Spec& spec) { return spec.attack.value("also_unknown", std::vector<std::string>()); }

bool finds_pictures(const Attack& attack) {
  return attack.finds == Attack::Finds::instance_picture || attack.finds == Attack::Finds::class_picture;
}

/// An attack on the label needs a way to train like the owner, and victims whose class the model was never told.
void check_label_attack(const Spec& spec, const Data& data, const std::string& name) {
  const std::string attack = shown(spec.attack["kind"]);
  if (has_loaded_model(spec)) throw Error("model.file", Message("refusal.model_training_unknown").with("attack", attack));
  const auto labelled = [&](const std::vector<int>& rows) {
    return std::any_of(rows.begin(), rows.end(), [&](int row) { return data.set.label[row] >= 0; });
  };
  if (!labelled(data.split.attacked) || !labelled(data.split.auxiliary))
    throw Error("attack.kind",
                Message("refusal.no_common_classes")
                    .with("attack", attack)
                    .with("whose",
                          Message(labelled(data.split.attacked) ? "refusal.part.own_records" : "refusal.part.victims").with("data", name)));
  std::vector<int> learnt = data.split.train;
  std::sort(learnt.begin(), learnt.end());
  if (std::any_of(data.split.attacked.begin(), data.split.attacked.end(),
                  [&](int row) { return std::binary_search(learnt.begin(), learnt.end(), row); }))
    throw Error("data.victims", Message("refusal.needs_held_out").with("attack", attack));
}

/// An attack on membership trains models like the owner's on records of its own, which have what the model predicts.
void check_membership_attack(const Spec& spec, const Data& data, const std::string& name) {
  const std::string attack = shown(spec.attack["kind"]);
  if (has_loaded_model(spec)) throw Error("model.file", Message("refusal.model_training_unknown").with("attack", attack));
  const auto usable = [&](int row) { return data.set.classes.empty() || data.set.label[row] >= 0; };
  if (std::none_of(data.split.auxiliary.begin(), data.split.auxiliary.end(), usable))
    throw Error("attack.kind", Message("refusal.membership_classes").with("attack", attack).with("data", name));
}

/// Whether an entry is about what a black box answers: numbers as a regression does, or classes.
bool is_about(const About& about, bool number) {
  const auto lists = [&](const char* kind) { return std::find(about.models.begin(), about.models.end(), kind) != about.models.end(); };
  return about.models.empty() || (number ? lists("linear") : lists("network") || lists("tree"));
}

/// A black box answers as the data have it, so what suits its kind need not suit its answers.
void check_black_box_entries(const Spec& spec, bool number, const Attack* attack) {
  const auto refuse = [&](const char* field, const Json& found) {
    throw Error(field, Message(number ? "refusal.outside_for_classes" : "refusal.outside_for_numbers")
                           .with("found", shown(found))
                           .with("data", shown(spec.data["name"])));
  };
  if (attack && !is_about(attack->about, number)) refuse("attack.kind", spec.attack["kind"]);
  if (!is_about(release_called(spec.release["kind"].get<std::string>())->about, number)) refuse("release.kind", spec.release["kind"]);
}

/// What cannot be known before the data is read, and need not wait for the training.
void check_against_data(const Spec& spec, const Data& data, const Attack* attack) {
  const std::string name = shown(spec.data["name"]), kind = spec.model["kind"].get<std::string>();
  const bool number = data.set.classes.size() < 2;
  if (kind == kBlackBox)
    check_black_box_entries(spec, number, attack);
  else if (number && kind != "linear")
    throw Error("model.kind", Message(kind == "network" && has_loaded_model(spec) ? "refusal.needs_classes_file" : "refusal.needs_classes")
                                  .with("model", kind)
                                  .with("data", name));
  if (!number && kind == "linear") throw Error("model.kind", Message("refusal.needs_number").with("data", name));
  if (kind == "tree" && data.set.table.columns.empty()) throw Error("model.kind", Message("refusal.needs_table").with("data", name));
  if (data.split.train.empty() || data.split.test.empty()) throw Error("data", Message("refusal.no_rows_left"));
  if (data.set.input_height == 0 && spec.train.value("shifts", 0) != 0)
    throw Error("train.shifts", Message("refusal.not_pictures_shifts").with("data", name).with("found", shown(spec.train["shifts"])));
  if (!attack) return;
  const bool by_column = spec.data.contains("split_column") && !spec.data["split_column"].is_null();
  if (attack->needs_auxiliary && by_column && data.split.auxiliary.empty())
    throw Error("data.split_column", Message("refusal.split_no_auxiliary"));
  if (data.split.attacked.empty() || (attack->needs_auxiliary && data.split.auxiliary.empty()))
    throw Error("data", Message("refusal.no_victims_left"));
  if (attack->finds == Attack::Finds::attribute && !data.set.secret)
    throw Error("attack.kind", Message("refusal.no_secret").with("attack", shown(spec.attack["kind"])).with("data", name));
  if (finds_pictures(*attack) && data.set.pictures.size() == 0)
    throw Error("attack.kind", Message("refusal.not_pictures").with("attack", shown(spec.attack["kind"])).with("data", name));
  if (attack->finds == Attack::Finds::label) check_label_attack(spec, data, name);
  if (attack->finds == Attack::Finds::membership) check_membership_attack(spec, data, name);
  if (spec.control == kPermuted &&
      (attack->finds == Attack::Finds::class_picture ? data.set.classes.size() : data.split.attacked.size()) < 2)
    throw Error("control", Message("refusal.control_one_victim"));
  (void)unknown_columns(data, also_unknown(spec));
}

/// What a null control did, so that nobody takes its figures for those of the attack or the model.
Message control_warning(const Spec& spec, const Attack* attack) {
  if (spec.control == kZero) return Message("warning.control_zero");
  return Message(attack && attack->finds == Attack::Finds::class_picture ? "warning.control_classes" : "warning.control_permuted");
}

Task learn_of_victims(const Spec& spec, const Data& data, const Attack& attack, const std::string& fingerprint, Knowledge& k) {
  const std::vector<int> own = attacker_rows(spec, data);
  k.auxiliary = subset(data.set, own);
  co_await Tick{};
  // The model's own scaling may come from private rows; the attacker has its own.
  if (k.auxiliary.input_height == 0) scale_of_columns(k.auxiliary.inputs, k.auxiliary.input_mean, k.auxiliary.input_sd);
  if (tick_due(6. * static_cast<double>(k.auxiliary.inputs.size()))) co_await Tick{};
  k.fingerprint = own.size() == data.split.auxiliary.size() ? fingerprint : fingerprint + " every second";
  if (!has_loaded_model(spec)) k.recipe = recipe_of(spec);
  if (attack.finds == Attack::Finds::label) co_return;  // of the victims it knows nothing
  if (attack.finds == Attack::Finds::membership)
    k.known = rows_of(data.set.inputs, data.split.attacked);
  else if (data.set.secret)
    k.known = without_secret(rows_of(data.set.inputs, data.split.attacked), *data.set.secret);
  k.unknown = unknown_columns(data, also_unknown(spec));
  for (const Unknown& u : k.unknown)
    for (int input : u.inputs) k.known.col(input).setZero();
  if (data.set.label.size()) k.label = rows_of(data.set.label, data.split.attacked);
  if (data.set.target.size()) k.target = rows_of(data.set.target, data.split.attacked);
  co_await Tick{};
}

/// Null control: class c is told what was drawn for class order[c].
void permute_classes(AttackResult& attack_result, const std::vector<int>& order) {
  for (Matrix& drawn : attack_result.pictures) drawn = rows_of(drawn, order);
  for (auto& [name, trials] : attack_result.more_pictures)
    for (Matrix& drawn : trials) drawn = rows_of(drawn, order);
  for (Matrix& drawn : attack_result.path.pictures) drawn = rows_of(drawn, order);
}

/// What the owner publishes with the model, over the training records.
Task publish(Context& context, const Model& model, const Data& data, Knowledge& k) {
  const std::vector<int>& train = data.split.train;
  k.training_records = static_cast<int>(train.size());
  if (data.set.secret) {
    k.secret_share.setZero(static_cast<Eigen::Index>(data.set.secret->values.size()));
    for (int row : train)
      if (const int v = data.set.secret->of_row[row]; v >= 0) k.secret_share[v] += 1;
    k.secret_share /= std::max(1., k.secret_share.sum());
  }
  if (std::holds_alternative<Network>(model)) co_return;
  Activations inside;
  co_await pre_noise_output(context, model, rows_of(data.set.inputs, train), inside);
  if (classes_of(model) == 0) {
    k.training_error = std::sqrt((inside.mu.col(0).cast<double>() - rows_of(data.set.target, train)).array().square().mean());
    co_return;
  }
  VectorXi predicted(static_cast<Eigen::Index>(train.size()));
  for (Eigen::Index i = 0; i < predicted.size(); ++i) {
    Eigen::Index best = 0;
    inside.mu.row(i).maxCoeff(&best);
    predicted[i] = static_cast<int>(best);
  }
  k.confusion = confusion(rows_of(data.set.label, train), predicted, classes_of(model));
  if (tick_due(4. * static_cast<double>(inside.mu.size()))) co_await Tick{};
  if (!std::holds_alternative<Tree>(model)) co_return;
  const MatrixD values = rows_of(data.set.inputs, train).cast<double>();
  co_await code_shares(std::get<Tree>(model), values, k.column_share);
}

/// Of a private training: no attack on membership beats exp(epsilon) times its false-positive rate plus delta.
void tell_membership_bound(const Spec& spec, const Data& data, Result& result) {
  const auto loss = guarantee_of(spec, static_cast<int>(data.split.train.size()));
  if (!loss) return;
  for (const FigureKind& f : figure_kinds()) {
    const auto found = result.privacy.find(std::string(f.key));
    if (!(f.attacks == FigureKind::membership) || found == result.privacy.end() || !found->second.baseline) continue;
    const double rate = *found->second.baseline, most = std::exp(loss->epsilon) * rate + loss->delta;
    result.notes["membership_bound"][std::string(f.key)] = std::min(1., most);
    if (!(most < 1)) continue;
    result.warnings.push_back(Message("warning.membership_bound")
                                  .with("epsilon", number_words(loss->epsilon, ""))
                                  .with("delta", shown(loss->delta))
                                  .with("false", number_words(rate, "proportion") + "\u202f%")
                                  .with("true", number_words(most, "proportion") + "\u202f%"));
  }
}

/// Says where the work was done. Nobody is to believe that a GPU worked when none did.
void name_device(const Device& device, const Model& model, std::uint64_t before, Result& result) {
  const std::uint64_t dispatches = device.dispatches() - before;
  if (!std::holds_alternative<Network>(model)) {
    result.device = "cpu";
    const bool outside = std::holds_alternative<BlackBox>(model);
    result.warnings.push_back(Message(outside ? "warning.no_device_outside" : "warning.no_device").with("device", device.name()));
    return;
  }
  if (device.name() == "gpu" && dispatches == 0) throw Failure(Message("refusal.gpu_idle"));
  result.device = device.name() + (device.adapter().empty() ? "" : " (" + device.adapter() + ")");
  result.notes["dispatches"] = dispatches;
}

std::string outcome_key(const Spec& spec, const std::string& records, const Device& device, OnSheets on_sheets = OnSheets::first_victims) {
  Json parts{{"spec", spec.json()}, {"data", records}, {"device", device.name()}, {"file", loaded_model_digest(spec)}};
  if (on_sheets == OnSheets::all_victims) parts["victims"] = "all";
  return StageCache::key("outcome", parts);
}

void put_outcome(StageCache& cache, const std::string& key, const Outcome& outcome) {
  Packer packed;
  pack_members(packed, outcome);
  cache.put(key, packed.take());
}

}  // namespace

void forget_run(StageCache& cache, const Spec& spec, const Device& device) {
  const std::string records = data_key(spec);
  for (const OnSheets on_sheets : {OnSheets::first_victims, OnSheets::all_victims})
    cache.erase(outcome_key(spec, records, device, on_sheets));
  cache.erase(victim_key(spec, training_data_key(spec, records), device));
}

std::optional<Outcome> kept_outcome(StageCache& cache, const Spec& spec, const Device& device) {
  Outcome kept;
  if (!cache.load(outcome_key(spec, data_key(spec), device), [&](Unpacker& in) { unpack_members(in, kept); })) return std::nullopt;
  return kept;
}

void keep_outcome(StageCache& cache, const Spec& spec, const Device& device, const Outcome& outcome) {
  put_outcome(cache, outcome_key(spec, data_key(spec), device), outcome);
}

Task run_experiment(Context& context, DatasetCache& datasets, Spec spec, Outcome& out, Disguise disguise, OnSheets on_sheets) {
  context.random = Stream{spec.seed};
  const std::string records = data_key(spec);
  const std::string key = outcome_key(spec, records, context.device, on_sheets);
  const bool keep = context.cache && !disguise;
  const bool kept = keep && context.cache->load(key, [&](Unpacker& in) {
    Outcome read;
    unpack_members(in, read);
    out = std::move(read);
  });
  if (kept) co_return;
  out = {};
  Result& result = out.result;
  result.id = run_id(spec), result.spec = spec.json(), result.device = context.device.name();
  context.device.begin_run();
  const std::uint64_t dispatches = context.device.dispatches();

  context.progress.begin("reading", 1, "");
  co_await Tick{};
  const Attack* attack = attack_called(spec.attack["kind"].get<std::string>());
  const bool gaussian = has_gaussian_people(spec);
  Population people;
  Data drawn;
  if (gaussian) co_await gaussian_people(context, datasets.data(spec), people, drawn);
  const Data& data = gaussian ? drawn : datasets.data(spec);
  check_against_data(spec, data, attack);
  if (spec.control != kNoControl) result.warnings.push_back(control_warning(spec, attack));
  for (const Message& w : data.warnings) result.warnings.push_back(w);
  if (attack && finds_pictures(*attack)) out.sheet = sheet_before_attack(data, attack->finds);
  co_await Tick{};

  Target victim;
  co_await train_target(context, spec, data, training_data_key(spec, records), victim);
  Model& model = victim.model;
  if (spec.control == kZero) set_to_zero(model);
  result.timing.train = victim.seconds, result.notes = victim.notes;
  for (const Message& w : victim.warnings) result.warnings.push_back(w);
  out.model = model_bytes(model, spec.json());

  context.progress.begin("measuring", 1, "");
  ReleaseSpec release = read_release(spec.release, "release");
  release.disguise = disguise;
  const Access released = release.of_embedding ? Access::embedding : Access::scores;
  Oracle user(model, release, released, rows_of(data.set.inputs, data.split.test), context.random.sub("user"));
  co_await Tick{};
  Oracle trainer(model, release, released, rows_of(data.set.inputs, data.split.train), context.random.sub("trainer"));
  co_await Tick{};
  if (classes_of(model) == 0) {
    co_await measure_fit(context, user, trainer, model, data, result);
  } else {
    const VectorXi test_label = rows_of(data.set.label, data.split.test), train_label = rows_of(data.set.label, data.split.train);
    co_await measure_use(context, user, model, test_label, "", result);
    co_await measure_use(context, trainer, model, train_label, "_train", result);
    if (const auto* network = std::get_if<Network>(&model); network && network->purifier)
      co_await measure_purifier(context, *network, data, result);
  }
  co_await measure_information(context, spec, user.release(), model, data, result);
  if (const auto* tree = std::get_if<Tree>(&model); tree && data.set.secret) {
    Tree uncut;
    co_await uncut_tree(context, spec, data, *tree, uncut);
    co_await tree_sheet(*tree, uncut, data, out.tree.emplace());
  }

  if (attack) {
    context.progress.begin("attacking", 1, "");
    const Stopwatch watch(context.saves, "attack_s");
    Knowledge knowledge;
    co_await learn_of_victims(spec, data, *attack, records, knowledge);
    co_await publish(context, model, data, knowledge);
    const bool only_answers = std::holds_alternative<BlackBox>(model);
    Oracle oracle(model, release, only_answers ? released : attack->needs | released, rows_of(data.set.inputs, data.split.attacked),
                  context.random.sub("victim"));
    if (attack->finds == Attack::Finds::label)
      oracle.allow_updates(knowledge.recipe.step, rows_of(data.set.label, data.split.attacked), spec.attack["update_rate"].get<double>());
    const bool permuted = spec.control == kPermuted;
    if (permuted) {
      const std::vector<int> order = permutation(context.random.sub("null control"), oracle.victims());
      if (knowledge.label.size()) knowledge.label = rows_of(knowledge.label, order);
      if (knowledge.target.size()) knowledge.target = rows_of(knowledge.target, order);
      // Records travel with their answers: what is permuted is who was a member.
      if (attack->finds == Attack::Finds::membership) knowledge.known = rows_of(knowledge.known, order);
      oracle.permute_victims(order);
    }
    oracle.count_in(context.saves);
    AttackResult attack_result;
    co_await attack->run(context, oracle, knowledge, spec.attack, attack_result);
    if (permuted && attack->finds == Attack::Finds::class_picture)
      permute_classes(attack_result, permutation(context.random.sub("null control"), static_cast<int>(data.set.classes.size())));
    result.timing.attack = watch.seconds();
    result.notes.update(attack_result.notes);
    result.notes["queries"] = oracle.queries();
    for (const Message& w : attack_result.warnings) result.warnings.push_back(w);
    const Stream bootstrap = context.random.sub("bootstrap");
    if (!finds_pictures(*attack))
      co_await measure_beliefs(data, attack->finds, attack_result, bootstrap, on_sheets, out);
    else
      co_await measure_pictures(data, attack->finds, attack_result, bootstrap, on_sheets, out);
    if (attack->finds == Attack::Finds::instance_picture) co_await measure_answers(context, oracle, model, data, *out.sheet);
    if (attack->finds == Attack::Finds::membership) tell_membership_bound(spec, data, result);
    co_await Tick{};
    if (attack->finds == Attack::Finds::class_picture && spec.attack.value("judge", true))
      co_await measure_judged(context, data, records, attack_result, result);
    if (gaussian && attack->finds == Attack::Finds::instance_picture)
      co_await measure_ceiling(context, spec, oracle.release(), model, data, people, result);
    if (oracle.overheard()) co_await measure_limit(context, spec, oracle.release(), data, attack->finds, knowledge, attack_result, result);
  }
  if (victim.outside) result.notes["questions"] = victim.outside->questions();
  if (context.device.remote()) name_device(context.device, model, dispatches, result);
  context.progress.begin("done", 1, "");
  context.progress.done = 1;
  if (keep) put_outcome(*context.cache, key, out);
}

}  // namespace mid
