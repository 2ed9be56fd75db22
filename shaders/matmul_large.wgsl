// Tiles of 128 x 128, 8 x 8 numbers a thread as sixteen vectors: half as many reads of workgroup memory for a product.

const kTile = 128u;
const kDepth = 8u;     // of a panel
const kStride = 33u;   // vectors from one depth to the next
var<workgroup> panel_a: array<vec4<f32>, 264>;   // [depth][four rows]
var<workgroup> panel_b: array<vec4<f32>, 264>;   // [depth][four columns]

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let low = t % 16u;
  let high = t / 16u;
  let row = w.y * kTile;
  let col = w.x * kTile;
  let depth_a = select(t % 8u, t / 32u, TURNED_A);
  let four_rows = select(t / 8u, t % 32u, TURNED_A);
  let depth_b = select(t / 32u, t % 8u, TURNED_B);
  let four_cols = select(t % 32u, t / 8u, TURNED_B);
  // s[row of a thread][left or right half of the tile]
  var s00 = vec4<f32>(); var s10 = vec4<f32>(); var s20 = vec4<f32>(); var s30 = vec4<f32>();
  var s40 = vec4<f32>(); var s50 = vec4<f32>(); var s60 = vec4<f32>(); var s70 = vec4<f32>();
  var s01 = vec4<f32>(); var s11 = vec4<f32>(); var s21 = vec4<f32>(); var s31 = vec4<f32>();
  var s41 = vec4<f32>(); var s51 = vec4<f32>(); var s61 = vec4<f32>(); var s71 = vec4<f32>();
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
      let m = panel_a[i * kStride + high + 16u];
      let r = panel_b[i * kStride + low];
      let v = panel_b[i * kStride + low + 16u];
      s00 = s00 + l.x * r; s10 = s10 + l.y * r; s20 = s20 + l.z * r; s30 = s30 + l.w * r;
      s40 = s40 + m.x * r; s50 = s50 + m.y * r; s60 = s60 + m.z * r; s70 = s70 + m.w * r;
      s01 = s01 + l.x * v; s11 = s11 + l.y * v; s21 = s21 + l.z * v; s31 = s31 + l.w * v;
      s41 = s41 + m.x * v; s51 = s51 + m.y * v; s61 = s61 + m.z * v; s71 = s71 + m.w * v;
    }
    workgroupBarrier();
  }
  let q = col + low * 4u;
  let r = row + high * 4u;
  store4(r, q, s00); store4(r + 1u, q, s10); store4(r + 2u, q, s20); store4(r + 3u, q, s30);
  store4(r + 64u, q, s40); store4(r + 65u, q, s50); store4(r + 66u, q, s60); store4(r + 67u, q, s70);
  store4(r, q + 64u, s01); store4(r + 1u, q + 64u, s11); store4(r + 2u, q + 64u, s21); store4(r + 3u, q + 64u, s31);
  store4(r + 64u, q + 64u, s41); store4(r + 65u, q + 64u, s51); store4(r + 66u, q + 64u, s61); store4(r + 67u, q + 64u, s71);
}
