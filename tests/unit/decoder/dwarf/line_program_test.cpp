#include "decoder/dwarf/line_program.hpp"

#include <string>
#include <vector>

#include <dwarf.h>
#include <gtest/gtest.h>

#include "decoder/index/line_index.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;

constexpr std::uint32_t kFunction = 0x42000000;
constexpr unsigned kFirstSpecial = 13;
constexpr int kLineBase = -5;
constexpr unsigned kLineRange = 14;

Bytes bytes(const std::vector<unsigned>& values) {
    Bytes result;
    for (const unsigned value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

Bytes text(std::string_view value) {
    return test::Writer{}.text(value, value.size() + 1).content();
}

/// The opcode that makes a row so many bytes and lines further on.
unsigned special(unsigned address, int lines) {
    return kFirstSpecial + address * kLineRange + static_cast<unsigned>(lines - kLineBase);
}

/// A program, part by part.
class Program {
  public:
    Program& set_address(std::uint32_t address) {
        writer_.bytes(bytes({0, 5, DW_LNE_set_address})).u32(address);
        return *this;
    }
    Program& then(const std::vector<unsigned>& opcodes) {
        writer_.bytes(bytes(opcodes));
        return *this;
    }
    Program& end() { return then({0, 1, DW_LNE_end_sequence}); }
    const Bytes& content() const { return writer_.content(); }

  private:
    test::Writer writer_;
};

/// A table of `version` with these lists of directories and files.
Bytes table(std::uint16_t version, const Bytes& lists, const Bytes& program) {
    test::Writer header;
    header.bytes(bytes(version >= 4 ? std::vector<unsigned>{1, 1} : std::vector<unsigned>{1}))
        .bytes(bytes({1, 0xFBU, kLineRange, kFirstSpecial}))
        .bytes(bytes({0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}))
        .bytes(lists);
    test::Writer unit;
    unit.u16(version);
    if (version >= 5) unit.bytes(bytes({4, 0}));
    unit.u32(static_cast<std::uint32_t>(header.size())).bytes(header.content()).bytes(program);
    return test::Writer{}
        .u32(static_cast<std::uint32_t>(unit.size()))
        .bytes(unit.content())
        .content();
}

const Bytes& lists_of_version_4() {
    static const Bytes lists = test::Writer{}
                                   .bytes(text("/idf/freertos"))
                                   .bytes(text("relative"))
                                   .bytes(bytes({0}))
                                   .bytes(text("main.c"))
                                   .bytes(bytes({0, 0, 0}))
                                   .bytes(text("tasks.c"))
                                   .bytes(bytes({1, 0, 0}))
                                   .bytes(text("/abs.c"))
                                   .bytes(bytes({1, 0, 0}))
                                   .bytes(text("near.c"))
                                   .bytes(bytes({2, 0, 0}))
                                   .bytes(text("lost.c"))
                                   .bytes(bytes({9, 0, 0}))
                                   .bytes(bytes({0}))
                                   .content();
    return lists;
}

/// `address:line`, a `-` behind rows where no statement begins, a `+` behind parts of lines.
std::string rows(const Bytes& section, std::uint32_t address) {
    const auto header = LineHeader::read({section, {}, {}}, 0, "/app");
    if (!header) return "no table";
    std::string found;
    const Deadline deadline;
    const auto sequence = LineIndex{}.find(*header, address, deadline);
    if (!sequence) return "none";
    for (const auto& row : line_rows(*header, *sequence, deadline)) {
        found += (found.empty() ? "" : " ") + std::to_string(row.address - kFunction) + ':' +
                 std::to_string(row.line) + (row.is_statement ? "" : "-") +
                 (row.is_part ? "+" : "");
    }
    return found;
}

std::string rows(const Program& program, std::uint32_t address) {
    return rows(table(4, lists_of_version_4(), program.content()), address);
}

TEST(LineProgram, RowsOfTheFunctionThatAnAddressIsIn) {
    const auto program = Program{}
                             .set_address(0)  // dropped by the linker
                             .then({DW_LNS_copy, DW_LNS_advance_pc, 0x80, 1})
                             .end()
                             .set_address(kFunction + 32)
                             .then({special(0, 8), special(4, 1), DW_LNS_advance_pc, 4})
                             .end()
                             .set_address(kFunction)
                             .then({special(0, 2), special(2, -1), DW_LNS_advance_pc, 30})
                             .end();
    EXPECT_EQ(rows(program, kFunction), "0:3 2:2 32:2");
    EXPECT_EQ(rows(program, kFunction + 31), "0:3 2:2 32:2");
    EXPECT_EQ(rows(program, kFunction + 32), "32:9 36:10 40:10");
    EXPECT_EQ(rows(program, kFunction + 40), "none");
    EXPECT_EQ(rows(program, kFunction - 1), "none");
    EXPECT_EQ(rows(program, 1), "none");
}

TEST(LineProgram, Opcodes) {
    const auto program = Program{}
                             .set_address(kFunction)
                             .then({DW_LNS_advance_line, 0x7F, DW_LNS_copy})  // one line back
                             .then({DW_LNS_const_add_pc, DW_LNS_copy})  // as far as opcode 255
                             .then({DW_LNS_fixed_advance_pc, 3, 0, DW_LNS_copy})  // not a LEB128
                             .then({DW_LNS_negate_stmt, special(1, 4)})  // a row where none begins
                             .then({0, 2, DW_LNE_set_discriminator, 7})  // of the next row only
                             .then({special(1, 0), DW_LNS_set_column, 5, DW_LNS_set_isa, 1})
                             .then({DW_LNS_set_basic_block, DW_LNS_set_prologue_end, special(1, 0)})
                             .then({0, 3, 0x80, 1, 1, special(1, 1)})  // somebody's own
                             .end();
    EXPECT_EQ(rows(program, kFunction), "0:0 17:0 20:0 21:4- 22:4-+ 23:4- 24:5- 24:5-");
}

TEST(LineProgram, Damaged) {
    const auto program = Program{}.set_address(kFunction).then({special(0, 2), special(4, 1)});
    EXPECT_EQ(rows(program, kFunction), "none") << "no end";
    const auto whole = table(4, lists_of_version_4(), Program{program}.end().content());
    EXPECT_EQ(rows(whole, kFunction), "0:3 4:4 4:4");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes prefix{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
        EXPECT_EQ(rows(prefix, kFunction), "no table") << size;
    }
    EXPECT_EQ(rows(table(6, lists_of_version_4(), program.content()), kFunction), "no table");
}

/// A table with this header, of whose program only files are asked for.
std::string file(const Bytes& section, std::uint64_t number, const Bytes& strings = {}) {
    const auto header = LineHeader::read({section, strings, {}}, 0, "/app");
    return header ? header->file(number) : "no table";
}

TEST(LineHeader, FilesBeforeVersion5) {
    for (std::uint16_t version = 2; version <= 4; ++version) {
        const auto section = table(version, lists_of_version_4(), {});
        EXPECT_EQ(file(section, 0), "");
        EXPECT_EQ(file(section, 1), "/app/main.c");
        EXPECT_EQ(file(section, 2), "/idf/freertos/tasks.c");
        EXPECT_EQ(file(section, 3), "/abs.c");
        EXPECT_EQ(file(section, 4), "relative/near.c");
        EXPECT_EQ(file(section, 5), "") << "no such directory";
        EXPECT_EQ(file(section, 6), "");
        EXPECT_EQ(file(section, UINT64_MAX), "");
    }
}

TEST(LineHeader, FilesOfVersion5) {
    const Bytes strings = test::Writer{}.bytes(text("/app")).bytes(text("/idf")).content();
    const Bytes lists = test::Writer{}
                            .bytes(bytes({1, DW_LNCT_path, DW_FORM_line_strp, 2}))
                            .words({0, 5})
                            .bytes(bytes({3, DW_LNCT_path, DW_FORM_string}))
                            .bytes(bytes({DW_LNCT_directory_index, DW_FORM_udata}))
                            .bytes(bytes({DW_LNCT_MD5, DW_FORM_data16, 3}))
                            .bytes(text("main.c"))
                            .bytes(bytes({0}))
                            .zeros(16)
                            .bytes(text("tasks.c"))
                            .bytes(bytes({1}))
                            .zeros(16)
                            .bytes(text("lost.c"))
                            .bytes(bytes({2}))
                            .zeros(16)
                            .content();
    const auto section = table(5, lists, {});
    EXPECT_EQ(file(section, 0, strings), "/app/main.c");
    EXPECT_EQ(file(section, 1, strings), "/idf/tasks.c");
    EXPECT_EQ(file(section, 2, strings), "") << "no such directory";
    EXPECT_EQ(file(section, 3, strings), "");
    const auto endless = table(5, bytes({0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}), {});
    EXPECT_EQ(file(endless, 0), "") << "four billion directories that take no bytes";
}

}  // namespace
}  // namespace coredepot::decoder
