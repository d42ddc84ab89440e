// Reductions and a prefix sum over one workgroup, as trees of fixed shape, so that the same input gives the same bits on the same adapter.
//
// Every function is called by all invocations in uniform control flow and returns the same value to all of them (but `exclusive_sum`, which returns each its own).
// `width` is the workgroup size, a power of two.

override width: u32 = 64u;

var<workgroup> sh_number: array<f32, width>;
var<workgroup> sh_count: array<u32, width>;

fn reduce_max(lane: u32, value: f32) -> f32 {
  sh_number[lane] = value;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_number[lane] = max(sh_number[lane], sh_number[lane + reach]);
    }
  }
  let result = workgroupUniformLoad(&sh_number[0]);
  return result;
}

fn reduce_sum(lane: u32, value: f32) -> f32 {
  sh_number[lane] = value;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_number[lane] += sh_number[lane + reach];
    }
  }
  let result = workgroupUniformLoad(&sh_number[0]);
  return result;
}

fn reduce_count(lane: u32, value: u32) -> u32 {
  sh_count[lane] = value;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_count[lane] += sh_count[lane + reach];
    }
  }
  let result = workgroupUniformLoad(&sh_count[0]);
  return result;
}

struct PrefixSum {
  before: u32, // sum over lower lanes
  total: u32,
}

/// Hillis–Steele over integers: exact, so the order of addition does not matter.
fn exclusive_sum(lane: u32, value: u32) -> PrefixSum {
  sh_count[lane] = value;
  workgroupBarrier();
  var sum = value;
  for (var reach = 1u; reach < width; reach *= 2u) {
    if (lane >= reach) {
      sum += sh_count[lane - reach];
    }
    workgroupBarrier();
    sh_count[lane] = sum;
    workgroupBarrier();
  }
  let total = workgroupUniformLoad(&sh_count[width - 1u]);
  return PrefixSum(sum - value, total);
}
