#include <algorithm>
#include <cmath>
#include <fonts.hpp>
#include <optional>

#include "mid/base/text.hpp"
#include "ui/classroom.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// Twenty bars from 0 to 100 %, with the mean's interval over them and the baseline as a mark.
void histogram(Frame& f, Box box, const ClassRuns& runs, const std::vector<double>& of, std::optional<double> baseline, ImU32 colour) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const auto bins = runs.bins(of);
  const int most = std::max(1, *std::max_element(bins.begin(), bins.end()));
  const float from = box.x + 24, w = box.right() - from, floor = box.bottom() - 20, top = box.y + 22;
  const float bar = w / static_cast<float>(ClassRuns::kBins);
  p.text(from - 6, top + 5, kNote, t.ink3, count(most), Align::right);
  p.line(from, top, box.right(), top, t.line);
  p.line(from, floor, box.right(), floor, t.edge);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const float h = (floor - top) * static_cast<float>(bins[i]) / static_cast<float>(most);
    if (h > 0) p.fill({from + bar * static_cast<float>(i) + 1, floor - h, bar - 2, h}, colour, 2);
  }
  const auto x = [&](double share) { return from + w * static_cast<float>(std::clamp(share, 0., 1.)); };
  if (baseline) p.fill({x(*baseline) - 1, top - 4, 2, floor - top + 4}, t.ink);
  const Measure mean = runs.mean(of);
  if (mean.low && mean.high) {
    p.fill({x(*mean.low), top - 9, std::max(3.f, x(*mean.high) - x(*mean.low)), 4}, t.ink, 2);
    p.circle(x(*mean.value), top - 7, 5, t.ink);
  }
  for (const double tick : {0., .5, 1.})
    p.text(x(tick), floor + 16, kNote, t.ink3, percent(tick), tick == 0 ? Align::left : tick == 1 ? Align::right : Align::centre);
}

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  p.icon(box.x + 10, box.y + 22, icon::kPresentation, t.ink);
  p.text(box.x + 30, box.y + 28, kBodyStrong, t.ink, words("class"));
  if (icon_button(f, "class.close", {box.right() - 34, box.y + 4, 36, 36}, icon::kX, "", t.ink2, 0, words("close"))) f.view.close();
  const bool beside = box.w > 560;
  const float w = beside ? 300 : box.w;
  float y = box.y + 64;
  y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink2, words("class.how"), 21)) + 4;
  const std::string own = result_code(model);
  const float half = (w - 8) / 2;
  if (icon_button(f, "class.copy", {box.x, y, half, 36}, icon::kLink, words("class.copy"), own.empty() ? t.ink3 : t.ink, t.edge,
                  words(own.empty() ? "class.copy.none" : "class.copy.tip")) &&
      !own.empty()) {
    f.doors.copy_text(own);
    model.notice = Message("class.copied").with("code", own);
  }
  if (f.doors.paste && icon_button(f, "class.paste", {box.x + half + 8, y, half, 36}, icon::kDownload, words("class.paste"), t.ink, t.edge,
                                   words("class.paste.tip")))
    f.doors.paste();
  y += 58;

  const ClassRuns& runs = f.view.class_runs(&read_codes);
  if (!runs.any()) {
    p.paragraph(box.x, y, w, kNote, t.ink3, words(runs.unreadable ? "class.unreadable" : "class.empty"), 21);
    return;
  }
  const Story& story = stories()[static_cast<std::size_t>(find_story(runs.story))];
  const std::string strength = std::string(story.symbol) + " = " + localised(strength_number(runs.strength));
  y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink,
                                           words("class.runs", {{"n", count(std::ssize(runs.privacy))},
                                                                {"story", std::string(story_words(story.texts, "menu"))},
                                                                {"strength", strength}}),
                                           21));
  std::string left_out;
  for (const auto& [n, key] : {std::pair{runs.again, "class.again"}, {runs.others, "class.others"}, {runs.unreadable, "class.broken"}})
    if (n > 0) left_out += (left_out.empty() ? "" : " ") + words(key, {{"n", count(n)}});
  if (!left_out.empty()) y += 21 * static_cast<float>(p.paragraph(box.x, y, w, kNote, t.ink3, left_out, 21));
  float x = box.x, width = box.w;
  if (beside) x += w + 32, width -= w + 32, y = box.y + 48;
  const float room = box.bottom() - y, height = std::clamp(room / 2 - 76, 64.f, 130.f);
  const auto base = [&](const char* group, std::string_view name) {
    return model.choice().story().key == runs.story ? model.runs().figure(group, name).baseline : std::nullopt;
  };
  for (const bool attack : {true, false}) {
    const std::vector<double>& of = attack ? runs.privacy : runs.utility;
    const ImU32 colour = attack ? t.attack : t.model;
    p.text(x, y + 14, kNoteStrong, colour, story_words(story.texts, attack ? "privacy.short" : "utility.short"));
    histogram(f, {x, y + 14, width, height}, runs, of, base(attack ? "privacy" : "utility", attack ? story.privacy : story.utility),
              colour);
    y += height + 32;
    y += 19 * static_cast<float>(p.paragraph(x, y, width, kNote, t.ink2, class_words(runs, of), 19)) + 2;
  }
}

/// {"do":"class", "text":CODES}: what a class sent.
void obey(PageModel&, View& view, const Json& c) {
  constexpr std::size_t kMost = 1 << 14;  // about 300 codes
  if (const Json text = c.value("text", Json()); text.is_string()) view.class_text = mid::shortened(text.get<std::string>(), kMost, "");
  if (c.value("open", Json(true)) == true) view.open("class");
}

void tell(const PageModel& model, const View& view, Json& state) { state["class"] = class_json(model, view.class_text); }

void keep(const View& view, Json& link, bool brief) {
  if (!brief && !view.class_text.empty()) link["class"] = view.class_text;
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  take(link, "class", &Json::is_string, view.class_text);
}

}  // namespace

namespace panel {
extern const Panel classroom;
/// What a class found: its codes as a histogram of either number.
const Panel classroom{.name = "class",
                      .draw = &draw,
                      .takes_paste = true,
                      .command = "class",
                      .obey = &obey,
                      .tell = &tell,
                      .keep = &keep,
                      .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
