// A managed component: what goes wrong deep in it is of who called it.

#include "components.hpp"

namespace {

[[gnu::noinline]] int codec_read_block(int n) {
    *nowhere = n;
    return sink + 1;
}
[[gnu::noinline]] int codec_read_line(int n) {
    return codec_read_block(n + 1) + sink;
}
[[gnu::noinline]] int codec_read_frame(int n) {
    return codec_read_line(n + 1) - sink;
}

}  // namespace

int codec_decode(int n) {
    return codec_read_frame(n + 1) * 2;
}
