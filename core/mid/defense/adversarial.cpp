// Learning against one attribute: the code is to leave networks that guess the secret from it, and learn along, as unsure as possible.
// Ganin and Lempitsky, ICML 2015; for privacy Xie et al. 2017. What its own adversaries get is never shown as privacy: an attacker who
// learns afresh gets more (Elazar and Goldberg, EMNLP 2018). method.md 4.1, "Adversarial representation".
#include <array>

#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

constexpr std::array<int, 3> kWidths{32, 64, 128};
constexpr int kRenewEvery = 10;  // epochs after which one of them, in turn, forgets all

struct Spec {
  double strength = 1;
  std::string against = "confuse";
  static std::vector<Param> params() {
    return {param(&Spec::strength, "strength", 0, 1000, "", "defense.adversarial.strength", "Ganin and Lempitsky, ICML 2015"),
            choice(&Spec::against, "against", {"confuse", "reverse"}, "defense.adversarial.against", "method.md 4.1")};
  }
};

class Adversaries : public Companion {
 public:
  explicit Adversaries(Spec spec) : spec_(std::move(spec)) {}

  void begin(Network& network, const TrainingRows& rows, Stream random) override {
    if (rows.secret.size() == 0) throw Error("defense.kind", Message("refusal.needs_secret").with("defence", "\"adversarial\""));
    random_ = random, code_size_ = network.code_size();
    outputs_ = rows.secrets == 2 ? 1 : rows.secrets;
    record_data_ = Matrix::Zero(rows.secret.size(), outputs_ + 1);
    for (Eigen::Index r = 0; r < rows.secret.size(); ++r) {
      if (rows.secret[r] < 0) continue;
      record_data_(r, outputs_) = 1;
      if (outputs_ > 1)
        record_data_(r, rows.secret[r]) = 1;
      else
        record_data_(r, 0) = static_cast<float>(rows.secret[r]);
    }
    for (std::size_t i = 0; i < all_.size(); ++i) make(i, 0);
  }
  std::vector<Parameter*> learners() override {
    std::vector<Parameter*> out;
    for (auto& [inner, outer] : all_)
      for (DenseLayer* layer : {&inner, &outer}) out.push_back(&layer->weight), out.push_back(&layer->bias);
    return out;
  }
  Matrix* record_data() override { return &record_data_; }

  Task before_epoch(Context&, const Network&, int epoch) override {
    if (epoch > 0 && epoch % kRenewEvery == 0) make(static_cast<std::size_t>(epoch / kRenewEvery - 1) % all_.size(), epoch);
    co_return;
  }

  /// g times the mean over adversaries and rows: confuse, the cross entropy of an even guess; reverse, the adversary's own, negative.
  /// g grows from 0 to `strength`: strength (2 / (1 + e^(-10 progress)) - 1).
  Var penalty(Program& p, const NetworkVars& v, const Batch& batch) override {
    const bool confuse = spec_.against == "confuse";
    const float even = 1.f / static_cast<float>(outputs_ > 1 ? outputs_ : 2);
    const Var y = confuse ? p.full(batch.rows, outputs_, even) : p.columns(batch.record_data, 0, outputs_);
    const Var grown = p.scale(p.tanh(p.scale(batch.progress, 5)), static_cast<float>(confuse ? spec_.strength : -spec_.strength));
    return p.mul(grown, mean_surprise(p, v, batch, y));
  }
  Var loss(Program& p, const NetworkVars& v, const Batch& batch) override {
    return mean_surprise(p, v, batch, p.columns(batch.record_data, 0, outputs_));
  }

 private:
  void make(std::size_t i, int epoch) {
    const Stream random = random_.sub(static_cast<std::uint64_t>(epoch)).sub(i);
    all_[i].first = make_layer(code_size_, kWidths[i], random.sub("inner"));
    all_[i].second = make_layer(kWidths[i], outputs_, random.sub("outer"));
  }

  /// Mean over adversaries and rows with a known secret of the cross entropy of what they say and `y`.
  Var mean_surprise(Program& p, const NetworkVars& v, const Batch& batch, Var y) {
    const Var code = v.z.id >= 0 ? v.z : v.features;
    const Var known = p.columns(batch.record_data, outputs_, 1), count = p.sum(known);
    const Var many = p.add(count, p.leaky_relu(p.shift(p.scale(count, -1), 1), 0));
    Var total = p.full(1, 1, 0);
    for (auto& [inner, outer] : all_) {
      const Var between = p.leaky_relu(p.dense(code, p.parameter(inner.weight), p.parameter(inner.bias)), 0);
      const Var guess = p.dense(between, p.parameter(outer.weight), p.parameter(outer.bias));
      total = p.add(total, p.div(p.sum(p.mul(known, record_cross_entropy(p, guess, y))), many));
    }
    return p.scale(total, 1.f / static_cast<float>(all_.size()));
  }

  Spec spec_;
  Stream random_;
  int code_size_ = 0, outputs_ = 1;
  std::array<std::pair<DenseLayer, DenseLayer>, kWidths.size()> all_;
  Matrix record_data_;  // rows x (as targets_of() has them, and whether the secret is known)
};

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.needs = NetworkHooks::Needs::inside;
  hooks.companion = [spec] { return std::make_unique<Adversaries>(spec); };
  return hooks;
}

}  // namespace

extern const Defense adversarial;
const Defense adversarial{{"adversarial",
                           "defense.adversarial.title",
                           "defense.adversarial.summary",
                           "Ganin and Lempitsky, ICML 2015; Xie et al., NeurIPS 2017",
                           &Spec::params,
                           {"network"}},
                          &network,
                          "only a network has a code to learn against",
                          "strength",
                          nullptr,
                          nullptr,
                          {.1, .3, 1, 3, 10},
                          nullptr,
                          {{"against"}},
                          Mark::pentagon,
                          Place::loss,
                          {Place::layers, Place::units, Place::noise, Place::code, Place::targets, Place::answers}};

}  // namespace mid::defense
