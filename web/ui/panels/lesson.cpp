// The panel of a lesson: a column beside the stage, or a strip under it. What does not fit is turned over by Next.
#include <algorithm>
#include <fonts.hpp>

#include "ui/lessons.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// How large things are: a column has room, a strip has not.
struct Sizes {
  bool strip = false;
  Type body = kBody;
  float line = 24, note = 21;  ///< from line to line
  float option = 44, gap = 12;
  static Sizes of(const Layout& l) {
    if (l.present) return {true, kBody, 30, 26, 36, 8};
    if (l.strip.w > 0) return {true, kBody, 24, 21, l.kind == Layout::Kind::phone ? 42.f : 32.f, 8};
    return {};
  }
  /// For what would not fit otherwise.
  Sizes smaller() const {
    Sizes s = *this;
    s.body = kNote, s.line = note;
    return s;
  }
};

/// A piece of the step that stands in one place.
struct Block {
  enum Kind { text, note, options, finding, home } kind = text;
  std::string words;
  bool good = false;
};

std::vector<Block> blocks_of(const LessonState& s, const View& view, bool strip) {
  const std::string in(text_language());
  const auto here = static_cast<std::size_t>(view.lesson_place.step);
  std::vector<Block> out;
  const auto& q = s.step->question;
  if (s.at != LessonState::At::seen) {
    if (here == 0) out.push_back({Block::note, s.lesson->goal.in(in)});
    out.push_back({Block::text, s.say});
  } else if (!strip) {
    out.push_back({Block::note, s.say});
  }
  if (s.at == LessonState::At::asking) {
    out.push_back({Block::options, "**" + s.ask + "**"});
    return out;
  }
  if (s.at == LessonState::At::elsewhere) out.push_back({Block::home, std::string(words("lesson.elsewhere"))});
  if (s.at == LessonState::At::running) out.push_back({Block::note, std::string(words("lesson.running"))});
  if (q && s.at != LessonState::At::elsewhere) {
    const bool right = view.lesson_place.answer == static_cast<int>(q->answer);
    const auto option = [&](std::size_t i) { return q->options[std::min(i, q->options.size() - 1)].in(in); };
    if (s.at == LessonState::At::seen && right)
      out.push_back({Block::text, words("lesson.true", {{"option", option(q->answer)}})});
    else if (s.at == LessonState::At::seen)
      out.push_back(
          {Block::text, words("lesson.false", {{"option", option(q->answer)},
                                               {"yours", option(static_cast<std::size_t>(std::max(view.lesson_place.answer, 0)))}})});
    else
      out.push_back(
          {Block::note, words("lesson.yours", {{"option", option(static_cast<std::size_t>(std::max(view.lesson_place.answer, 0)))}})});
  }
  if (s.at != LessonState::At::seen) return out;
  out.push_back({Block::text, s.see});
  for (const LessonLine& line : s.lines) out.push_back({Block::finding, line.text, line.good});
  return out;
}

float height(Frame& f, const Sizes& z, const LessonState& s, const Block& b, float w) {
  const auto lines = [&](float room, Type type) {
    return static_cast<float>(f.paint.paragraph(0, 0, room, type, 0, b.words, z.line, false));
  };
  switch (b.kind) {
    case Block::text: return z.line * lines(w, z.body);
    case Block::options: return z.line * lines(w, z.body) + 8 + options_height(f, *s.step->question, w, z.option, z.note);
    case Block::note: return z.note * lines(w, kNote);
    case Block::finding: return z.note * lines(w - 26, kNote);
    case Block::home: return z.note * lines(w, kNote) + 8 + 36;
  }
  return 0;
}

