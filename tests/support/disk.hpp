#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/uploads/uploads.hpp"
#include "db/database.hpp"

namespace coredepot::test {

/// Where uploads go, with a spool of the default size.
inline core::Uploads::Places disk(const std::filesystem::path& root,
                                  std::uint64_t spool_max_bytes = 1'073'741'824) {
    return {core::DumpFiles(storage::DumpStore(root)), storage::Spool(root, spool_max_bytes),
            storage::WakeUps(root)};
}

/// What an upload is told while nobody answers at the database's address: its core dump goes into
/// the spool below `root`.
inline core::Uploads::Accepted upload_into_spool(
    const std::filesystem::path& root, const DeviceReference& device, const std::string& bytes,
    const std::optional<std::string>& idempotency_key = std::nullopt,
    const db::StoreRules& rules = {20}) {
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Devices devices(nowhere);
    db::Coredumps coredumps(nowhere);
    metrics::Counters counters;
    core::Uploads uploads(devices, coredumps, disk(root), rules, counters);
    return uploads.accept({device, "esp32c3", "1.0", idempotency_key}, [&] { return bytes; });
}

}  // namespace coredepot::test
