// The operation log_softmax: a workgroup makes a row. Bindings a, y and p come before it.

struct Shape { rows: u32, cols: u32 }
var<workgroup> part: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = w.y * n.x + w.x;
  if (row >= p.rows) { return; }
  let from_ = row * p.cols;
  var most = a[from_];
  for (var c = t; c < p.cols; c = c + 64u) { most = max(most, a[from_ + c]); }
  part[t] = most;
  workgroupBarrier();
  for (var gap = 32u; gap > 0u; gap = gap / 2u) {
    if (t < gap) { part[t] = max(part[t], part[t + gap]); }
    workgroupBarrier();
  }
  most = part[0];
  workgroupBarrier();
  // What is not a number is in the sum, whatever max makes of it.
  var sum = 0.0;
  for (var c = t; c < p.cols; c = c + 64u) { sum = sum + exp_of(a[from_ + c] - most); }
  part[t] = sum;
  workgroupBarrier();
  for (var gap = 32u; gap > 0u; gap = gap / 2u) {
    if (t < gap) { part[t] = part[t] + part[t + gap]; }
    workgroupBarrier();
  }
  let log_total = most + log_of(part[0]);
  for (var c = t; c < p.cols; c = c + 64u) { y[from_ + c] = a[from_ + c] - log_total; }
}
