// The sum of every invocation's score over one workgroup, as a tree; returned to the first. Called by all in uniform control flow.

import package::lib::reduce::width;
import package::model::Tangent;

var<workgroup> sh_score: array<Tangent, width>;

fn sum_scores(lane: u32, own: Tangent) -> Tangent {
  sh_score[lane] = own;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_score[lane] += sh_score[lane + reach];
    }
  }
  return sh_score[lane];
}
