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
    FlashOrPsram,  ///< whatever the cache is told to show there
    Psram,
    TightlyCoupledRam,
    RtcRam,
    MaskRom,  ///< functions that are in no application ELF
    DataRom,  ///< what of mask ROM the CPU runs no code from
    Peripherals,
};

/// `internal RAM`, `mask ROM`: as a report calls it.
std::string_view region_name(RegionKind kind);

struct Region {
    std::uint32_t start = 0, end = 0;  ///< the first address, and the one after the last
    RegionKind kind = RegionKind::Ram;
};

/// What lies where on a chip.
class MemoryMap {
  public:
    constexpr MemoryMap(std::string_view chip, std::uint32_t first_revision,
                        std::span<const Region> regions)
        : chip_{chip}, first_revision_{first_revision}, regions_{regions} {}

    std::string_view chip() const { return chip_; }
    /// The first revision of the chip that has this map, as major * 100 + minor.
    std::uint32_t first_revision() const { return first_revision_; }
    constexpr std::span<const Region> regions() const { return regions_; }

    /// Empty: the chip has nothing there.
    std::optional<RegionKind> at(std::uint32_t address) const;
    /// Whether the chip has both addresses, with nothing else between them.
    bool in_one_region(std::uint32_t one, std::uint32_t other) const;

  private:
    const Region* find(std::uint32_t address) const;

    std::string_view chip_;
    std::uint32_t first_revision_;
    std::span<const Region> regions_;
};

/// The map of `chip`, ESP-IDF's name of it, in a revision (major * 100 + minor; empty: not told,
/// then that of the newest). From the address maps of the technical reference manuals (chapter
/// "System and Memory"), as ESP-IDF's soc.h has them. Null: no such chip is known.
const MemoryMap* find_memory_map(std::string_view chip,
                                 std::optional<std::uint32_t> revision = std::nullopt);

/// The name of what lies at `address` on `chip`; empty: nothing, or no such chip is known.
std::string_view memory_region(std::string_view chip, std::uint32_t address);

/// Whether `address` is where `chip` has the functions of its mask ROM; of a chip that is not
/// known, whether any chip has them there.
bool in_mask_rom(std::string_view chip, std::uint32_t address);

}  // namespace coredepot::decoder
