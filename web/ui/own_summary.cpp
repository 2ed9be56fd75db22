#include "ui/own_summary.hpp"

#include <algorithm>
#include <cmath>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

/// What is learnt and attacked, or what model is attacked as it is.
std::vector<std::string> sentences_of(const Own& own) {
  const UserTable& table = *own.table();
  std::string kind, dropped;
  int missing = 0, left_out = 0;
  for (const UserColumn& c : table.columns) {
    if (c.name == own.target_column()) kind = c.target == "number" ? "own.number" : "own.tree";
    if (c.name == own.target_column() || c.name == own.secret_column())
      missing = std::max(missing, c.missing);
    else if (c.row_names && ++left_out <= 3)
      dropped += (dropped.empty() ? "" : ", ") + shortened(c.name, 20);
  }
  if (left_out > 3) dropped += ", " + std::string(words("own.more"));
  const int rows = table.rows - missing, test = static_cast<int>(std::lround(rows * .25));
  const std::string target = shortened(own.target_column(), 24);
  const bool brought = !own.model_path().empty();
  std::vector<std::string> out{
      brought ? words("own.model", {{"file", shortened(own.model_file(), 30)}, {"target", target}}) : words(kind, {{"target", target}}),
      words("own.secret", {{"secret", shortened(own.secret_column(), 24)}})};
  if (own.model())
    out.push_back(words("own.model.rows", {{"n", count(own.model()->attacked)}}));
  else if (!brought)
    out.push_back(words("own.rows", {{"train", count(rows - test)}, {"test", count(test)}}));
  if (left_out > 0) out.push_back(words("own.dropped", {{"columns", dropped}}));
  return out;
}

/// A sentence about the run, a fact that was recognised of a model, or the head of why it cannot be used.
struct Paragraph {
  std::string text;
  bool fact = false, head = false;
};

std::vector<Paragraph> paragraphs_of(const Own& own) {
  // What would be attacked is nobody's question while it cannot be.
  if (!own.model() && !own.model_failed().empty())
    return {{words("own.model.failed", {{"file", shortened(own.model_file(), 40)}}), false, true}, {said(own.model_failed())}};
  std::vector<Paragraph> out;
  for (std::string& s : sentences_of(own)) out.push_back({std::move(s)});
  const std::string file = shortened(own.model_file(), 40);
  if (own.model())
    for (const Message& m : own.model()->found) out.push_back({said(m), true});
  else if (own.examining())
    out.push_back({words("own.reading", {{"file", file}})});
  else if (own.model_path().empty())
    out.push_back({file.empty() ? std::string(words("own.model.note")) : words("own.model.expected", {{"file", file}})});
  return out;
}

/// The last step in a box: text above the buttons or beside them, turned over where there is more than room for.
class Summary {
 public:
  Summary(Frame& f, Box box) : f_(f), p_(f.paint), own_(f.model.own), box_(box) {
    // The buttons stand beside the text where the card is low.
    low_ = box.h < 250 && box.w > 600;
    brief_ = low_ || box.w < 420;
    text_w_ = low_ ? box.w - kSide - 24 : std::min(box.w, 720.f);
    from_ = low_ ? box.right() - kSide : box.x;
    small_ = brief_;
    for (Paragraph& paragraph : paragraphs_of(own_)) all_.push_back({std::move(paragraph), 0});
  }

  void draw() {
    turn_over();
    if (pages_.size() > 1 && !small_) small_ = true, pages_.resize(1), turn_over();
    if (pages_.size() > 1) turn_over();  // with the buttons that turn over
    own_.page = std::clamp(own_.page, 0, static_cast<int>(pages_.size()) - 1);
    const Theme& t = f_.theme();
    float y = box_.y;
    for (const std::size_t i : pages_[static_cast<std::size_t>(own_.page)]) {
      const auto& [paragraph, h] = all_[i];
      if (paragraph.fact) p_.circle(box_.x + 4, y + 10, 2, t.ink3);
      p_.paragraph(box_.x + indent(paragraph), y + (type_of(paragraph).size > kNote.size ? 18.f : 15.f), width_of(paragraph),
                   type_of(paragraph), paragraph.head ? t.ink : t.ink2, paragraph.text, line_of(paragraph));
      y += h;
    }
    buttons(low_ ? box_.y : std::min(y + 6, box_.bottom() - buttons(0, false)), true);
  }

