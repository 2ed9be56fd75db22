#pragma once
#include <string>
#include <string_view>

#include "mid/report/painter.hpp"
#include "mid/report/result.hpp"

/// What the pictures of a run are made of: the parts that they share. The sizes are for a slide of about 1,900 pixels: half
/// as large again as on the page.
namespace mid::slide {

using namespace token;

inline constexpr int kMargin = 32, kPadding = 32, kGap = 18;
inline constexpr double kNote = 20, kBody = 23, kLabel = 29, kTitle = 34, kCount = 40, kNumber = 70;

/// A white card with its soft shadow.
void card(Painter& p, double x, double y, double w, double h);

/// The question the picture answers, and beneath it what was done. Takes kHeadHeight pixels from `y` on.
inline constexpr int kHeadHeight = 100;
void head(Painter& p, double x, double y, std::string_view question, std::string_view beneath);

/// One of the two numbers: large, with its words, a bar with a mark at the baseline, and the baseline in words.
/// Takes kNumberHeight pixels. A proportion is shown in per cent.
inline constexpr int kNumberHeight = 112;
void number(Painter& p, double x, double y, double w, std::string_view words, const Measure& m, std::string_view baseline_words,
            Colour role);

/// The last line: whose data this is, and which run.
void foot(Painter& p, double y, std::string_view credit, const Result& result);

/// The card of the two numbers, the model's on the left and the attacker's on the right; kNumberCard pixels high.
inline constexpr int kNumberCard = kNumberHeight + 2 * kPadding;
struct Words {
  std::string_view measure, words, baseline;
};
void numbers(Painter& p, double x, double y, double w, const Result& result, Words model, Words attacker);

/// "Defence MID, strength β = 0.1" or "No defence", and what is released where that is not the plain answer.
std::string defence_line(const Json& spec);
/// "Attacker: ridge inversion, 10 answers a picture, averaged"; `of` is "a picture" or "a person".
std::string attack_line(const Json& spec, const std::string& of);

}  // namespace mid::slide
