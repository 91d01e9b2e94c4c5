#pragma once

#include <chrono>
#include <cstdint>

namespace coredepot {

// How long parsing a core dump may take, from the inside out. Each limit is longer than the one
// inside it, so that the error comes from whoever knows most about it.

/// The longest a decode may take, whatever the input says. A real one takes some 20 ms.
constexpr std::chrono::seconds kDecodeTimeLimit{8};
/// When parse_sidecar gives up a decode that looks at no clock, as one inside a library. So our
/// sidecar has its verdict within 10 s.
constexpr std::chrono::milliseconds kDecodeGivenUpAfter{9'500};

/// How long a runner waits for a sidecar's verdict. Ours takes much less, but a question may wait
/// for a free process of the sidecar, and a sidecar may be another than ours.
constexpr std::chrono::seconds kSidecarTimeLimit{120};
/// Of those, until there is a connection.
constexpr std::chrono::seconds kSidecarConnectLimit{5};

static_assert(kDecodeTimeLimit < kDecodeGivenUpAfter && kDecodeGivenUpAfter < kSidecarTimeLimit);
// nginx, between a runner and our sidecar, waits longest: see nginx/sidecar.conf.in.

/// The largest answer that a runner reads, in bytes. Ours has some 20 KB.
constexpr std::uint64_t kMaxSidecarAnswer = 16'777'216;

/// The most memory that an ELF may take: the decoder holds it as a whole. Compressed sections
/// (`gcc -gz`) count as what they unpack to. An ESP32 application's has 3 to 40 MB.
constexpr std::uint64_t kMaxElfBytes = 96U << 20U;

}  // namespace coredepot
