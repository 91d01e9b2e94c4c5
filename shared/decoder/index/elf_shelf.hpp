#pragma once

#include <cstddef>
#include <filesystem>
#include <list>
#include <mutex>
#include <utility>

#include "decoder/index/index_store.hpp"
#include "decoder/index/prepared_elf.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// How much the kept ELFs may take together: half of a sidecar's limit, because another one is read
/// and used at the same time.
constexpr std::size_t kMaxShelfBytes = 32U << 20U;

/// Keeps the ELFs used last in memory, for the next dump of the same firmware. It compares bytes to
/// see whether an ELF is the same.
///
/// Whoever takes an ELF has it alone. A decode that never ends keeps the one it took, and nobody
/// ever waits for it.
class ElfShelf {
  public:
    /// Keeps at most `max_bytes`; those unused for the longest time go first.
    explicit ElfShelf(std::size_t max_bytes = kMaxShelfBytes, IndexStore indexes = {})
        : max_bytes_{max_bytes}, indexes_{std::move(indexes)} {}

    class Loan;

    /// The ELF at `path`, from the shelf or from the disk. It goes on the shelf when the loan ends,
    /// which must be before the shelf's end. Throws Undecodable and std::system_error.
    Loan take(const std::filesystem::path& path, const Deadline& deadline);

    /// Drops all that are not on loan.
    void clear();

    /// The size in bytes of those on the shelf.
    std::size_t memory() const;

  private:
    using Elves = std::list<PreparedElf>;

    Elves take_of_size(std::size_t size);
    void put_first(Elves& elf) noexcept;
    void trim(std::size_t max_bytes) noexcept;
    std::size_t memory_locked() const noexcept;

    const std::size_t max_bytes_;
    const IndexStore indexes_;
    mutable std::mutex mutex_;
    Elves elves_;  // last used first
};

/// An ELF in use. It returns to the shelf as the list node that it came as, because that needs no
/// memory, which may have run out.
class ElfShelf::Loan {
  public:
    ~Loan() { shelf_.put_first(elf_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    const PreparedElf& operator*() const { return elf_.front(); }
    const PreparedElf* operator->() const { return &elf_.front(); }

  private:
    friend class ElfShelf;
    Loan(ElfShelf& shelf, Elves elf) : shelf_{shelf}, elf_{std::move(elf)} {}

    ElfShelf& shelf_;
    Elves elf_;  // just one
};

}  // namespace coredepot::decoder
