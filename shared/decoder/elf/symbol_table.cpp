#include "decoder/elf/symbol_table.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include <gelf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/elf/demangle.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

/// An IDF application has 3 000 to 60 000 symbols.
constexpr std::size_t kMaxSymbols = 500'000;

/// Symbols of assembler code and of the ROM have no size. We assume that such a function ends here:
/// the ROM's longer functions (`ets_printf`, 1 015 bytes on the ESP32) fit, and code after a
/// region's last known symbol does not get that symbol's name.
constexpr std::uint32_t kUnsizedReach = 1024;

/// How many symbols before an address we check for one that reaches it. That covers a label or two
/// inside a function, and not a whole table of overlapping ones.
constexpr int kMaxNested = 16;

/// For one function. A small one like `return false;` may have many.
constexpr std::size_t kMaxNames = 64;

constexpr std::string_view kRustStackEnd = "_stack_start";  // stacks grow downwards

std::string offset_text(std::uint32_t offset) {
    return offset == 0 ? "" : '+' + std::to_string(offset);
}

bool is_local_label(std::string_view name) {
    return name.empty() || name.starts_with(".L") || name.starts_with('$');
}

}  // namespace

SymbolTable::SymbolTable(const ApplicationElf& elf, const Deadline& deadline) {
    Elf_Scn* section = nullptr;
    GElf_Shdr header{};
    while ((section = elf_nextscn(elf.handle(), section)) != nullptr) {
        if (gelf_getshdr(section, &header) != nullptr && header.sh_type == SHT_SYMTAB) {
            break;
        }
    }
    Elf_Data* const data = section == nullptr ? nullptr : elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) {
        return;
    }
    const std::size_t count = std::min<std::size_t>(data->d_size / header.sh_entsize, kMaxSymbols);
    for (std::size_t i = 0; i < count; ++i) {
        deadline.check();  // finding the end of a hostile name may take long
        GElf_Sym symbol;
        if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) {
            break;
        }
        const int type = GELF_ST_TYPE(symbol.st_info);
        const auto start = static_cast<std::uint32_t>(symbol.st_value);
        const bool absolute = symbol.st_shndx == SHN_ABS && in_mask_rom(start);
        const bool function = type == STT_FUNC || type == STT_NOTYPE;
        // A variable without a size is a label of the linker, and anything may be around it.
        const bool object = type == STT_OBJECT && symbol.st_size != 0 &&
                            symbol.st_shndx != SHN_ABS && symbol.st_shndx != SHN_UNDEF;
        const bool counts = object || (function && (absolute || elf.is_code(start)));
        const bool of_linker =
            type == STT_NOTYPE && GELF_ST_BIND(symbol.st_info) == STB_GLOBAL && symbol.st_size == 0;
        if (!counts && !of_linker) {
            continue;
        }
        const char* const name = elf_strptr(elf.handle(), header.sh_link, symbol.st_name);
        if (!counts) {
            if (name != nullptr && name == kRustStackEnd) rust_stack_end_ = start;
            continue;
        }
        if (name == nullptr || is_local_label(name)) {
            continue;
        }
        const int rank =
            (type == STT_FUNC ? 2 : 0) + (GELF_ST_BIND(symbol.st_info) == STB_GLOBAL ? 1 : 0);
        (object ? objects_ : symbols_)
            .push_back({start, static_cast<std::uint32_t>(symbol.st_size), name, absolute, rank});
    }
    for (auto* const list : {&symbols_, &objects_}) {
        // The last one at an address is shown. Among equal ranks the name decides, so that it is
        // the same in every build.
        std::ranges::sort(*list, [](const Symbol& a, const Symbol& b) {
            return std::tie(a.start, a.rank, a.name) < std::tie(b.start, b.rank, b.name);
        });
    }
}

std::optional<SymbolTable::Match> SymbolTable::find(std::uint32_t address) const {
    auto after = std::ranges::upper_bound(symbols_, address, {}, &Symbol::start);
    if (after == symbols_.begin()) {
        return std::nullopt;
    }
    const std::uint32_t next =
        after == symbols_.end() ? std::numeric_limits<std::uint32_t>::max() : after->start;
    // A symbol without a size ends where the next one starts. Inside one with a size it is a label,
    // and the name is the function's, as in gdb.
    const Symbol& nearest = *std::prev(after);
    for (int i = 0; i < kMaxNested && after != symbols_.begin(); ++i) {
        const Symbol& symbol = *--after;
        if (address - symbol.start < symbol.size) {
            return Match{symbol.name, symbol.start, symbol.start + symbol.size};
        }
    }
    const bool reached = nearest.size == 0 && address - nearest.start < kUnsizedReach;
    return reached ? std::optional{Match{nearest.name, nearest.start, next}} : std::nullopt;
}

SymbolTable::Match SymbolTable::gap_around(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(symbols_, address, {}, &Symbol::start);
    Match gap{{}, 0, std::numeric_limits<std::uint32_t>::max()};
    if (after != symbols_.begin()) {
        const Symbol& before = *std::prev(after);
        gap.start = std::min(before.start + before.size, address);
    }
    if (after != symbols_.end()) {
        gap.end = after->start;
    }
    return gap;
}

std::vector<std::string_view> SymbolTable::names_at(std::uint32_t address) const {
    std::vector<std::string_view> names;
    for (auto symbol = std::ranges::lower_bound(symbols_, address, {}, &Symbol::start);
         symbol != symbols_.end() && symbol->start == address && names.size() < kMaxNames;
         ++symbol) {
        if (symbol->size != 0) {
            names.push_back(symbol->name);
        }
    }
    std::ranges::sort(names);
    return names;
}

std::optional<std::uint32_t> SymbolTable::address_of(std::string_view name) const {
    const auto found = std::ranges::find(symbols_, name, &Symbol::name);
    return found == symbols_.end() ? std::nullopt : std::optional{found->start};
}

bool SymbolTable::is_rom_entry(std::uint32_t address) const {
    auto symbol = std::ranges::lower_bound(symbols_, address, {}, &Symbol::start);
    while (symbol != symbols_.end() && symbol->start == address && !symbol->absolute) {
        ++symbol;
    }
    return symbol != symbols_.end() && symbol->start == address;
}

std::string SymbolTable::describe(std::uint32_t address) const {
    const auto match = find(address);
    return match ? printable(match->name) + offset_text(address - match->start) : "";
}

std::string SymbolTable::describe_any(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(objects_, address, {}, &Symbol::start);
    const bool object =
        after != objects_.begin() && address - std::prev(after)->start < std::prev(after)->size;
    const std::optional<Match> match = object
                                           ? Match{std::prev(after)->name, std::prev(after)->start,
                                                   std::prev(after)->start + std::prev(after)->size}
                                           : find(address);
    return match ? full_name(match->name) + offset_text(address - match->start) : "";
}

}  // namespace coredepot::decoder
