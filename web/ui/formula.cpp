#include <algorithm>
#include <cmath>
#include <vector>

#include "mid/measure/figure.hpp"
#include "mid/teach/treatment.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {
namespace {

struct Term {
  const char* key;  ///< of its word; "KEY.about" is its definition
  std::string number, symbol;
  ImU32 colour;
  const char* about = nullptr;  ///< key of its definition where it is another
};

/// What the training weighs, of the run on the stage: first = second (sign) strength x fourth; or what is promised, without signs.
struct Sum {
  std::string intro;
  std::vector<Term> terms;
  const char* sign = "+";
};

std::string number(std::optional<double> v) { return v ? figure(*v) : "–"; }

Term strength_term(const Frame& f, double strength) {
  return {"strength.word", strength == 0 ? "0" : strength_text(strength), std::string(f.model.choice().story().symbol), f.theme().defend};
}

/// A term of what the training of such a model minimises.
Measure weighed(const PageModel& model, FigureKind::Group group, unsigned kind) {
  return model.runs().figure(group_name(group), picked_figure(group, &FigureKind::weighed, kind));
}

/// A regression's price counts every repeat, up to which record it was: that of one answer, where it is known.
std::optional<double> information_of_one_answer(const PageModel& model) {
  const auto information = weighed(model, FigureKind::Group::information, FigureKind::linear);
  const int repeats = repeats_of(model.runs().shown().spec());
  if (!information.value || repeats == 1) return information.value;
  return information.n > 0 && *information.value >= std::log(information.n) - 1e-6 ? std::nullopt
                                                                                   : std::optional(*information.value / repeats);
}

/// Mistakes + strength x what the answer tells.
Sum sum_of_training(const Frame& f, double strength) {
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const bool linear = model.choice().story().of_a_number();
  // Both of what it was trained on: what is released, and how often, changes neither.
  auto mistakes = weighed(model, FigureKind::Group::utility, linear ? FigureKind::linear : FigureKind::network).value;
  const ReleaseKind* release = model.runs().has_result() ? release_kind_of(model.runs().shown().spec()) : nullptr;
  if (release && release->label_alone) mistakes.reset();  // a label is not weighed by how sure it is
  const auto information =
      linear ? information_of_one_answer(model) : weighed(model, FigureKind::Group::information, FigureKind::network).value;
  std::string total = "–";
  // Before the first result the training itself says what it has come to.
  if (const auto& live = model.queue().progress().live; !model.runs().has_result() && live.contains("loss")) {
    total = figure(live.at("loss"));
    if (model.choice().strength() == 0) mistakes = live.at("loss");
  }
  if (mistakes && (strength == 0 || information)) total = figure(*mistakes + strength * information.value_or(0));
  return {std::string(words(!model.runs().has_result() ? "explain.sum.live"
                            : linear                   ? "fit.sum"
                                                       : "explain.sum")),
          {{"total", total, linear ? "J" : "L", t.ink},
           {linear ? "error2" : "mistakes", number(mistakes), linear ? "MSE" : "CE", t.model},
           strength_term(f, strength),
           {"information", number(information), (linear ? "A (" : "I (") + std::string(words("nats")) + ")", t.attack}}};
}

/// Of a tree: what the question on the shown person's path that tells most of the secret is worth.
Sum worth_of_question(const Frame& f, double strength) {
  const Theme& t = f.theme();
  const TreeView tree(f.model.runs().shown());
  int node = 0;
  for (const int n : tree.path(f.view.person))
    if (tree.asks(n)) node = n;
  const bool leaf = tree.leaf(node);
  const bool charged = !charges_for_secret_alone(defence_of(f.model.runs().shown().spec())) || tree.asks(node);
  const double paid = charged ? strength : 0;
  const std::string bits(words("bits"));
  Sum sum{leaf ? std::string(words("tree.leaf.sum")) : words("tree.sum", {{"question", tree.question(node)}}),
          {{"worth", leaf ? "–" : figure(tree.gain(node) - paid * tree.information(node)), bits, t.ink},
           {"gain", leaf ? "–" : figure(tree.gain(node)), bits, t.model},
           strength_term(f, paid),
           {"information", leaf ? "–" : figure(tree.information(node)), bits, t.attack, "information.tree.about"}},
          "−"};
  return sum;
}

/// Of private training: its budget, and which of two secrets it keeps.
Sum promises(const Frame& f) {
  const Theme& t = f.theme();
  const Runs& runs = f.model.runs();
  const Treatment done = treatment_of(runs.shown().spec());
  const bool is_private = !done.path.empty() && done.defence == f.model.choice().story().defences.front();
  const Measure member = told_apart(f.model);
  const Measure gene = asks_membership(runs.shown().spec()) ? Measure{} : runs.privacy();
  const auto verdict = [](const Measure& m) {
    if (!m.value || !m.low || !m.baseline) return std::string();
    return std::string(words(*m.low <= *m.baseline ? "promise.kept" : "promise.open"));
  };
  return {std::string(words("promises")),
          {{"budget", is_private ? localised(strength_number(done.strength)) : "∞", "ε", t.defend},
           {"member", percent(member.value), verdict(member), t.attack},
           {"gene", percent(gene.value), verdict(gene), t.attack}},
          ""};
}

}  // namespace