 private:
  static constexpr float kSide = 290;
  static float indent(const Paragraph& p) { return p.fact ? 14.f : 0.f; }
  float width_of(const Paragraph& p) const { return text_w_ - indent(p); }
  Type type_of(const Paragraph& p) const { return p.head ? kBodyStrong : p.fact || small_ ? kNote : kBody; }
  float line_of(const Paragraph& p) const { return p.fact || (small_ && !p.head) ? 19.f : 22.f; }

  void turn_over() {
    const float room = box_.h - (low_ ? 0 : buttons(0, false) + 10);
    pages_.assign(1, {});
    float used = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Paragraph& paragraph = all_[i].first;
      const float line = line_of(paragraph);
      const int lines = p_.paragraph(0, 0, width_of(paragraph), type_of(paragraph), 0, paragraph.text, line, false);
      all_[i].second = line * static_cast<float>(lines) + 6;
      if (used + all_[i].second > room && !pages_.back().empty()) pages_.emplace_back(), used = 0;
      used += all_[i].second, pages_.back().push_back(i);
    }
  }

  /// Rows of buttons from `y` on. Only with `draw` they are there. Returns their height.
  float buttons(float y, bool draw) {
    const Theme& t = f_.theme();
    const float from = from_, right = box_.right(), top = y;
    float x = from;
    const auto place = [&](float w) {
      if (x > from && x + w > right) x = from, y += 44;
      const Box b{x, y, w, 40};
      x += w + 8;
      return b;
    };
    const auto outlined = [&](const char* id, const char* picture, std::string_view word) {
      const bool bare = brief_ && !own_.model_path().empty();
      const Box b = place(bare ? 40 : p_.width(kBodyMedium, word) + 52);
      return draw && icon_button(f_, id, b, picture, bare ? std::string_view() : word, t.ink, t.edge, word);
    };
    const bool brought = !own_.model_path().empty();
    bool dropped = false;
    if (!brought || own_.model()) {
      const std::string_view word = words(brought ? "own.model.go" : "own.go");
      const Box b = place(p_.width(kBodyStrong, word) + 62);
      if (draw && ink_button(f_, "own.go", b.x, b.y, icon::kPlay, word)) f_.model.run_own();
    }
    if (f_.doors.choose_file && !own_.examining())
      if (outlined("own.model.choose", icon::kDownload, words(brought ? "own.model.other" : "own.model.choose"))) f_.doors.choose_file();
    if (brought && outlined("own.model.drop", icon::kX, words("own.model.drop"))) dropped = true;
    if (const int count = static_cast<int>(pages_.size()); count > 1) {
      const Box b = place(p_.width(kNote, pager_text(own_.page, count)) + 24 + 72);
      if (draw) pager(f_, "own.model", {b.x, b.y + 2, b.w, 36}, own_.page, count, words("own.model.before"), words("own.model.after"));
    }
    if (own_.model() && own_.model()->attacks.size() > 1) {
      std::vector<MenuItem> items;
      for (const std::string& a : own_.model()->attacks) items.push_back({short_name("attack", a), {}, a == own_.attack()});
      const std::string value = short_name("attack", own_.attack());
      const Box b = place(std::min(menu_width(f_, "", value), right - from));
      if (const int picked = draw ? menu(f_, "own.attack", b, "", value, items) : -1; picked >= 0)
        own_.choose_attack(own_.model()->attacks[static_cast<std::size_t>(picked)]);
    }
    if (dropped) own_.drop_model();
    return y + 40 - top;
  }

  Frame& f_;
  Paint& p_;
  Own& own_;
  Box box_;
  bool low_ = false, brief_ = false;  ///< buttons beside the text; buttons without words
  bool small_ = false;                ///< text of the size of notes, so that it fits
  float text_w_ = 0, from_ = 0;
  std::vector<std::pair<Paragraph, float>> all_;  ///< with their heights
  std::vector<std::vector<std::size_t>> pages_{1};
};

}  // namespace

void own_summary(Frame& f, Box box) { Summary(f, box).draw(); }

}  // namespace mid::ui
