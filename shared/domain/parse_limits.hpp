#pragma once

#include <chrono>
#include <cstdint>

namespace coredepot {

// What parsing a core dump may take, from the inside out. Whoever waits, waits for longer than what
// it waits for takes: the error comes from who knows most about it.

/// The longest a decode may take, whatever the input says. A real one takes some 20 ms.
constexpr std::chrono::seconds kDecodeTimeLimit{8};
/// When parse_sidecar gives a decode up that looks at no clock, as one inside a library. So our
/// sidecar has its verdict within 10 s of beginning with a core dump.
constexpr std::chrono::milliseconds kDecodeGivenUpAfter{9'500};

/// How long a runner waits for a sidecar's verdict. Much longer than ours takes, for two reasons: a
/// question may wait for a free process of the sidecar, and a sidecar may be another than ours.
constexpr std::chrono::seconds kSidecarTimeLimit{120};
/// Of those, until there is a connection.
constexpr std::chrono::seconds kSidecarConnectLimit{5};

static_assert(kDecodeTimeLimit < kDecodeGivenUpAfter && kDecodeGivenUpAfter < kSidecarTimeLimit);
// nginx, between a runner and our sidecar, waits longest: see nginx/sidecar.conf.in.

/// What a runner takes of a sidecar's answer, in bytes. Ours has some 20 KB.
constexpr std::uint64_t kMaxSidecarAnswer = 16'777'216;

/// What an ELF may take in memory, where the decoder holds it as a whole; sections that are
/// compressed
/// (`gcc -gz`) count as what they unpack to. One of an ESP32 application has 3 to 40 MB.
constexpr std::uint64_t kMaxElfBytes = 96U << 20U;

}  // namespace coredepot
