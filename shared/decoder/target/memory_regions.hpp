#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// What a chip has at an address.
enum class RegionKind {
    Ram,
    CodeRam,  ///< RAM at addresses that the CPU runs code from
    Flash,
    FlashOrPsram,  ///< whatever the cache is set to show there
    Psram,
    TightlyCoupledRam,
    RtcRam,
    MaskRom,  ///< functions that are in no application ELF
    DataRom,  ///< the part of mask ROM that the CPU runs no code from
    Peripherals,
};

/// A region's name in reports: `internal RAM`, `mask ROM`.
std::string_view region_name(RegionKind kind);

struct Region {
    std::uint32_t start = 0, end = 0;  ///< the first address, and the one after the last
    RegionKind kind = RegionKind::Ram;
};

/// The map of a chip's addresses.
class MemoryMap {
  public:
    constexpr MemoryMap(std::string_view chip, std::uint32_t first_revision,
                        std::span<const Region> regions)
        : chip_{chip}, first_revision_{first_revision}, regions_{regions} {}

    std::string_view chip() const { return chip_; }
    /// The first revision of the chip that has this map, as major * 100 + minor.
    std::uint32_t first_revision() const { return first_revision_; }
    constexpr std::span<const Region> regions() const { return regions_; }

    /// Empty if the chip has nothing there.
    std::optional<RegionKind> at(std::uint32_t address) const;
    /// Whether the chip has both addresses, with nothing else between them.
    bool in_one_region(std::uint32_t one, std::uint32_t other) const;

  private:
    const Region* find(std::uint32_t address) const;

    std::string_view chip_;
    std::uint32_t first_revision_;
    std::span<const Region> regions_;
};

/// The map of `chip` (ESP-IDF's name) in a revision (major * 100 + minor). Without a revision, the
/// map of the newest one. It comes from the address maps of the technical reference manuals
/// (chapter "System and Memory"), as ESP-IDF's soc.h has them. Null if the chip is unknown.
const MemoryMap* find_memory_map(std::string_view chip,
                                 std::optional<std::uint32_t> revision = std::nullopt);

/// The name of the region at `address` on `chip`. Empty if there is none, or if the chip is
/// unknown.
std::string_view memory_region(std::string_view chip, std::uint32_t address);

/// Whether `chip` has the functions of its mask ROM at `address`. If the chip is unknown, whether
/// any chip has them there.
bool in_mask_rom(std::string_view chip, std::uint32_t address);

}  // namespace coredepot::decoder
