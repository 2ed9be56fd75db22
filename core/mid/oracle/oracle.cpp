#include "mid/oracle/oracle.hpp"

#include "mid/base/error.hpp"
#include "mid/base/hash.hpp"

namespace mid {
namespace {

constexpr std::uint64_t kAsked = std::uint64_t{1} << 62;  // the attacker's own questions are other ones than the victims'
constexpr int kBlock = 512;                               // rows that are released between two ticks

std::uint64_t hash_of_row(const Matrix& m, Eigen::Index row) {
  return fnv1a({reinterpret_cast<const char*>(m.row(row).data()), static_cast<std::size_t>(m.cols()) * sizeof(float)});
}

}  // namespace

Oracle::Oracle(const Model& model, ReleaseSpec spec, Access granted, Matrix victims, Stream random)
    : model_(model),
      spec_(std::move(spec)),
      release_(release_on(spec_, model)),
      granted_(granted),
      victims_(std::move(victims)),
      random_(random) {}

// Counts change where a call ends, so that a save point in the middle of one holds them as at its beginning: a run that goes on from
// there asks again.
void Oracle::count_in(SavePoints& saves) {
  asked_along_.emplace(
      saves, "oracle rounds", [this] { return static_cast<double>(asked_); }, [this](double n) { asked_ = static_cast<std::uint64_t>(n); });
  queries_along_.emplace(
      saves, "oracle queries", [this] { return static_cast<double>(queries_); },
      [this](double n) { queries_ = static_cast<std::int64_t>(n); });
}

void Oracle::need(Access access) const {
  if (!grants(granted_, access)) throw Error("attack.kind", Message("refusal.needs_model"));
}

void Oracle::need_answers() const {
  if (spec_.of_embedding) return need(Access::embedding);
  if (*release_.form != AnswerForm::label || !grants(granted_, Access::label))
    need(Access::scores);  // whoever may see scores may see a label
}

const Model& Oracle::weights() const {
  need(Access::weights);
  return model_;
}

Task Oracle::show(const Model& model, const Release& release, const Activations& inside, const Matrix& inputs, std::uint64_t query,
                  Stream random, Released& out) {
  std::vector<std::uint64_t> hash(static_cast<std::size_t>(inputs.rows()));
  // A sample once a record hangs on the record alone, whoever asks and however often.
  const bool once = release.once_a_record();
  if (once)
    for (Eigen::Index r = 0; r < inputs.rows(); ++r) hash[static_cast<std::size_t>(r)] = hash_of_row(inputs, r);
  const Stream noise = once ? Stream{random_.seed}.sub("sticky") : random;
  out.value.resize(0, 0);
  for (Eigen::Index first = 0; first < inputs.rows(); first += kBlock) {
    const Eigen::Index n = std::min<Eigen::Index>(kBlock, inputs.rows() - first);
    const Matrix sigma = inside.sigma.size() ? Matrix(inside.sigma.middleRows(first, n)) : Matrix();
    const Released part = shown_answer(release, model, inside.mu.middleRows(first, n), sigma,
                                       std::span(hash).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n)), query,
                                       once ? noise : noise.sub(static_cast<std::uint64_t>(first)));
    check_answers(part.value);
    if (out.value.size() == 0) out.value.resize(inputs.rows(), part.value.cols());
    out.value.middleRows(first, n) = part.value;
    count_work(40. * static_cast<double>(part.value.size() + sigma.size()));
    out.form = part.form;
    co_await Tick{};
  }
}

Task Oracle::answer(const Model& model, const Release& release, const Activations& inside, const Matrix& inputs, std::uint64_t query,
                    Stream random, Answers& out) {
  Released seen;
  co_await show(model, release, inside, inputs, query, random, seen);
  auto [value, form] = (*release.invert)(std::move(seen));
  out.value = std::move(value), out.form = form;
}

Task Oracle::ask(Context& context, Matrix inputs, int rounds, std::function<void(const Answers&)> listen) {
  need_answers();
  Activations inside;
  co_await pre_noise_output(context, model_, inputs, inside, draw_of(kAsked + asked_));
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t query = asked_ + static_cast<std::uint64_t>(round);
    if (answers_anew() && round > 0) co_await pre_noise_output(context, model_, inputs, inside, draw_of(kAsked + query));
    Answers heard;
    co_await answer(model_, release_, inside, inputs, query, random_.sub("ask"), heard);
    listen(heard);
  }
  asked_ += static_cast<std::uint64_t>(rounds), queries_ += rounds * inputs.rows();
}

Task Oracle::look_at_victims(Context& context, std::uint64_t query) {
  query = draw_of(query);
  if (inside_victims_.mu.size() != 0 && looked_at_ == query) co_return;
  co_await pre_noise_output(context, model_, victims_, inside_victims_, query);
  looked_at_ = query;
}

Task Oracle::observe(Context& context, int repeat, Answers& out) {
  need_answers();
  co_await look_at_victims(context, static_cast<std::uint64_t>(repeat));
  co_await answer(model_, release_, inside_victims_, victims_, static_cast<std::uint64_t>(repeat), random_.sub("observe"), out);
  queries_ += victims_.rows();
  if (!order_.empty()) out.value = rows_of(out.value, order_);
}

Task Oracle::serve(Context& context, int repeat, Released& out) {
  need_answers();
  co_await look_at_victims(context, static_cast<std::uint64_t>(repeat));
  co_await show(model_, release_, inside_victims_, victims_, static_cast<std::uint64_t>(repeat), random_.sub("observe"), out);
  if (!order_.empty()) out.value = rows_of(out.value, order_);
}

Task Oracle::observe_update(Context& context, int victim, const Matrix& probes, std::vector<UpdateLook> looks,
                            std::function<void(std::size_t look, const Answers& before, const Answers& after)> listen) {
  need(Access::update);
  need_answers();
  const int row = order_.empty() ? victim : order_[static_cast<std::size_t>(victim)];
  const Stream random = random_.sub("update").sub(static_cast<std::uint64_t>(row));
  Model updated = model_;
  const Matrix input = victims_.row(row);
  co_await step_(context, std::get<Network>(updated), input, label_[row], rate_, random.sub("step"));
  Activations inside_before, inside_after;
  co_await pre_noise_output(context, model_, probes, inside_before);
  co_await pre_noise_output(context, updated, probes, inside_after);
  std::int64_t counted = 0;
  for (std::size_t l = 0; l < looks.size(); ++l) {
    const UpdateView view = looks[l].view;
    Release release = release_;
    if ((view == UpdateView::fresh_noise && release.once_a_record()) || (view == UpdateView::mean && release.adds_noise()))
      release.noise = ReleaseKind::Noise::as_the_model;
    const Model& later = view == UpdateView::no_update ? model_ : updated;
    Activations first = inside_before, second = view == UpdateView::no_update ? inside_before : inside_after;
    if (view == UpdateView::mean) first.sigma.setZero(), second.sigma.setZero();
    for (int round = 0; round < looks[l].rounds; ++round) {
      const std::uint64_t query = 2 * static_cast<std::uint64_t>(round), next = view == UpdateView::same_noise ? query : query + 1;
      Answers before, after;
      co_await answer(model_, release, first, probes, query, random.sub("answer"), before);
      co_await answer(later, release, second, probes, next, random.sub("answer"), after);
      if (view == UpdateView::released) counted += 2 * probes.rows();
      listen(l, before, after);
    }
  }
  queries_ += counted;
}

}  // namespace mid
