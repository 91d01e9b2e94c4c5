#include "http/fcgi_answer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>

namespace coredepot::http {
namespace {

constexpr unsigned char kStdout = 6;
constexpr unsigned char kEndRequest = 3;
/// The content of a record, whose length has 16 bits. A multiple of eight needs no padding.
constexpr std::size_t kMostContent = 65'528;
constexpr std::size_t kMostPieces = 1024;  // IOV_MAX

std::size_t records_for(std::string_view text) {
    return (text.size() + kMostContent - 1) / kMostContent;
}

iovec piece_of(const void* bytes, std::size_t length) {
    return {const_cast<void*>(bytes), length};  // writev() only reads it
}

/// Skips the first `count` bytes.
void advance(std::span<iovec>& pieces, std::size_t count) {
    while (!pieces.empty() && count >= pieces.front().iov_len) {
        count -= pieces.front().iov_len;
        pieces = pieces.subspan(1);
    }
    if (pieces.empty()) return;
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + count;
    pieces.front().iov_len -= count;
}

}  // namespace

FcgiAnswer::FcgiAnswer(int request, std::string_view head, std::string_view body)
    : request_(request) {
    // Application status 0, protocol status FCGI_REQUEST_COMPLETE, and three reserved bytes.
    static constexpr std::array<char, 8> kComplete{};
    const auto records = records_for(head) + records_for(body) + 2;
    headers_.reserve(records);  // so that pointers to them stay valid
    pieces_.reserve(2 * records);
    for (auto text : {head, body}) {
        for (; !text.empty(); text.remove_prefix(std::min(text.size(), kMostContent))) {
            add(kStdout, text.substr(0, kMostContent));
        }
    }
    add(kStdout, "");
    add(kEndRequest, {kComplete.data(), kComplete.size()});
}

void FcgiAnswer::add(unsigned char type, std::string_view content) {
    const auto low = [](std::size_t number) { return static_cast<unsigned char>(number & 0xff); };
    const auto id = static_cast<std::size_t>(request_);
    // Version 1. The padding's length and a reserved byte come last.
    const auto& header = headers_.emplace_back(Header{
        1, type, low(id >> 8), low(id), low(content.size() >> 8), low(content.size()), 0, 0});
    pieces_.push_back(piece_of(header.data(), header.size()));
    if (!content.empty()) pieces_.push_back(piece_of(content.data(), content.size()));
}

bool FcgiAnswer::send(int socket) const {
    auto pieces = pieces_;
    std::span<iovec> left(pieces);
    while (!left.empty()) {
        const auto sent =
            ::writev(socket, left.data(), static_cast<int>(std::min(left.size(), kMostPieces)));
        if (sent < 0 && errno != EINTR) return false;
        if (sent > 0) advance(left, static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace coredepot::http
