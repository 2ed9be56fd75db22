#pragma once
#include <limits>

#include "mid/attack/attack.hpp"
#include "mid/attack/search/picture_space.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// When the search for one class ends, and which of its pictures was the best: after a cost of at most `cost_threshold`; when a
/// cost is no better than the worst of the `patience` before it (only once there are that many); when a cost is not a
/// number. method.md 4.1, "MI-Face".
class StopRule {
 public:
  StopRule(int patience, double cost_threshold) : patience_(patience), cost_threshold_(cost_threshold) {}
  /// Hears the newest picture's cost; true: it is the best so far. Nothing is heard once the search has ended.
  bool is_best(double cost);
  bool ended() const { return ended_; }
  double best() const { return best_; }
  void pack(Packer& out) const { out.add(recent_), out.add(best_), out.add(static_cast<int>(ended_)); }
  void unpack(Unpacker& in);

 private:
  int patience_;
  double cost_threshold_, best_ = std::numeric_limits<double>::infinity();
  bool ended_ = false;
  std::vector<double> recent_;  // the last `patience` costs, oldest first
};

/// How to look for the picture that a network likes best for a name.
struct ClassSearch {
  std::string cost = "cross_entropy";  ///< cross_entropy: -ln p_t; confidence: 1 - p_t; lomma: see record_logit_cost(), plus the mean over
                                       ///< the units inside of ((mu - feature_mean) / feature_sd)^2
  std::vector<Network> students;       ///< networks beside the one under attack: the cost is the mean over all of them
  Matrix feature_mean, feature_sd;     ///< of lomma: 1 x units inside, over the attacker's own pictures
  std::string optimizer = "adam";      ///< adam; descent: x - rate g; unit: x - rate g / |g|, of ln p_t where p_t < 1e-6;
                                       ///< nesterov: v' = momentum v - rate g, x + (1 + momentum) v' - momentum v
  double learning_rate = .1;
  int steps = 100, patience = 100;  ///< alpha and beta of method.md 4.1
  double cost_threshold = .01;      ///< gamma
  double l2_weight = .03;           ///< adds l2_weight / 2 |code - start|^2 to the cost
  double weight = 1;                ///< of -ln p_t or 1 - p_t in the cost
  double critic_weight = 0;         ///< times what the space's critic says of the picture: taken off the cost
  double momentum = .9;             ///< of nesterov
  double limit = 0;                 ///< numbers of a code are cut to this size after each step; 0: they are not
  /// Against a noisy network: naive (one draw a step), eot (the mean cost of several), mean (the noise taken out).
  std::string adversary = "eot";
  int draws = 10;
};

/// Which adversary attacks a noisy network, and who judges what it draws, as attacks name it: fields that they share. A struct
/// of an attack's parameters derives from it.
struct AdversarySpec {
  std::string adversary = "eot";
  int draws = 10;
  bool judge = true;
};

/// The parameters of AdversarySpec for the struct S that derives from it.
template <class S>
std::vector<Param> adversary_params() {
  return {
      choice<S, std::string>(&S::adversary, "adversary", {"naive", "eot", "mean"}, "attack.adversary"),
      param<S, int>(&S::draws, "draws", 1, 1000, "draws", "attack.draws"),
      param<S, bool>(&S::judge, "judge", "attack.judge"),
  };
}

/// Those to search as: all three, or the chosen one alone where there is no noise and they are the same.
std::vector<std::string> adversaries(const Network& network, const std::string& chosen);

/// How a search came to what it found: what it looked at, at some of its steps.
struct SearchPath {
  std::vector<int> step;  ///< from 0 to the last, further apart the later
  Matrix code;            ///< step.size() times classes rows, one step after the other; once a class has ended, its best
  MatrixD confidence;     ///< step.size() x classes: the p_t of that picture
};

/// What was found, one row a class.
struct ClassCodes {
  Matrix code;          ///< the best of all steps, never simply the last
  VectorXd cost;        ///< its cost, as the adversary saw it
  VectorXd confidence;  ///< its p_t
  VectorXi best_step;   ///< the step that it was found at
  int steps = 0;        ///< of the class that took longest
  SearchPath path;

  /// Takes over class `c` of another search of the same steps, with its path.
  void take(Eigen::Index c, const ClassCodes& from);
};

/// Looks for all classes of `network` at once from the codes `start` (classes x numbers), each a row of one Program that
/// follows its own cost. Ticks after each step;
/// `name` is unique within the run: it names the save point and the stream of the noise.
Task search_classes(Context& context, const Network& network, const PictureSpace& space, ClassSearch search, std::string name, Matrix start,
                    ClassCodes& out);

/// Draws what `adversary` found: as AttackResult::pictures, with their path, if it is the `chosen` one, else beside them.
Task draw_found(Context& context, const PictureSpace& space, ClassCodes found, std::string adversary, std::string chosen,
                AttackResult& out);

/// Records -o_t, rows x 1: unlike -ln p_t its slope never fades, and it has no least value, so that something has to hold the search.
/// Logits (2, 1), target 0: -2. Of one column for two classes o_t is that logit or minus it. Nguyen et al., CVPR 2023 (LOMMA).
Var record_logit_cost(Program& program, Var logits, const VectorXi& target);

/// Records -ln p_t of logits (rows x classes; one column for two classes), rows x 1: row i's target is class i of `target`.
Var record_surprise(Program& program, Var logits, const VectorXi& target);

}  // namespace mid
