#include "domain/network.hpp"

#include <algorithm>
#include <string>

#include <arpa/inet.h>

#include "text/integers.hpp"

namespace coredepot {
namespace {

constexpr int kV4Bits = 96;  ///< in front of an IPv4 address

IpAddress v4_at(const IpAddress::Bytes& bytes, std::size_t at) {
    return IpAddress::v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool is_any_of(const IpAddress& address, const std::vector<std::string_view>& networks) {
    return std::ranges::any_of(networks, [&](std::string_view text) {
        return Network::parse(text).value().contains(address);
    });
}

}  // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return IpAddress({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d});
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    if (terminated.find('\0') != std::string::npos) return std::nullopt;
    Bytes bytes{};
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return IpAddress(bytes);
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return v4_at(bytes, 0);
    return std::nullopt;
}

bool IpAddress::is_v4() const {
    constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(bytes_.begin(), bytes_.begin() + kV4Bits / 8, kMapped.begin());
}

IpAddress IpAddress::unwrapped() const {
    constexpr Bytes kNat64{0, 0x64, 0xff, 0x9b};
    if (std::equal(bytes_.begin(), bytes_.begin() + kV4Bits / 8, kNat64.begin())) {
        return v4_at(bytes_, kV4Bits / 8);
    }
    if (bytes_[0] == 0x20 && bytes_[1] == 0x02) return v4_at(bytes_, 2);
    return *this;
}

std::optional<Network> Network::parse(std::string_view text) {
    constexpr int kBits = 128;
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    // The bits count from the form in which it is written, which for IPv4 is not how we store it.
    const bool is_short = text.substr(0, slash).find(':') == std::string_view::npos;
    const int before = is_short ? kV4Bits : 0;
    int prefix = kBits;
    if (slash != std::string_view::npos) {
        const auto bits = parse_integer<int>(text.substr(slash + 1));
        if (!bits || *bits < 0 || *bits > kBits - before) return std::nullopt;
        prefix = before + *bits;
    }
    for (int bit = prefix; bit < kBits; ++bit) {
        const auto byte = address->bytes().at(static_cast<std::size_t>(bit / 8));
        if ((byte & (0x80 >> (bit % 8))) != 0) return std::nullopt;
    }
    return Network(*address, prefix);
}

bool Network::contains(const IpAddress& address) const {
    for (int bit = 0; bit < prefix_; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const auto difference = address.bytes().at(byte) ^ address_.bytes().at(byte);
        if ((difference & (0x80 >> (bit % 8))) != 0) return false;
    }
    return true;
}

bool is_global(const IpAddress& address) {
    static const std::vector<std::string_view> v4_special = {
        "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",   "127.0.0.0/8",     "169.254.0.0/16",
        "172.16.0.0/12",  "192.0.0.0/24",   "192.0.2.0/24",    "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",   "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/3"};
    // The rest of 2000::/3 is in use, or not yet assigned.
    static const std::vector<std::string_view> v6_special = {"2001::/23", "2001:db8::/32",
                                                             "2620:4f:8000::/48", "3fff::/20"};
    const auto seen = address.unwrapped();
    if (seen.is_v4()) return !is_any_of(seen, v4_special);
    return is_any_of(seen, {"2000::/3"}) && !is_any_of(seen, v6_special);
}

}  // namespace coredepot
