// What Swift cannot see of FFmpeg by itself (macros, variadic functions, flexible structs), and every difference between FFmpeg 5.1, 6.x
// and 7.x. Built and tested against 5.1 (libavcodec 59); the other branches follow FFmpeg's doc/APIchanges.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavcodec/version.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
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
  AVPacketSideData *data = av_packet_side_data_new(
      &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
  return data ? data->data : NULL;
#else
  return av_stream_new_side_data(stream, type, size);
#endif
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

// MARK: Log

static inline void cff_log_level(int level) { av_log_set_level(level); }
