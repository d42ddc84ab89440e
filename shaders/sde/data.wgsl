// The data as kernels read them.
//
//   nodes          [node]                     of all series, one after the other
//   inputs         [node][encoder_inputs]     what the encoder sees: values, gaps and marks of the observations around the node
//   bases          [node][latent]             what the encoder's mean is added to
//   observations   [observation]              in the order of times within a series

struct Node {
  span: f32,                // seconds to the next node
  clock: f32,               // time since the series began, over the longest series
  first_observation: u32,   // of the interval that begins here
}

struct Observation {
  node: u32,                // where its interval begins
  u: f32,
}

@group(0) @binding(9) var<storage, read> nodes: array<Node>;
@group(0) @binding(10) var<storage, read> inputs: array<f32>;
@group(0) @binding(11) var<storage, read> bases: array<f32>;
@group(0) @binding(12) var<storage, read> observations: array<Observation>;
@group(0) @binding(13) var<storage, read> values: array<vec2<f32>>;    // [observation][observed]: value, and 1 where there is one
