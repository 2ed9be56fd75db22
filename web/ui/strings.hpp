#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace mid::ui {

/// The words of the page by key (English; strings.cpp). A key that is missing comes back as itself, so that it is seen.
std::string_view words(std::string_view key);

/// The words with every `{name}` replaced.
std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values);

/// words("STORY.KEY"), or words("KEY") where the story has none of its own.
std::string_view story_words(std::string_view story, std::string_view key);
std::string story_words(std::string_view story, std::string_view key,
                        std::initializer_list<std::pair<std::string_view, std::string>> values);

}  // namespace mid::ui
