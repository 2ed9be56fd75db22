#pragma once
#include <vector>

#include "mid/attack/search/class_search.hpp"

namespace mid {

/// A small change of a picture, such as leaves people recognisable.
struct View {
  int down = 0, right = 0;  ///< pixels; what comes in at an edge repeats it
  bool mirror = false;      ///< left to right, before it is moved
  float brightness = 1;     ///< factor
};

/// `count` views: shifts of -2 to 2 pixels, mirrored with .5, brightness .9 to 1.1. After Struppek et al., ICML 2022, who crop.
std::vector<View> random_views(int count, Stream random);

/// Pictures in [0, 1] under a view, in [0, 1].
Matrix under_view(MatrixRef pictures, int height, int width, const View& view);

/// Which of several candidates (rows) has the highest mean over its views (columns); of equal ones the first.
int best_candidate(const MatrixD& score);

/// How a search chooses among what it found from several starts, as attacks name it: fields that they share. A struct of an attack's
/// parameters derives from it. A picture that only fools the model loses its confidence under small changes.
struct SelectionSpec {
  int restarts = 1, views = 0;
};

/// The parameters of SelectionSpec for the struct S that derives from it.
template <class S>
std::vector<Param> selection_params() {
  return {
      param<S, int>(&S::restarts, "restarts", 1, 100, "", "attack.restarts"),
      param<S, int>(&S::views, "views", 0, 1000, "views", "attack.views", "Struppek et al., ICML 2022"),
  };
}

/// The network's mean confidence in class i for the picture of row i's code, over the views; the noise taken out.
Task confidence_in_views(Context& context, const Network& network, const PictureSpace& space, Matrix code, std::vector<View> views,
                         VectorXd& out);

/// Codes to begin `restarts` searches from, classes x numbers each: the average picture and, of 200 that the prior draws, those that the
/// network is surest of for each class. Struppek et al., ICML 2022.
Task likely_starts(Context& context, const Network& network, const PictureSpace& space, int restarts, std::vector<Matrix>& out);

/// The candidate of each class that is to be shown: by its mean confidence in `views` random views or, without any, in the search's own
/// eyes. Draws the mean of all candidates beside it ("unselected") where views chose. `found` is not empty.
Task choose_candidates(Context& context, const Network& network, const PictureSpace& space, std::vector<ClassCodes> found, int views,
                       bool draw_all, ClassCodes& best, AttackResult& out);

}  // namespace mid
