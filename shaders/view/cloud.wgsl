// Draws a cloud of points as soft discs, straight from the buffer that collect.wgsl fills.
//
//   points  [slot][3][state]   a ring: the slot written last is `newest`, and only the last `slots` count
//
// Six vertices make a point's square. No instances: SwiftShader draws each of them by itself, ten times slower. Colours go by groups of states (chains of a superchain, particles of a rank); older slots are fainter.

struct View {
  /// From the coordinates of the points to clip space.
  matrix: mat4x4<f32>,
  colours: array<vec4<f32>, 8>,
  /// Radius in clip units, x and y.
  radius: vec2<f32>,
  states: u32,
  slots: u32,
  newest: u32,
  capacity: u32,
  groups: u32,
  /// Of the oldest slot, as a part of the newest's.
  faintest: f32,
}

struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) offset: vec2<f32>,
  @location(1) @interpolate(flat) colour: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> points: array<f32>;

@vertex
fn corner(@builtin(vertex_index) vertex: u32) -> Corner {
  let point = vertex / 6u;
  // Two triangles, of the corners 0, 1, 2 and 2, 1, 3.
  let which = (0x312210u >> (4u * (vertex % 6u))) & 3u;
  let c = point % view.states;
  let age = point / view.states;
  let slot = (view.newest + view.capacity - age) % view.capacity;
  let at = vec3<f32>(
    points[(3u * slot) * view.states + c],
    points[(3u * slot + 1u) * view.states + c],
    points[(3u * slot + 2u) * view.states + c],
  );
  let offset = vec2<f32>(f32(which & 1u), f32(which >> 1u)) * 2.0 - 1.0;
  var out: Corner;
  let place = view.matrix * vec4<f32>(at, 1.0);
  out.position = place + vec4<f32>(offset * view.radius * place.w, 0.0, 0.0);
  out.offset = offset;
  let part = f32(age) / f32(max(view.slots, 2u) - 1u);
  let colour = view.colours[c % view.groups];
  out.colour = vec4<f32>(colour.rgb, colour.a * mix(1.0, view.faintest, part));
  return out;
}

@fragment
fn disc(in: Corner) -> @location(0) vec4<f32> {
  let alpha = in.colour.a * (1.0 - smoothstep(0.6, 1.0, length(in.offset)));
  // Premultiplied, as the canvas wants it.
  return vec4<f32>(in.colour.rgb * alpha, alpha);
}
