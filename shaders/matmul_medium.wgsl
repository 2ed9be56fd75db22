// Tiles of 64 x 64, 4 x 4 numbers a thread as four vectors.

const kTile = 64u;
const kDepth = 16u;    // of a panel
const kStride = 17u;   // vectors from one depth to the next, one apart from a multiple of the memory's banks
var<workgroup> panel_a: array<vec4<f32>, 272>;   // [depth][four rows]
var<workgroup> panel_b: array<vec4<f32>, 272>;   // [depth][four columns]

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let low = t % 16u;
  let high = t / 16u;
  let row = w.y * kTile;
  let col = w.x * kTile;
  // Neighbouring threads read neighbouring numbers: along the depth, or across it where the matrix is transposed.
  let depth_a = select(low, high, TURNED_A);
  let four_rows = select(high, low, TURNED_A);
  let depth_b = select(high, low, TURNED_B);
  let four_cols = select(low, high, TURNED_B);
  var sum0 = vec4<f32>();
  var sum1 = vec4<f32>();
  var sum2 = vec4<f32>();
  var sum3 = vec4<f32>();
  var next_a = four_a(row + four_rows * 4u, depth_a);
  var next_b = four_b(depth_b, col + four_cols * 4u);
  for (var k = 0u; k < p.depth; k = k + kDepth) {
    panel_a[depth_a * kStride + four_rows] = next_a;
    panel_b[depth_b * kStride + four_cols] = next_b;
    workgroupBarrier();
    // On their way while this panel is multiplied.
    if (k + kDepth < p.depth) {
      next_a = four_a(row + four_rows * 4u, k + kDepth + depth_a);
      next_b = four_b(k + kDepth + depth_b, col + four_cols * 4u);
    }
    for (var i = 0u; i < kDepth; i = i + 1u) {
      let l = panel_a[i * kStride + high];
      let r = panel_b[i * kStride + low];
      sum0 = sum0 + l.x * r;
      sum1 = sum1 + l.y * r;
      sum2 = sum2 + l.z * r;
      sum3 = sum3 + l.w * r;
    }
    workgroupBarrier();
  }
  let q = col + low * 4u;
  let r = row + high * 4u;
  store4(r, q, sum0);
  store4(r + 1u, q, sum1);
  store4(r + 2u, q, sum2);
  store4(r + 3u, q, sum3);
}