void draw(Frame& f, const Sizes& z, const LessonState& s, const Block& b, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const float first = z.line / 2 + 5.5f;  // of a line's top to its baseline
  switch (b.kind) {
    case Block::text: p.paragraph(box.x, box.y + first, box.w, z.body, t.ink, b.words, z.line); break;
    case Block::note: p.paragraph(box.x, box.y + z.note / 2 + 5.5f, box.w, kNote, t.ink2, b.words, z.note); break;
    case Block::options: {
      const float h = z.line * static_cast<float>(p.paragraph(box.x, box.y + first, box.w, z.body, t.ink, b.words, z.line)) + 8;
      const int picked = options(f, *s.step->question, {box.x, box.y + h, box.w, box.h - h}, z.option, z.note);
      if (picked >= 0) answer_question(f.model, f.view, picked);
      break;
    }
    case Block::finding:
      p.icon(box.x + 8, box.y + z.note / 2, b.good ? icon::kCheck : icon::kInfo, t.ink, kIconSmall);
      p.paragraph(box.x + 26, box.y + z.note / 2 + 5.5f, box.w - 26, kNote, t.ink2, b.words, z.note);
      break;
    case Block::home: {
      const float h = z.note * static_cast<float>(p.paragraph(box.x, box.y + z.note / 2 + 5.5f, box.w, kNote, t.ink2, b.words, z.note)) + 8;
      const float w = p.width(kBodyMedium, words("lesson.return")) + 58;
      if (icon_button(f, "lesson.return", {box.x, box.y + h, std::min(w, box.w), 36}, icon::kRotateCcw, words("lesson.return"), t.ink,
                      t.edge)) {
        const int answer = f.view.lesson_place.answer;
        show_step(f.model, f.view, f.view.lesson_place.step);
        if (answer >= 0) answer_question(f.model, f.view, answer);
      }
      break;
    }
  }
}

/// Which blocks stand where: as many columns a page as there is room for.
struct Flow {
  struct Place {
    std::size_t block;
    int page;
    Box box;
  };
  std::vector<Place> places;
  int pages = 1;
};
Flow flow(Frame& f, const Sizes& z, const LessonState& s, const std::vector<Block>& blocks, Box room, int columns) {
  Flow out;
  const float w = (room.w - 28 * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  int column = 0;
  float y = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const float h = height(f, z, s, blocks[i], w);
    // Where there are two columns: left what is done and seen, right what is asked and what was expected.
    const bool right = blocks[i].kind == Block::options || (blocks[i].kind == Block::finding && blocks[i - 1].kind != Block::finding);
    const bool turn = y > 0 && (y + h > room.h || (columns > 1 && column % columns == 0 && right));
    if (turn) ++column, y = 0;
    out.places.push_back({i, column / columns, {room.x + static_cast<float>(column % columns) * (w + 28), room.y + y, w, h}});
    y += h + (blocks[i].kind == Block::finding ? 6 : z.gap);
  }
  out.pages = column / columns + 1;
  return out;
}