void formula(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const double strength = model.runs().has_result() ? model.runs().shown().strength : model.choice().strength();
  const bool tree = model.choice().story().stage == Stage::tree && model.runs().has_result() && model.runs().shown().tree;
  const bool promised = model.choice().story().stage == Stage::members && model.runs().has_result();
  const Sum sum = tree ? worth_of_question(f, strength) : promised ? promises(f) : sum_of_training(f, strength);
  const std::size_t n = sum.terms.size();
  p.text(box.x, box.y + 14, kNote, t.ink2, sum.intro);
  const Box b{box.x, box.y + 25, box.w, box.h - 25};
  p.fill(b, t.surface, 12);
  p.stroke(b, t.line, 1, 12);
  const char* const signs[] = {promised ? "" : "=", sum.sign, "×"};
  float gap = 0;
  std::vector<float> widths(n);
  Type figures = kFormula;
  for (const Type& type : {kFormula, Type{Type::semibold, 16, true}}) {  // smaller where the signs would touch the numbers
    if (constexpr float kSign = 18; gap >= kSign) break;
    figures = type;
    float all = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Term& term = sum.terms[i];
      widths[i] = std::max({p.width(kNoteMedium, words(term.key)), p.width(type, term.number), p.width(kNote, term.symbol)});
      all += widths[i];
    }
    gap = (b.w - 24 - all) / static_cast<float>(n - 1);
  }
  float x = b.x + 12;
  for (std::size_t i = 0; i < n; ++i) {
    const Term& term = sum.terms[i];
    const float middle = x + widths[i] / 2;
    const float word_w = p.width(kNoteMedium, words(term.key));
    p.text(middle, b.y + 24, kNoteMedium, term.colour, words(term.key), Align::centre);
    // Dots under a word say that it is explained.
    for (float dot = middle - word_w / 2 + 1; dot < middle + word_w / 2; dot += 4) p.circle(dot, b.y + 29, .8f, t.ink3);
    f.controls.button(("term." + std::string(term.key)).c_str(), {x - 2, b.y + 6, widths[i] + 4, 74},
                      words(term.about ? term.about : std::string(term.key) + ".about"));
    p.text(middle, b.y + 50, figures, model.runs().stale() ? t.ink3 : term.colour, term.number, Align::centre);
    p.text(middle, b.y + 74, kNote, t.ink3, term.symbol, Align::centre);
    x += widths[i];
    if (i + 1 < n) p.text(x + gap / 2, b.y + 50, figures, t.ink3, signs[i], Align::centre);
    x += gap;
  }
}

}  // namespace mid::ui
