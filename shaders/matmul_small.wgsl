// Tiles of 16 x 16, one number a thread: for results so small that it matters more to have many workgroups. Panels are deep,
// and the next one is fetched while this one is multiplied: the wait for memory is what such a product consists of.

const kTile = 16u;
const kDepth = 64u;     // of a panel
const kStrideA = 65u;   // one apart from a multiple of the memory's banks
const kStrideB = 17u;
var<workgroup> panel_a: array<f32, 1040>;   // [row][depth]
var<workgroup> panel_b: array<f32, 1088>;   // [depth][column]

// Place of a thread's j-th number in the panels, so that neighbouring threads read neighbouring numbers.
fn place_a(t: u32, j: u32) -> vec2<u32> {   // row, depth
  let i = t + 256u * j;
  if (TURNED_A) { return vec2<u32>(i % kTile, i / kTile); }
  return vec2<u32>(i / kDepth, i % kDepth);
}
fn place_b(t: u32, j: u32) -> vec2<u32> {   // depth, column
  let i = t + 256u * j;
  if (TURNED_B) { return vec2<u32>(i % kDepth, i / kDepth); }
  return vec2<u32>(i / kTile, i % kTile);
}
fn fetch_a(row: u32, k: u32, t: u32, j: u32) -> f32 {
  let at = place_a(t, j);
  return at_a(row + at.x, k + at.y);
}
fn fetch_b(k: u32, col: u32, t: u32, j: u32) -> f32 {
  let at = place_b(t, j);
  return at_b(k + at.x, col + at.y);
}
fn keep_a(t: u32, j: u32, value: f32) {
  let at = place_a(t, j);
  panel_a[at.x * kStrideA + at.y] = value;
}
fn keep_b(t: u32, j: u32, value: f32) {
  let at = place_b(t, j);
  panel_b[at.x * kStrideB + at.y] = value;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let x = t % kTile;
  let y = t / kTile;
  let row = w.y * kTile;
  let col = w.x * kTile;
  var next_a = vec4<f32>(fetch_a(row, 0u, t, 0u), fetch_a(row, 0u, t, 1u), fetch_a(row, 0u, t, 2u), fetch_a(row, 0u, t, 3u));
  var next_b = vec4<f32>(fetch_b(0u, col, t, 0u), fetch_b(0u, col, t, 1u), fetch_b(0u, col, t, 2u), fetch_b(0u, col, t, 3u));
  var sum = 0.0;
  for (var k = 0u; k < p.depth; k = k + kDepth) {
    keep_a(t, 0u, next_a.x); keep_a(t, 1u, next_a.y); keep_a(t, 2u, next_a.z); keep_a(t, 3u, next_a.w);
    keep_b(t, 0u, next_b.x); keep_b(t, 1u, next_b.y); keep_b(t, 2u, next_b.z); keep_b(t, 3u, next_b.w);
    workgroupBarrier();
    let next = k + kDepth;
    next_a = vec4<f32>(fetch_a(row, next, t, 0u), fetch_a(row, next, t, 1u), fetch_a(row, next, t, 2u), fetch_a(row, next, t, 3u));
    next_b = vec4<f32>(fetch_b(next, col, t, 0u), fetch_b(next, col, t, 1u), fetch_b(next, col, t, 2u), fetch_b(next, col, t, 3u));
    for (var i = 0u; i < kDepth; i = i + 1u) { sum = sum + panel_a[y * kStrideA + i] * panel_b[i * kStrideB + x]; }
    workgroupBarrier();
  }
  store(row + y, col + x, sum);
}
