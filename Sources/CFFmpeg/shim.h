// Everything of FFmpeg that Swift cannot see by itself (macros), and every difference between FFmpeg 5.1, 6.x and 7.x.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>
