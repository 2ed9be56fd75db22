#include <algorithm>
#include <cmath>

#include "figures.hpp"
#include "frame.hpp"
#include "mid/measure/figure.hpp"
#include "strings.hpp"
#include "tree_view.hpp"

namespace mid::ui {
namespace {

struct Term {
  std::string word, number, symbol;
  ImU32 colour;
};

/// What the training weighs, of the run on the stage: first = second (sign) strength x fourth.
struct Sum {
  std::string intro;
  Term terms[4];
  const char* sign = "+";
};

std::string number(std::optional<double> v) { return v ? figure(*v) : "–"; }

Term strength_term(const Frame& f, double strength) {
  return {std::string(words("strength.word")), strength == 0 ? "0" : strength_text(strength), std::string(f.lab.story().symbol),
          f.theme().defend};
}

/// A term of what the training of such a model minimises.
Measure weighed(const Lab& lab, FigureKind::Group group, unsigned model) {
  return lab.figure(group_name(group), picked_figure(group, &FigureKind::weighed, model));
}

/// A regression's price counts every repeat, up to which record it was: that of one answer, where it can be told.
std::optional<double> told_by_one_answer(const Lab& lab) {
  const auto told = weighed(lab, FigureKind::Group::information, FigureKind::linear);
  const int repeats = repeats_of(lab.shown().spec());
  if (!told.value || repeats == 1) return told.value;
  return told.n > 0 && *told.value >= std::log(told.n) - 1e-6 ? std::nullopt : std::optional(*told.value / repeats);
}

/// Mistakes + strength x what the answer tells.
Sum sum_of_training(const Frame& f, double strength) {
  const Theme& t = f.theme();
  const Lab& lab = f.lab;
  const bool linear = lab.story().stage == Stage::dose;
  // Both of what it was trained on: what is released, and how often, changes neither.
  auto mistakes = weighed(lab, FigureKind::Group::utility, linear ? FigureKind::linear : FigureKind::network).value;
  const ReleaseKind* release = lab.has_result() ? release_kind_of(lab.shown().spec()) : nullptr;
  if (release && release->label_alone) mistakes.reset();  // a label is not weighed by how sure it is
  const auto told = linear ? told_by_one_answer(lab) : weighed(lab, FigureKind::Group::information, FigureKind::network).value;
  std::string total = "–";
  // Before the first result the training itself says what it has come to.
  if (const auto& live = lab.progress().live; !lab.has_result() && live.contains("loss")) {
    total = figure(live.at("loss"));
    if (lab.strength() == 0) mistakes = live.at("loss");
  }
  if (mistakes && (strength == 0 || told)) total = figure(*mistakes + strength * told.value_or(0));
  return {std::string(words(!lab.has_result() ? "explain.sum.live"
                            : linear          ? "fit.sum"
                                              : "explain.sum")),
          {{std::string(words("total")), total, linear ? "J" : "L", t.ink},
           {std::string(words(linear ? "error2" : "mistakes")), number(mistakes), linear ? "MSE" : "CE", t.model},
           strength_term(f, strength),
           {std::string(words("told")), number(told), linear ? "A (nats)" : "I (nats)", t.attack}}};
}

/// Of a tree: what the question on the shown person's path that tells most of the secret is worth.
Sum worth_of_question(const Frame& f, double strength) {
  const Theme& t = f.theme();
  const TreeView tree(*f.lab.shown().tree);
  int node = 0;
  for (const int n : tree.path(f.view.person))
    if (tree.asks(n)) node = n;
  const bool leaf = tree.question(node).empty();
  const bool charged = defence_of(f.lab.shown().spec()) != "mid_targeted" || tree.asks(node);
  const double paid = charged ? strength : 0;
  Sum sum{leaf ? std::string(words("tree.leaf.sum")) : words("tree.sum", {{"question", tree.question(node) + "?"}}),
          {{std::string(words("worth")), leaf ? "–" : figure(tree.gain(node) - paid * tree.told(node)), "score", t.ink},
           {std::string(words("gain")), leaf ? "–" : figure(tree.gain(node)), "bits", t.model},
           strength_term(f, paid),
           {std::string(words("told")), leaf ? "–" : figure(tree.told(node)), "bits", t.attack}},
          "−"};
  return sum;
}

}  // namespace

void formula(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Lab& lab = f.lab;
  const double strength = lab.has_result() ? lab.shown().strength : lab.strength();
  const bool tree = lab.story().stage == Stage::tree && lab.has_result() && lab.shown().tree;
  const Sum sum = tree ? worth_of_question(f, strength) : sum_of_training(f, strength);
  p.text(box.x, box.y + 14, kNote, t.ink2, sum.intro);
  const Box b{box.x, box.y + 25, box.w, box.h - 25};
  p.fill(b, t.surface, 12);
  p.stroke(b, t.line, 1, 12);
  const char* const signs[] = {"=", sum.sign, "×"};
  float widths[4], gap = 0;
  Type figures = kFormula;
  for (const Type& type : {kFormula, Type{Type::semibold, 16, true}}) {  // smaller where the signs would touch the numbers
    if (constexpr float kSign = 18; gap >= kSign) break;
    figures = type;
    float all = 0;
    for (int i = 0; i < 4; ++i) {
      const Term& term = sum.terms[i];
      widths[i] = std::max({p.width(kNoteMedium, term.word), p.width(type, term.number), p.width(kNote, term.symbol)});
      all += widths[i];
    }
    gap = (b.w - 32 - all) / 3;
  }
  float x = b.x + 16;
  for (int i = 0; i < 4; ++i) {
    const Term& term = sum.terms[i];
    const float middle = x + widths[i] / 2;
    p.text(middle, b.y + 24, kNoteMedium, term.colour, term.word, Align::centre);
    p.text(middle, b.y + 50, figures, lab.stale() ? t.ink3 : term.colour, term.number, Align::centre);
    p.text(middle, b.y + 74, kNote, t.ink3, term.symbol, Align::centre);
    x += widths[i];
    if (i < 3) p.text(x + gap / 2, b.y + 50, figures, t.ink3, signs[i], Align::centre);
    x += gap;
  }
}

}  // namespace mid::ui
