// What Swift cannot see of FFmpeg by itself (macros, variadic functions, flexible structs), and every difference between FFmpeg 5.1 and 9.0.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavcodec/version.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/stereo3d.h>
#include <libavutil/timecode.h>
#include <libswscale/swscale.h>

// MARK: Macros

static const int64_t cff_no_pts = AV_NOPTS_VALUE;
static const int64_t cff_ticks_per_second = AV_TIME_BASE;
static const int cff_eof = AVERROR_EOF;
static const int cff_invalid_data = AVERROR_INVALIDDATA;
static const int cff_patch_welcome = AVERROR_PATCHWELCOME;
static const int cff_demuxer_not_found = AVERROR_DEMUXER_NOT_FOUND;
static const int cff_protocol_not_found = AVERROR_PROTOCOL_NOT_FOUND;
static const int cff_try_again = AVERROR(EAGAIN);
static const int cff_input_padding = AV_INPUT_BUFFER_PADDING_SIZE;
static inline int cff_error(int errno_value) { return AVERROR(errno_value); }

// MARK: Bytes

/// avio_alloc_context for writing. (What `write_packet` is given became const in 7.0.)
static inline AVIOContext *cff_new_writer(unsigned char *buffer, int size, void *opaque,
    int (*write_packet)(void *opaque, const uint8_t *bytes, int count),
    int64_t (*seek)(void *opaque, int64_t offset, int whence)) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  return avio_alloc_context(buffer, size, 1, opaque, NULL, write_packet, seek);
#else
  return avio_alloc_context(buffer, size, 1, opaque, NULL, (int (*)(void *, uint8_t *, int))write_packet, seek);
#endif
}

// MARK: Frames

/// How long the picture is shown, in ticks of the stream; 0 when unknown. (AVFrame.pkt_duration became AVFrame.duration in 6.0.)
static inline int64_t cff_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

static inline void cff_frame_set_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  frame->duration = duration;
#else
  frame->pkt_duration = duration;
#endif
}

static inline int cff_frame_is_interlaced(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
  return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame->interlaced_frame;
#endif
}

/// Says that the frame is one whole picture.
static inline void cff_frame_set_progressive(AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
  frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
#else
  frame->interlaced_frame = frame->top_field_first = 0;
#endif
}

static inline int cff_frame_is_top_field_first(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_TOP_FIELD_FIRST
  return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  return frame->top_field_first;
#endif
}

static inline int cff_frame_is_key(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_KEY
  return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame->key_frame;
#endif
}

/// Leaves the choice of picture types and key frames to the encoder.
static inline void cff_frame_forget_type(AVFrame *frame) {
  frame->pict_type = AV_PICTURE_TYPE_NONE;
#ifdef AV_FRAME_FLAG_KEY
  frame->flags &= ~AV_FRAME_FLAG_KEY;
#else
  frame->key_frame = 0;
#endif
}

// MARK: Side data of streams (AVStream.side_data until 6.0, AVCodecParameters.coded_side_data since 6.1)

#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
#define CFF_CODED_SIDE_DATA 1
#endif

static inline int cff_stream_side_data_count(const AVStream *stream) {
#ifdef CFF_CODED_SIDE_DATA
  return stream->codecpar->nb_coded_side_data;
#else
  return stream->nb_side_data;
#endif
}

static inline const AVPacketSideData *cff_stream_side_data_at(const AVStream *stream, int index) {
#ifdef CFF_CODED_SIDE_DATA
  return &stream->codecpar->coded_side_data[index];
#else
  return &stream->side_data[index];
#endif
}