void list(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::span<const Lesson> all = lessons();
  const int n = static_cast<int>(all.size());
  const int columns = box.w > 900 ? 3 : box.w > 600 ? 2 : 1;
  constexpr float kRow = 44;
  const int fit = std::max(1, static_cast<int>(box.h / kRow)) * columns;
  const bool paged = n > fit;
  const int per = paged ? std::max(1, static_cast<int>((box.h - 40) / kRow)) * columns : n;
  const int pages = (n + per - 1) / per, page = std::clamp(f.view.lesson_place.page, 0, pages - 1);
  const float w = (box.w - 16 * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const int rows = (std::min(per, n) + columns - 1) / columns;
  for (int i = page * per; i < std::min(n, (page + 1) * per); ++i) {
    const Lesson& l = all[static_cast<std::size_t>(i)];
    const int at = i - page * per;
    const Box b{box.x + static_cast<float>(at / rows) * (w + 16), box.y + static_cast<float>(at % rows) * kRow, w, kRow - 4};
    const Touch touch = f.controls.button(("lesson." + l.key).c_str(), b);
    if (touch.hovered || touch.held) p.fill(b, t.sunken, 8);
    const std::string minutes = words("lesson.minutes", {{"n", std::to_string(l.minutes)}});
    p.text(b.right() - 8, b.middle_y() + 5, kNote, t.ink3, minutes, Align::right);
    p.text(b.x + 26, b.middle_y() + 5, kNote, t.ink3, std::to_string(i + 1), Align::right);
    const float room = w - 52 - p.width(kNote, minutes), line = f.layout.present ? 22 : 18;
    const int lines = p.paragraph(0, 0, room, kNoteMedium, t.ink, l.title.in(text_language()), line, false);
    p.paragraph(b.x + 36, b.middle_y() + 5 - line / 2 * static_cast<float>(lines - 1), room, kNoteMedium, t.ink,
                l.title.in(text_language()), line);
    if (touch.clicked) open_lesson(f.model, f.view, l.key);
  }
  if (!paged) return;
  int turned = page;  // what stands there may be beyond the last one
  pager(f, "lesson", {box.x, box.bottom() - 36, box.w, 36}, turned, pages, words("lesson.before"), words("lesson.after"));
  if (turned != page) f.view.lesson_place.page = turned;
}

/// Leaving the panel ends the lesson; a link says so, too.
void close(Frame& f) { f.view.close(), f.view.lesson_place = {}; }

/// Back and Next: first through the pages of the step, then to the next step.
struct Steps {
  bool back = false, next = false;
};
void go(Frame& f, const LessonState& s, const Steps& to, int pages) {
  View::LessonPlace& at = f.view.lesson_place;
  if (to.back) {
    if (at.page > 0)
      --at.page;
    else if (at.step > 0)
      show_step(f.model, f.view, at.step - 1);
    else
      at = {};
  }
  if (to.next) {
    if (at.page + 1 < pages)
      ++at.page;
    else if (at.step + 1 < static_cast<int>(s.lesson->steps.size()))
      show_step(f.model, f.view, at.step + 1);
    else
      at = {};
  }
}

void draw_panel(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.card(box);
  if (is_tour(f.view.lesson_place.key)) f.view.lesson_place = {};  // another panel's
  const LessonState s = lesson_state(f.model, f.view);
  Sizes z = Sizes::of(f.layout);
  const float pad = z.strip ? 14.f : 20.f, x = box.x + pad, right = box.right() - pad, w = right - x;

  // The head: where one is, and out of it.
  const bool asking = s.lesson && s.at == LessonState::At::asking;
  float close_x = box.right() - 44;
  if (icon_button(f, "lesson.list", {x - 8, box.y + 6, 36, 36}, icon::kBookOpen, "", t.ink, 0,
                  s.lesson ? words("lesson.list") : words("lessons")))
    f.view.lesson_place = {};
  const bool narrow = w < 420;
  const std::string step =
      !s.lesson
          ? std::string()
          : words("lesson.step", {{"n", std::to_string(f.view.lesson_place.step + 1)}, {"of", std::to_string(s.lesson->steps.size())}});
  Steps to;
  Box room{x, box.y + 52, w, box.h - 52 - (z.strip ? 10.f : 68.f)};
  if (!s.lesson) {
    p.text(x + 30, box.y + 30, kBodyStrong, t.ink, words("lessons"));
    if (icon_button(f, "lesson.close", {close_x, box.y + 6, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) close(f);
    p.line(box.x, box.y + 47, box.right(), box.y + 47, t.line);
    room.h = box.h - 52 - 8;
    return list(f, room);
  }
  const bool last_step = f.view.lesson_place.step + 1 == static_cast<int>(s.lesson->steps.size());
  if (z.strip && !narrow) {
    p.text(x + 30, box.y + 30, {{s.lesson->title.in(text_language()), kBodyStrong, t.ink}, {"   " + step, kNote, t.ink3}});
  } else {
    p.text(x + 30, box.y + 30, kBodyStrong, t.ink, step);
  }
  p.line(box.x, box.y + 47, box.right(), box.y + 47, t.line);

  if (!z.strip) {
    const int lines = p.paragraph(x, room.y + 24, w, kTitle, t.ink, s.lesson->title.in(text_language()), 26);
    const float h = 26 * static_cast<float>(lines) + 18;
    room.y += h, room.h -= h;
  }
  const std::vector<Block> blocks = blocks_of(s, f.view, z.strip);
  const int columns = z.strip && !narrow ? 2 : 1;
  Flow placed = flow(f, z, s, blocks, room, columns);
  if (placed.pages > 1) z = z.smaller(), placed = flow(f, z, s, blocks, room, columns);
  f.view.lesson_place.pages = placed.pages;
  f.view.lesson_place.page = std::clamp(f.view.lesson_place.page, 0, placed.pages - 1);
  const int page = f.view.lesson_place.page;
  for (const Flow::Place& b : placed.places)
    if (b.page == page) draw(f, z, s, blocks[b.block], b.box);

  const bool more = page + 1 < placed.pages, may_go = more || !asking;
  const std::string_view next = more ? words("lesson.more") : last_step ? words("lesson.done") : words("lesson.next");
  if (z.strip) {  // all in the head
    if (icon_button(f, "lesson.close", {close_x, box.y + 6, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) close(f);
    close_x -= 44;
    to.next = icon_button(f, "lesson.next", {close_x, box.y + 6, 36, 36}, last_step && !more ? icon::kCheck : icon::kChevronRight, "",
                          may_go ? t.ink : t.ink3, t.edge, may_go ? next : words("lesson.first")) &&
              may_go;
    close_x -= 44;
    to.back = icon_button(f, "lesson.back", {close_x, box.y + 6, 36, 36}, icon::kChevronLeft, "", t.ink, t.edge, words("lesson.back"));
  } else {
    if (icon_button(f, "lesson.close", {close_x, box.y + 6, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) close(f);
    const float y = box.bottom() - 56, half = (w - 12) / 2;
    to.back = icon_button(f, "lesson.back", {x, y, half, 40}, icon::kChevronLeft, words("lesson.back"), t.ink, t.edge);
    to.next = icon_button(f, "lesson.next", {x + half + 12, y, half, 40}, last_step && !more ? icon::kCheck : icon::kChevronRight, next,
                          may_go ? t.ink : t.ink3, may_go ? t.edge : t.line, may_go ? std::string_view() : words("lesson.first")) &&
              may_go;
  }
  if (f.layout.present) {  // a presenter's remote
    to.next = to.next || (may_go && ImGui::IsKeyPressed(ImGuiKey_PageDown, false));
    to.back = to.back || ImGui::IsKeyPressed(ImGuiKey_PageUp, false);
  }
  go(f, s, to, placed.pages);
}

void tell(const PageModel& model, const View& view, Json& state) { state["lesson"] = lesson_json(model, view); }

void keep(const View& view, Json& link, bool brief) {
  const View::LessonPlace& at = view.lesson_place;
  if (at.key.empty()) return;
  link["lesson"] = {{"key", at.key}, {"step", at.step + 1}, {"answer", at.answer + 1}};
  // Who shares out of a lesson shares the lesson.
  if (brief || (view.pane && !view.pane->travels)) link["pane"] = "lesson";
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>& left_out) {
  if (!link.contains("lesson") || !link["lesson"].is_object()) return;
  Json lesson = std::move(link["lesson"]);
  link.erase("lesson");
  View::LessonPlace& at = view.lesson_place;
  at = {};
  std::int64_t number = 0;
  take(lesson, "key", &Json::is_string, at.key);
  if (take(lesson, "step", &Json::is_number_integer, number)) at.step = static_cast<int>(std::clamp<std::int64_t>(number, 1, 99)) - 1;
  if (take(lesson, "answer", &Json::is_number_integer, number)) at.answer = static_cast<int>(std::clamp<std::int64_t>(number, 0, 9)) - 1;
  for (const auto& [name, value] : lesson.items()) left_out("lesson." + name);
}

}  // namespace

namespace panel {
extern const Panel lesson;
/// The list of lessons, or the step that is played.
const Panel lesson{.name = "lesson",
                   .draw = &draw_panel,
                   .strip = true,
                   .command = "lesson",
                   .obey = &lesson_command,
                   .tell = &tell,
                   .keep = &keep,
                   .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
