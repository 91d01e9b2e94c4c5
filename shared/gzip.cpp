#include "gzip.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

#include <zlib.h>

namespace coredepot {
namespace {

struct InflateEnd {
    void operator()(z_stream* stream) const { inflateEnd(stream); }
};

struct DeflateEnd {
    void operator()(z_stream* stream) const { deflateEnd(stream); }
};

constexpr int kGzipOnly = 16;  // zlib.h, inflateInit2(): added to the window's bits

/// zlib's interface lacks a const here, but it does not write.
Bytef* bytes_of(std::string_view text) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

// RFC 1952, section 2.3. The header: magic, method, flags, time, extra flags, system. The end:
// checksum and length, of four bytes each.
constexpr std::size_t kHeader = 10;
constexpr std::size_t kTrailer = 8;
constexpr std::string_view kWithoutFlags("\x1f\x8b\x08\0", 4);

/// Least significant byte first, like all numbers in gzip and deflate.
void append_number(std::string& bytes, std::uint32_t number, int length) {
    for (; length > 0; --length, number >>= 8U) bytes += static_cast<char>(number & 0xffU);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i > 0; --i) {
        number = number << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return number;
}

std::uint32_t checksum(std::string_view text) {
    return static_cast<std::uint32_t>(crc32_z(0, bytes_of(text), text.size()));
}

/// Appends blocks that are stored without compression and are not the last (RFC 1951, section
/// 3.2.4).
void append_stored(std::string& deflated, std::string_view text) {
    constexpr std::size_t kMostOfBlock = 0xffff;
    while (!text.empty()) {
        const auto block = text.substr(0, kMostOfBlock);
        const auto length = static_cast<std::uint32_t>(block.size());
        deflated += '\0';
        append_number(deflated, length, 2);
        append_number(deflated, ~length, 2);
        deflated += block;
        text.remove_prefix(block.size());
    }
}

}  // namespace

std::variant<std::string, GzipFault> gunzip(std::string_view packed, std::size_t limit) {
    constexpr std::size_t kPiece = 65'536;
    z_stream stream{};
    if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
    const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
    stream.next_in = bytes_of(packed);
    stream.avail_in = static_cast<uInt>(packed.size());

    std::string unpacked;
    while (true) {
        const auto have = unpacked.size();
        // One byte beyond the limit shows that there is more.
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
            return GzipFault::Damaged;  // a bomb of empty members ends here, too
        }
    }
}

std::string gzip(std::string_view text) {
    constexpr int kMemory = 8;  // zlib.h: the default
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipOnly, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    const std::unique_ptr<z_stream, DeflateEnd> owner(&stream);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = bytes_of(text);
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = bytes_of(packed);
    stream.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::logic_error("cannot pack a text");
    packed.resize(packed.size() - stream.avail_out);
    return packed;
}

std::string gzip_behind(std::string_view head, std::string_view tail) {
    if (tail.size() < kHeader + kTrailer || !tail.starts_with(kWithoutFlags)) {
        throw std::invalid_argument("not a gzip of ours");
    }
    const auto trailer = tail.size() - kTrailer;
    const auto tail_checksum = number_at(tail, trailer);
    const auto tail_length = number_at(tail, trailer + 4);
    std::string packed;
    packed.reserve(head.size() + tail.size() + 64);
    packed += tail.substr(0, kHeader);
    append_stored(packed, head);
    packed += tail.substr(kHeader, trailer - kHeader);
    append_number(packed,
                  static_cast<std::uint32_t>(crc32_combine(checksum(head), tail_checksum,
                                                           static_cast<z_off_t>(tail_length))),
                  4);
    append_number(packed, static_cast<std::uint32_t>(head.size()) + tail_length, 4);
    return packed;
}

}  // namespace coredepot
