#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "domain/device.hpp"
#include "domain/time.hpp"
#include "os/descriptor.hpp"

namespace coredepot::auth {

/// Which client ID belongs to which device, on disk for all processes of this machine. It outlives
/// them.
///
/// One file has a fixed number of places for rows, so it takes at most 16 MiB for a fleet of any
/// size. Rows are read and written without a lock, because each has a checksum that shows whether
/// it is whole. When there are more devices than places, those that were looked up longest ago make
/// room. It is a cache: the registry knows what is missing here.
class ClientTable {
  public:
    struct Row {
        DeviceReference device;
        Timestamp checked_at;  ///< when the registry confirmed it
    };

    /// `folder` must exist, and nobody else may write to it.
    explicit ClientTable(const std::filesystem::path& folder) : path_(folder / "clients") {}

    /// Empty when there is no intact row.
    std::optional<Row> find(const ClientId& client) const noexcept;
    /// Both are best effort: a failure is logged.
    void put(const ClientId& client, const DeviceReference& device, Timestamp now) const noexcept;
    void remove(const ClientId& client) const noexcept;

    static constexpr std::size_t kRowBytes = 128;
    /// A client's row may be in any of that many places.
    static constexpr std::size_t kWays = 4;
    static constexpr std::size_t kSets = 32'768;

  private:
    os::Descriptor open(int flags) const;

    std::filesystem::path path_;
};

}  // namespace coredepot::auth
