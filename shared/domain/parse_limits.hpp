#pragma once

#include <chrono>
#include <cstdint>

namespace coredepot {

// Time limits for parsing a core dump, from the inside out. Each is longer than the one inside it,
// so that the error comes from the part that knows most about it.

/// The limit for one decode, whatever the input says. A real decode takes about 20 ms.
constexpr std::chrono::seconds kDecodeTimeLimit{8};
/// When parse_sidecar gives up a decode that does not look at the clock, for example inside a
/// library. So our sidecar always has a verdict within 10 s.
constexpr std::chrono::milliseconds kDecodeGivenUpAfter{9'500};

/// How long a runner waits for a sidecar's verdict. Ours takes much less, but a question may have
/// to wait for a free sidecar process, and people may use a sidecar of their own.
constexpr std::chrono::seconds kSidecarTimeLimit{120};
/// The part of it for making the connection.
constexpr std::chrono::seconds kSidecarConnectLimit{5};

static_assert(kDecodeTimeLimit < kDecodeGivenUpAfter && kDecodeGivenUpAfter < kSidecarTimeLimit);
// nginx between a runner and our sidecar waits longest: see nginx/sidecar.conf.in.

/// The largest answer that a runner reads, in bytes. Ours is about 20 KB.
constexpr std::uint64_t kMaxSidecarAnswer = 16'777'216;

/// The largest ELF, in bytes of memory: the decoder holds all of it. Compressed sections (`gcc
/// -gz`) count unpacked. An ESP32 application's ELF has 3 to 40 MB.
constexpr std::uint64_t kMaxElfBytes = 96U << 20U;

}  // namespace coredepot
