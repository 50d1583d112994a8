// Kernels that OpenBLAS does not have.
//
// All tensors are [H, W, C] float32, channels last. One body per kernel, written with portable
// vector extensions, is compiled once per instruction set; `vdk_kernels` is the table of one set.
#pragma once

#include <stddef.h>

/// Instruction sets, each a superset of the one before on the same architecture.
enum { VDK_BASELINE = 0, VDK_AVX2 = 1, VDK_AVX512 = 2, VDK_LEVELS = 3 };

/// Most stretches of summands of one product: vectors of channels of a Winograd convolution's inputs, taps of a direct one.
enum { VDK_MOST_STRETCHES = 256 };

/// Pixels of a tensor, or of every n-th row and column of one.
typedef struct {
    float *base;  // first channel of the top left pixel; null: no tensor
    ptrdiff_t row;  // floats from one row to the next
    ptrdiff_t pixel;  // floats from one column to the next
    int height, width, channels;
} vdk_view;

/// Winograd convolution of stride 1, tiles of 8×8 inputs.
///
/// `planes` independent images of one size (±1 row or column) share the weights: the sub-grids of a
/// dilated convolution, or just one.
typedef struct {
    int tile;  // side of the output tile: 7 (2×2 kernel), 6 (3×3) or 4 (5×5)
    int padding;  // rows and columns of zeros before the image
    int planes, tiles_high, tiles_wide;
    int inputs, outputs;  // views per plane, their channels one behind the other
    const vdk_view *input;  // [planes][inputs]
    const vdk_view *output;  // [planes][outputs]
    const vdk_view *residual;  // [planes][outputs], added after the activation; null for none
    int depth;  // sum of the inputs' channels
    const float *weights;  // vdk_winograd_pack
    const float *bias;  // [outputs][channels]
    float slope;  // of the LeakyReLU; 1 for no activation
    /// Of four outputs the second and fourth begin one column earlier, the third and fourth one row earlier: phases of
    /// a transposed convolution.
    int staggered;
} vdk_winograd;

/// Direct convolution: sums over the taps of a zero-padded strip, no transform.
typedef struct {
    int kernel, stride, dilation, padding;
    int inputs;
    const vdk_view *input;  // [inputs], channels one behind the other
    vdk_view output;
    vdk_view residual;  // base null for none
    int depth;  // sum of the inputs' channels
    const float *weights;  // vdk_direct_pack
    const float *bias;  // [channels]
    float slope;
} vdk_direct;

/// The kernels of one instruction set. Row ranges are half open: `first ..< end`.
typedef struct {
    const char *name;
    int lanes;  // floats in a vector
    int rows;  // rows of the largest GEMM register tile, a multiple of every other's

    /// Tiles `first ..< first + count` of all planes, counted row by row. `scratch`: vdk_winograd_scratch floats.
    void (*winograd)(const vdk_winograd *, int first, int count, float *scratch);
    /// Output rows `first ..< end`. `scratch`: vdk_direct_scratch floats.
    void (*direct)(const vdk_direct *, int first, int end, float *scratch);

    /// Backward bilinear warp; flow is [H, W, 2].
    void (*warp)(vdk_view image, vdk_view flow, vdk_view out, int first, int end);
    /// Mean dot products over (2·radius + 1)² shifts of b.
    void (*cost_volume)(vdk_view a, vdk_view b, vdk_view out, int radius, float slope, int first, int end);
    /// Mean over the channels; out is [H, W + 1, 1], behind each row its last pixel once more.
    void (*brightness)(vdk_view in, vdk_view out, int first, int end);
    /// Differences along the motion (to_next − to_previous) / 2 at ±k/(2·count), times scale. `plane`: of `brightness`, of
    /// width W; the flows to both neighbours are [H, W, 2]; out is [H/factor, W/factor, 2·count·factor²], space to depth. Rows of out.
    void (*motion_path)(vdk_view plane, vdk_view to_previous, vdk_view to_next, vdk_view out, int count, int bend,
        int factor, float scale, int first, int end);
    /// Bilinear resize, align_corners false. `scratch`: width·channels floats of the input and three a column of
    /// the output.
    void (*resize)(vdk_view in, vdk_view out, float scale, int first, int end, float *scratch);
    /// out[c] = sum over the window's pixels.
    void (*sum_window)(vdk_view in, int top, int bottom, int left, int right, float *out);
    /// out[c] = max over row y.
    void (*max_row)(vdk_view in, int y, float *out);
    /// Mean over factor × factor blocks, times scale.
    void (*average_pool)(vdk_view in, vdk_view out, int factor, float scale, int first, int end);
    /// out[y, x] = (mean, max) over c of in[y, x, c]·weight[c]
    void (*channel_statistics)(vdk_view in, const float *weight, vdk_view out, int first, int end);
    /// out = in · channels[c] · pixels[y, x], the two maps of CBAM.
    void (*apply_attention)(vdk_view in, const float *channels, vdk_view pixels, vdk_view out, int first, int end);
    void (*unshuffle)(vdk_view in, vdk_view out, int factor, float offset, int first, int end);
    void (*shuffle)(vdk_view in, vdk_view residual, vdk_view out, int factor, int first, int end);
} vdk_kernels;

/// The table of a level; null if this build or this processor has none.
const vdk_kernels *vdk_kernels_of(int level);

/// Floats of packed Winograd weights for one view of outputs. `lanes` as in the table.
size_t vdk_winograd_packed(int depth, int channels, int lanes);
/// Transforms weight[o][i][k][k] (k = 2, 3 or 5) of one view of outputs into `packed`.
void vdk_winograd_pack(const float *weight, int kernel, int depth, int channels, int lanes, float *packed);
/// Scratch floats for `count` tiles at once.
size_t vdk_winograd_scratch(const vdk_winograd *, int count, const vdk_kernels *);

/// Floats of packed direct weights.
size_t vdk_direct_packed(int kernel, int depth, int channels, int lanes);
/// Repacks weight[o][i][k][k] into panels of columns.
void vdk_direct_pack(const float *weight, int kernel, int depth, int channels, int lanes, float *packed);
/// Scratch floats of a strip of `rows` output rows.
size_t vdk_direct_scratch(const vdk_direct *, int rows, const vdk_kernels *);

/// Cores in this process's affinity mask (sched_getaffinity); 0 where there is no such call.
int vdk_affinity_cores(void);
