#include "decoder/index/elf_shelf.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace coredepot::decoder {

ElfShelf::Loan ElfShelf::take(const std::filesystem::path& path, const Deadline& deadline) {
    const auto size = std::filesystem::file_size(path);
    Elves elf;
    // Compare outside the lock, because the disk may be slow.
    for (Elves candidates = take_of_size(size); !candidates.empty();) {
        Elves candidate;
        candidate.splice(candidate.begin(), candidates, candidates.begin());
        if (elf.empty() && candidate.front().elf().file().is_same_as(path)) {
            elf.swap(candidate);
        } else {
            put_first(candidate);
        }
    }
    if (elf.empty()) {
        {
            const std::lock_guard lock{mutex_};
            trim(max_bytes_ - std::min<std::size_t>(max_bytes_, size));  // make room first
        }
        elf.emplace_back(ElfFile{path}, indexes_, deadline);
    }
    return {*this, std::move(elf)};
}

void ElfShelf::clear() {
    const std::lock_guard lock{mutex_};
    elves_.clear();
}

std::size_t ElfShelf::memory() const {
    const std::lock_guard lock{mutex_};
    return memory_locked();
}

ElfShelf::Elves ElfShelf::take_of_size(std::size_t size) {
    const std::lock_guard lock{mutex_};
    Elves taken;
    for (auto elf = elves_.begin(); elf != elves_.end();) {
        const auto here = elf++;
        if (here->elf().file().size() == size) {
            taken.splice(taken.end(), elves_, here);
        }
    }
    return taken;
}

void ElfShelf::put_first(Elves& elf) noexcept {
    const std::lock_guard lock{mutex_};
    // Two threads at work may have read the same file.
    elves_.remove_if([&](const PreparedElf& other) {
        return other.elf().sha256() == elf.front().elf().sha256();
    });
    elves_.splice(elves_.begin(), elf);
    trim(max_bytes_);
}

void ElfShelf::trim(std::size_t max_bytes) noexcept {
    while (memory_locked() > max_bytes) {
        elves_.pop_back();
    }
}

std::size_t ElfShelf::memory_locked() const noexcept {
    return std::accumulate(
        elves_.begin(), elves_.end(), std::size_t{0},
        [](std::size_t sum, const PreparedElf& elf) { return sum + elf.memory(); });
}

}  // namespace coredepot::decoder
