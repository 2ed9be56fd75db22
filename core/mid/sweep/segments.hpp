#pragma once
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mid {

// The results of a long list of runs, as many programs on many machines write them into one folder at once: each appends to a file of
// its own, a segment, and none writes into another's. So nothing has to be locked, which shared disks do badly or not at all.
//
// A segment is lines. The first names the list (and the share of it, if the writer took one), each other one is a record:
//     CRC-32 of what follows, eight hexadecimal digits, a blank; place in the list, a blank; Ending, a blank; the record
// A line that was cut, or is damaged, counts as not there: its run is done again, by a program with a segment of its own.

/// How a run ended, as far as one has to know without reading its record.
enum class Ending : char {
  none = ' ',
  well = '=',
  failed = '!',
  refused = '-',
  lost = '?',  ///< with a device beside the processor: the next program tries again, and what that writes counts
};

/// A share of a list: the places whose remainder by `of` is `index` - 1.
struct Share {
  std::size_t index = 1, of = 1;
  bool has(std::size_t place) const { return place % of == index - 1; }
  std::size_t size(std::size_t list) const { return list / of + (list % of > index - 1 ? 1 : 0); }
};

/// Where the segments of a sweep's folder lie.
std::filesystem::path segments_folder(const std::filesystem::path& out);

/// The segment of one program. One thread at a time.
class SegmentWriter {
 public:
  /// `list` names the list that the places belong to: the SHA-256 of its description. The file is made by the first record.
  SegmentWriter(std::filesystem::path folder, std::string list, Share share);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;
  /// Appends a record, which has no line break. Whoever reads the folder sees it from now on. Throws Failure when the disk refuses.
  void append(std::size_t place, Ending ending, std::string_view record);

 private:
  void write(const std::string& line);
  std::filesystem::path folder_, path_;
  std::string list_;
  Share share_;
  std::FILE* file_ = nullptr;
};

/// What the segments of a folder hold.
class Segments {
 public:
  /// Looks at all segments of the list `list`, which has `size` places, but for those whose writer took another share of the same number
  /// of shares: nothing of `share` is there.
  Segments(const std::filesystem::path& folder, const std::string& list, std::size_t size, Share share = {});
  /// How the run at this place ended; none: it has not, or only what counts as not there.
  Ending ending(std::size_t place) const { return places_[place].ending; }
  /// Notes what this program has written itself; each() does not bring it.
  void note(std::size_t place, Ending ending) { places_[place].ending = ending; }
  /// Brings the records in the order of the list, of all places that had ended when the segments were looked at. Throws Failure when the
  /// disk cannot read one.
  void each(const std::function<void(std::size_t place, const std::string& record)>& see) const;
  /// Lines that count as not there.
  std::size_t damaged() const { return damaged_; }

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t size = 0, file = 0;
    Ending ending = Ending::none;
  };
  void look_through(const std::filesystem::path& file, const std::string& list, Share share);
  std::vector<std::filesystem::path> files_;
  std::vector<Place> places_;
  std::size_t damaged_ = 0;
};

}  // namespace mid
