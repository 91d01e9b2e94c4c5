#include "gzip.hpp"

#include <stdexcept>

#include <gtest/gtest.h>
#include <zlib.h>

namespace coredepot {
namespace {

constexpr std::size_t kLimit = 1'000'000;

std::string packed(const std::string& bytes) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string unpacked(const std::string& bytes, std::size_t limit = kLimit) {
    const auto outcome = gunzip(bytes, limit);
    if (const auto* fault = std::get_if<GzipFault>(&outcome)) {
        return *fault == GzipFault::Damaged ? "damaged" : "too large";
    }
    return std::get<std::string>(outcome);
}

TEST(Gunzip, GivesBackWhatWasPacked) {
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 1'000'000U}) {
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * i >> 3U);
        EXPECT_TRUE(unpacked(packed(bytes)) == bytes) << size;
    }
    EXPECT_EQ(unpacked(packed("two ") + packed("members")), "two members");
}

TEST(Gunzip, StopsAtTheLimit) {
    EXPECT_EQ(unpacked(packed(std::string(kLimit + 1, 'x'))), "too large");
    EXPECT_EQ(unpacked(packed(std::string(100'000'000, '\0'))), "too large");
    EXPECT_EQ(unpacked(packed("12345"), 5), "12345");
    EXPECT_EQ(unpacked(packed("123456"), 5), "too large");
    EXPECT_EQ(unpacked(packed("123") + packed("456"), 5), "too large");
}

TEST(Gunzip, SaysWhatIsNoGzip) {
    const auto good = packed("a core dump, or what there is of one");
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_EQ(unpacked(good.substr(0, size)), "damaged") << size;
    }
    auto other = good;
    other[other.size() - 5] = static_cast<char>(~other[other.size() - 5]);  // of the CRC-32
    EXPECT_EQ(unpacked(other), "damaged");
    EXPECT_EQ(unpacked(good + "x"), "damaged");
    EXPECT_EQ(unpacked("\x7f"
                       "ELF, as it is"),
              "damaged");
}

TEST(Gzip, IsUnpackedAgainAndHasTheShortestHeader) {
    for (const std::size_t size : {0U, 1U, 65'536U, 1'000'000U}) {
        std::string bytes;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * i >> 3U);
        const auto made = gzip(bytes);
        EXPECT_TRUE(unpacked(made) == bytes) << size;
        EXPECT_EQ(made.substr(0, 4), std::string("\x1f\x8b\x08\0", 4)) << size;
    }
    EXPECT_LT(gzip(std::string(100'000, 'x')).size(), 1000U);
}

// A block that is not packed has 65,535 bytes at most.
TEST(GzipBehind, IsOneMemberOfBoth) {
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 200'000U}) {
        const std::string head(size, 'h');
        for (const std::string tail : {"", "t", "what is long, and long, and long, and long"}) {
            EXPECT_TRUE(unpacked(gzip_behind(head, gzip(tail))) == head + tail) << size;
        }
    }
    auto longer = gzip_behind("head, ", gzip_behind("middle, ", gzip("tail")));
    EXPECT_EQ(unpacked(longer), "head, middle, tail");
}

TEST(GzipBehind, TakesNothingElse) {
    auto flagged = gzip("tail");
    flagged[3] = 8;  // it has a file's name
    for (const auto& bad :
         {std::string(), std::string("tail"), gzip("tail").substr(0, 17), flagged}) {
        EXPECT_THROW(gzip_behind("head", bad), std::invalid_argument);
    }
}

}  // namespace
}  // namespace coredepot
