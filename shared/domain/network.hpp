#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace coredepot {

/// An IPv4 or IPv6 address. An IPv4 address is stored as the end of `::ffff:0:0/96`.
class IpAddress {
  public:
    using Bytes = std::array<std::uint8_t, 16>;

    explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}
    static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
    /// `192.0.2.1`, `2001:db8::1`; empty for anything else.
    static std::optional<IpAddress> parse(std::string_view text);

    const Bytes& bytes() const { return bytes_; }
    bool is_v4() const;
    /// The IPv4 address where traffic to this address ends up, for NAT64 (`64:ff9b::/96`, RFC 6052)
    /// and 6to4 (`2002::/16`, RFC 3056); otherwise the address itself.
    IpAddress unwrapped() const;

    friend bool operator==(const IpAddress&, const IpAddress&) = default;

  private:
    Bytes bytes_;
};

/// `10.0.0.0/8`, `fd00::/8`, or one address.
class Network {
  public:
    /// Empty for anything else, and when bits after the prefix are set.
    static std::optional<Network> parse(std::string_view text);
    bool contains(const IpAddress& address) const;
    friend bool operator==(const Network&, const Network&) = default;

  private:
    Network(const IpAddress& address, int prefix) : address_(address), prefix_(prefix) {}

    IpAddress address_;
    int prefix_;  ///< bits of 128
};

using Networks = std::vector<Network>;

/// Whether somebody on the internet may have this address, according to IANA's registries of
/// special-purpose addresses (RFC 6890). It is not this machine, not in a private or link-local
/// network, not for documentation or multicast, and not reserved. Looks at `address` unwrapped.
bool is_global(const IpAddress& address);

}  // namespace coredepot
