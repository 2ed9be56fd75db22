#pragma once

namespace mid {

/// The shape that an entry's runs have in charts: a defence or a release says which is its own. Two that share one are told apart by
/// the second being hollow where the first is filled.
enum class Mark { ring, disc, square, diamond, plus, triangle_up, triangle_down, cross, pentagon };

}  // namespace mid
