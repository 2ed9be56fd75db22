#include "ui/draw/type.hpp"

#include <imgui_internal.h>

#include <cmath>
#include <cstdint>
#include <fonts.hpp>
#include <span>

namespace mid::ui {
namespace {

using Bytes = std::span<const unsigned char>;

std::uint32_t big_endian(Bytes b, std::size_t at, int bytes) {
  std::uint32_t v = 0;
  for (int i = 0; i < bytes; ++i) v = v << 8 | b[at + static_cast<std::size_t>(i)];
  return v;
}

/// Height of a line over the size of the em. ImGui wants the former, designers say the latter.
float line_over_em(Bytes font) {
  float em = 0, line = 0;
  for (std::uint32_t i = 0, n = big_endian(font, 4, 2); i < n; ++i) {
    const std::size_t entry = 12 + 16 * i;
    const std::size_t table = big_endian(font, entry + 8, 4);
    const auto name = big_endian(font, entry, 4);
    if (name == 0x68656164) em = static_cast<float>(big_endian(font, table + 18, 2));  // head.unitsPerEm
    if (name == 0x68686561)                                                            // hhea.ascender - descender
      line = static_cast<float>(static_cast<std::int16_t>(big_endian(font, table + 4, 2)) -
                                static_cast<std::int16_t>(big_endian(font, table + 6, 2)));
  }
  return line / em;
}

// What the English texts need; a translation adds its script here. Each character costs room in every size.
constexpr ImWchar kText[] = {0x20,   0x7E,   0xA0,   0xFF,   0x152,  0x153,  0x3B1,  0x3C9,  0x2009, 0x2009, 0x2013, 0x2014,
                             0x2018, 0x201E, 0x2022, 0x2022, 0x2026, 0x2026, 0x202F, 0x202F, 0x2190, 0x2193, 0x2196, 0x2196,
                             0x2212, 0x2212, 0x221E, 0x221E, 0x2248, 0x2248, 0x2264, 0x2265, 0x2713, 0x2713, 0};
constexpr ImWchar kDigits[] = {0x20, 0x39, 0x2013, 0x2013, 0x2212, 0x2212, 0};
constexpr ImWchar kIcons[] = {font::kFirstIcon, font::kLastIcon, 0};

constexpr Type kSizes[] = {kNote,  kNoteMedium, kNoteStrong, kBody,    kBodyMedium, kBodyStrong,
                           kTitle, kCount,      kNumber,     kPercent, kIcon,       kIconSmall};

/// A size in a presentation.
int size_for_a_room(int size) {
  switch (size) {
    case 14: return 18;
    case 16: return 20;
    case 20: return 24;
    case 24: return 27;
    case 28: return 32;
    case 48: return 56;
    default: return size;
  }
}

}  // namespace

void TypeSet::build(float scale, bool large) {
  scale_ = scale, large_ = large;
  entries_.clear();
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  const Bytes files[] = {font::inter_regular, font::inter_medium, font::inter_semibold, font::lucide};
  for (const Type& type : kSizes) {
    const Bytes file = files[type.weight];
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.OversampleH = scale > 1.4f ? 2 : 3;
    config.OversampleV = 1;
    const ImWchar* ranges = type.weight == Type::icons ? kIcons : type.size > 20 ? kDigits : kText;
    // % stands beside the big numbers in a size of its own.
    const float pixels =
        std::round(static_cast<float>(large ? size_for_a_room(type.size) : type.size) * scale * line_over_em(file) * 16) / 16;
    ImFont* made =
        atlas.AddFontFromMemoryTTF(const_cast<unsigned char*>(file.data()), static_cast<int>(file.size()), pixels, &config, ranges);
    entries_.push_back({type, {made, pixels, 0, 0}});
  }
  atlas.Build();
  for (Entry& e : entries_) {
    e.font.ascent = std::round(e.font.font->Ascent);
    e.font.zero = e.type.weight == Type::icons ? 0 : std::round(e.font.font->GetCharAdvance('0'));
  }
}

const TypeSet::Font& TypeSet::of(Type type) const {
  for (const Entry& e : entries_)
    if (e.type.weight == type.weight && e.type.size == type.size) return e.font;
  IM_ASSERT(false && "a size that kSizes lacks");
  return entries_.front().font;
}

float TypeSet::advance(Type type, std::string_view text) const {
  if (text.empty()) return 0;
  const Font& f = of(type);
  if (!type.tabular) return f.font->CalcTextSizeA(f.pixels, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
  float x = 0;
  while (!text.empty()) {
    const unsigned c = take_character(text);
    x += c >= '0' && c <= '9' ? f.zero : std::round(f.font->GetCharAdvance(static_cast<ImWchar>(c)));
  }
  return x;
}

unsigned take_character(std::string_view& text) {
  unsigned c = 0;
  const int length = ImTextCharFromUtf8(&c, text.data(), text.data() + text.size());
  text.remove_prefix(static_cast<std::size_t>(length > 0 ? length : 1));
  return c;
}

}  // namespace mid::ui
