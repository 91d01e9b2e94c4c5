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

/// What the ELFs that are kept may take together: half of what a sidecar may have, because another
/// one is read and decoded with meanwhile.
constexpr std::size_t kMaxShelfBytes = 32U << 20U;

/// The ELFs that were used last, kept in memory for the next dump of the same firmware. Which is
/// the same is told by comparing the bytes.
///
/// Whoever takes an ELF has it alone. A decode that never ends keeps the one it took, and no other
/// will ever wait for it.
class ElfShelf {
  public:
    /// Keeps no more than `max_bytes`; those that were not used for longest go first.
    explicit ElfShelf(std::size_t max_bytes = kMaxShelfBytes, IndexStore indexes = {})
        : max_bytes_{max_bytes}, indexes_{std::move(indexes)} {}

    class Loan;

    /// The ELF at `path`, from the shelf or from the disk; put on the shelf when the loan ends,
    /// which must be before the shelf does. Throws Undecodable, std::system_error.
    Loan take(const std::filesystem::path& path, const Deadline& deadline);

    /// Forgets all that are not on loan.
    void clear();

    /// Bytes that those on the shelf take.
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
    Elves elves_;  // the last used first
};

/// An ELF in use. It goes to the shelf as the node of a list that it came as: that takes no memory,
/// which may have run out.
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
    Elves elf_;  // one
};

}  // namespace coredepot::decoder
