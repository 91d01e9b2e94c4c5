#include "decoder/elf/symbol_table.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {
namespace {

/// The linker puts the names of a function in any order; a crash is to have one name in all builds.
TEST(SymbolTable, OfTheNamesOfAFunctionTheLastOfTheAlphabetIsShown) {
    const Deadline deadline;
    const ApplicationElf elf{
        std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/values/values-cpp.elf",
        deadline};
    const SymbolTable symbols{elf, deadline};
    const auto address = symbols.address_of("_start");
    ASSERT_TRUE(address);
    ASSERT_EQ(symbols.address_of("aa_alias"), address);
    EXPECT_EQ(symbols.describe(*address), "zz_alias");
    EXPECT_EQ(symbols.names_at(*address),
              (std::vector<std::string_view>{"_start", "aa_alias", "mm_alias", "zz_alias"}));
    EXPECT_TRUE(symbols.names_at(*address + 2).empty());
}

}  // namespace
}  // namespace coredepot::decoder
