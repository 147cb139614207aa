// What a ranker makes of a score: the response function that scores are written for.
#ifndef OASIS_APPS_ALLOCATE_RESPONSE_H_
#define OASIS_APPS_ALLOCATE_RESPONSE_H_

namespace oasis {

// 0 is neutral in each of them.
enum class Response {
  kLogit,       // added to the ranking logit: the shift that brings the plan about by itself
  kMultiplier,  // weight * (1 + score), for rankers with weights: e^shift - 1
  kShare,       // the share of the context's slots, for rankers that give out slots by quota
};

// What is written for an edge with that shift of the logit and that share of the slots. A shift is
// not written below kLeastWrittenScore.
float ScoreFor(Response response, float shift, float share);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_RESPONSE_H_
