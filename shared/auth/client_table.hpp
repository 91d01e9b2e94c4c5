#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "domain/device.hpp"
#include "domain/time.hpp"
#include "os/descriptor.hpp"

namespace coredepot::auth {

/// Which client id is which device's, on disk for all processes of this machine; it outlives them.
///
/// One file of rows in a fixed number of places, so that a fleet of any size takes 16 MiB at the
/// most, and a row is read and written without a lock: each says by a checksum that it is whole.
/// Where there are more devices than that, the ones that were looked up longest ago make room. A
/// cache: what it lacks, the registry says.
class ClientTable {
  public:
    struct Row {
        DeviceReference device;
        Timestamp checked_at;  ///< when the registry said so
    };

    /// `folder` has to be there, and nobody else may write to it.
    explicit ClientTable(const std::filesystem::path& folder) : path_(folder / "clients") {}

    /// Empty when there is none that is whole.
    std::optional<Row> find(const ClientId& client) const noexcept;
    /// Both best effort: a failure is logged.
    void put(const ClientId& client, const DeviceReference& device, Timestamp now) const noexcept;
    void remove(const ClientId& client) const noexcept;

    static constexpr std::size_t kRowBytes = 128;
    /// The places that a client's row may have.
    static constexpr std::size_t kWays = 4;
    static constexpr std::size_t kSets = 32'768;

  private:
    os::Descriptor open(int flags) const;

    std::filesystem::path path_;
};

}  // namespace coredepot::auth
