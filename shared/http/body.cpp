#include "http/body.hpp"

#include <algorithm>
#include <cstddef>

namespace coredepot::http {

std::optional<std::string> Body::read(std::uint64_t limit) const {
    constexpr std::size_t kPiece = 65'536;
    if (declared_ && *declared_ > limit) return std::nullopt;
    if (!source_) return "";
    std::string bytes;
    // The announced length is within the limit here. Without one, memory grows with the data.
    bytes.reserve(static_cast<std::size_t>(declared_.value_or(0)));
    while (true) {
        const auto have = bytes.size();
        // Without a length, one byte beyond the limit shows that there is more.
        const auto most = declared_.value_or(limit + 1) - have;
        bytes.resize(have + static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, most)));
        const auto got = source_(bytes.data() + have, bytes.size() - have);
        bytes.resize(have + got);
        if (got == 0) break;
        if (declared_ && bytes.size() >= *declared_) break;
        if (bytes.size() > limit) return std::nullopt;
    }
    if (declared_ && bytes.size() < *declared_) throw BodyTruncated();
    is_read_ = true;
    return bytes;
}

}  // namespace coredepot::http
