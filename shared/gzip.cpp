#include "gzip.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <zlib.h>

namespace coredepot {
namespace {

struct InflateEnd {
    void operator()(z_stream* stream) const { inflateEnd(stream); }
};

constexpr int kGzipOnly = 16;  // zlib.h, inflateInit2(): added to the window's bits

}  // namespace

std::variant<std::string, GzipFault> gunzip(std::string_view packed, std::size_t limit) {
    constexpr std::size_t kPiece = 65'536;
    z_stream stream{};
    if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
    const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
    // zlib's interface has no const; it does not write there.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());

    std::string unpacked;
    while (true) {
        const auto have = unpacked.size();
        // One byte more than may be there shows that there is more.
        unpacked.resize(have + std::min(kPiece, limit + 1 - have));
        stream.next_out = reinterpret_cast<Bytef*>(unpacked.data() + have);
        stream.avail_out = static_cast<uInt>(unpacked.size() - have);
        const int state = inflate(&stream, Z_NO_FLUSH);
        unpacked.resize(unpacked.size() - stream.avail_out);
        if (unpacked.size() > limit) return GzipFault::TooLarge;
        if (state == Z_STREAM_END) {
            if (stream.avail_in == 0) return unpacked;
            if (inflateReset(&stream) != Z_OK) return GzipFault::Damaged;
        } else if (state != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) {
            return GzipFault::Damaged;  // which a bomb of empty members ends as, too: they end
        }
    }
}

}  // namespace coredepot
