#pragma once

#include <filesystem>

#include "core/uploads.hpp"

namespace coredepot::test {

/// Where uploads go, with a spool of the default size.
inline core::Uploads::Disk disk(const std::filesystem::path& root,
                                std::uint64_t spool_max_bytes = 1'073'741'824) {
    return {storage::DumpStore(root), storage::Spool(root, spool_max_bytes)};
}

}  // namespace coredepot::test