/// A zeroed block of `size` bytes owned by the stream, or NULL.
static inline uint8_t *cff_stream_new_side_data(AVStream *stream, enum AVPacketSideDataType type, size_t size) {
#ifdef CFF_CODED_SIDE_DATA
  AVPacketSideData *data =
      av_packet_side_data_new(&stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
  return data ? data->data : NULL;
#else
  return av_stream_new_side_data(stream, type, size);
#endif
}

// MARK: Index (bit fields)

/// Whether an edit list hides the packet of an index entry.
static inline int cff_index_entry_is_hidden(const AVIndexEntry *entry) {
  return (entry->flags & AVINDEX_DISCARD_FRAME) != 0;
}

// MARK: Channels

static inline int cff_channel_count(const AVCodecParameters *par) { return par->ch_layout.nb_channels; }

// MARK: Encoders

/// The pixel formats an encoder takes, ended by AV_PIX_FMT_NONE; NULL when it takes any.
static inline const enum AVPixelFormat *cff_encoder_pixel_formats(const AVCodec *codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  const void *formats = NULL;
  avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &formats, NULL);
  return (const enum AVPixelFormat *)formats;
#else
  return codec->pix_fmts;
#endif
}

// MARK: RIFF

/// Whether WAV and AVI have a tag for a codec of sound from which FFmpeg reads the same codec again. (Flash's ADPCM has one that it
/// writes but does not know again.)
static inline int cff_has_riff_audio_tag(enum AVCodecID codec) {
  if (codec == AV_CODEC_ID_ADPCM_SWF) return 0;
  const struct AVCodecTag *tables[] = {avformat_get_riff_audio_tags(), NULL};
  const unsigned tag = av_codec_get_tag(tables, codec);
  return tag && av_codec_get_id(tables, tag) == codec;
}

// MARK: Matroska

#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 16, 100)
#define CFF_MATROSKA_6_1 1
#else
#define CFF_MATROSKA_6_1 0
#endif

/// Whether the display matrix is written.
static const int cff_matroska_keeps_rotation = CFF_MATROSKA_6_1;
/// Whether the muxer moves times by the delay that it states. Before 6.1 it does not, while its demuxer takes the delay off: sound would move
/// forward by it with every generation.
static const int cff_matroska_adds_delay = CFF_MATROSKA_6_1;
/// Whether a codec's initial_padding is stated as codec delay: before 6.1 for Opus only.
static inline int cff_matroska_states_delay(enum AVCodecID codec) {
  return CFF_MATROSKA_6_1 || codec == AV_CODEC_ID_OPUS;
}

// MARK: Scaling (a context that Swift sees as a struct since 8.0, before as an opaque pointer)

typedef struct cff_swizzler cff_swizzler;

/// A context that moves samples between formats of one size, with the same matrix and range on both sides; NULL where there is no path.
static inline cff_swizzler *cff_swizzler_new(
    enum AVPixelFormat from, enum AVPixelFormat to, int width, int height, int is_full_range) {
  const int flags = SWS_POINT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
  struct SwsContext *context = sws_getContext(width, height, from, width, height, to, flags, NULL, NULL, NULL);
  if (!context) return NULL;
  const int *table = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(context, table, is_full_range, table, is_full_range, 0, 1 << 16, 1 << 16);
  return (cff_swizzler *)context;
}

/// The number of rows written (sws_scale).
static inline int cff_swizzle(cff_swizzler *swizzler, const AVFrame *from, AVFrame *to) {
  return sws_scale((struct SwsContext *)swizzler, (const uint8_t *const *)from->data, from->linesize, 0, from->height,
      to->data, to->linesize);
}

static inline void cff_swizzler_free(cff_swizzler *swizzler) { sws_freeContext((struct SwsContext *)swizzler); }

/// Converts a picture to another format and size; negative on failure. Both sides are full range, Y'CbCr is JPEG's (BT.601).
static inline int cff_convert_picture(const AVFrame *from, AVFrame *to) {
  const int flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
  struct SwsContext *context = sws_getContext(from->width, from->height, (enum AVPixelFormat)from->format, to->width,
      to->height, (enum AVPixelFormat)to->format, flags, NULL, NULL, NULL);
  if (!context) return AVERROR(EINVAL);
  const int *table = sws_getCoefficients(SWS_CS_ITU601);
  sws_setColorspaceDetails(context, table, 1, table, 1, 0, 1 << 16, 1 << 16);
  const int rows =
      sws_scale(context, (const uint8_t *const *)from->data, from->linesize, 0, from->height, to->data, to->linesize);
  sws_freeContext(context);
  return rows;
}

// MARK: Log

static inline void cff_log_level(int level) { av_log_set_level(level); }
