// Which file includes what: the layers hold because this looks, not because somebody remembers.

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/command.hpp"

namespace coredepot {
namespace {

namespace fs = std::filesystem;

struct Include {
    std::string file;    ///< below the repository, such as shared/core/errors.hpp
    std::string header;  ///< as it is written
};

/// Every #include of the programs and the library.
std::vector<Include> read_includes() {
    const std::regex directive(R"(\s*#\s*include\s*[<"]([^>"]+)[>"].*)");
    const fs::path root = COREDEPOT_SOURCE_DIR;
    std::vector<Include> includes;
    for (const auto* folder : {"shared", "handlers"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            std::ifstream source(entry.path());
            std::smatch match;
            for (std::string line; std::getline(source, line);) {
                if (std::regex_match(line, match, directive)) {
                    includes.push_back({entry.path().lexically_relative(root), match[1]});
                }
            }
        }
    }
    return includes;
}

const std::vector<Include>& all_includes() {
    static const auto includes = read_includes();
    return includes;
}

/// `file` is in a layer: a folder of shared/, or shared itself for "".
bool is_in(const std::string& file, const std::string& layer) {
    if (layer.empty()) return fs::path(file).parent_path() == "shared";
    return file.starts_with("shared/" + layer + "/");
}

void expect_none(const std::string& rule, const std::function<bool(const Include&)>& breaks) {
    for (const auto& include : all_includes()) {
        EXPECT_FALSE(breaks(include))
            << include.file << " includes " << include.header << ", but " << rule;
    }
}

/// No file of `layer` includes a header of any of `others`.
void expect_ignorance(const std::string& layer, const std::vector<std::string>& others) {
    for (const auto& other : others) {
        expect_none(
            (layer.empty() ? "shared" : layer) + " knows no " + other, [&](const Include& include) {
                return is_in(include.file, layer) && include.header.starts_with(other + "/");
            });
    }
}

/// Headers that `pattern` matches are included where `allowed` says and nowhere else.
void expect_only(const std::string& pattern, const std::string& allowed) {
    bool seen = false;
    const std::regex header(pattern);
    const std::regex place(allowed);
    expect_none(pattern + " belongs in " + allowed, [&](const Include& include) {
        if (!std::regex_match(include.header, header)) return false;
        seen = true;
        return !std::regex_match(include.file, place);
    });
    EXPECT_TRUE(seen) << pattern << " is included nowhere: does the rule still fit?";
}

TEST(Layers, SomethingIsLookedAt) {
    EXPECT_GT(all_includes().size(), 300U);
}

TEST(Layers, NothingKnowsWhatIsFurtherLeft) {
    expect_ignorance("auth",
                     {"http", "core", "db", "metrics", "objects", "storage", "sidecar", "decoder"});
    expect_ignorance("core", {"http", "auth", "decoder"});
    for (const auto* bottom :
         {"db", "metrics", "net", "objects", "storage", "sidecar", "decoder"}) {
        expect_ignorance(bottom, {"http", "auth", "core"});
    }
    expect_only("parse_service/.*", R"((shared/parse_service/.*|handlers/parse_sidecar\.cpp))");
    for (const auto* base : {"", "domain", "os", "text"}) {
        expect_ignorance(base, {"http", "auth", "core", "db", "metrics", "net", "objects",
                                "storage", "sidecar", "decoder"});
    }
}

TEST(Layers, TextAndOperatingSystemAreInnermost) {
    expect_none("text knows nothing but text", [](const Include& include) {
        return is_in(include.file, "text") && include.header.ends_with(".hpp") &&
               !include.header.starts_with("text/");
    });
    expect_none("os knows text and the log only", [](const Include& include) {
        return is_in(include.file, "os") && include.header.ends_with(".hpp") &&
               !include.header.starts_with("os/") && !include.header.starts_with("text/") &&
               include.header != "log.hpp";
    });
    expect_ignorance("", {"os"});
}

TEST(Layers, DatabaseStorageObjectsSidecarAndDecoderDoNotKnowEachOther) {
    expect_ignorance("db", {"metrics", "net", "objects", "storage", "sidecar", "decoder"});
    expect_ignorance("metrics", {"db", "net", "objects", "storage", "sidecar", "decoder"});
    expect_ignorance("net", {"db", "metrics", "objects", "storage", "sidecar", "decoder"});
    expect_ignorance("objects", {"db", "metrics", "storage", "sidecar", "decoder"});
    expect_ignorance("storage", {"db", "metrics", "net", "objects", "sidecar", "decoder"});
    expect_ignorance("sidecar", {"db", "metrics", "objects", "storage", "decoder"});
    expect_ignorance("decoder", {"db", "metrics", "net", "objects", "storage", "sidecar"});
}

/// The folders of core/ are use cases: what several need is in core/ itself.
TEST(Layers, UseCasesKnowEachOtherWhereOneContinuesAnother) {
    const std::regex room("(?:shared/)?core/([a-z]+)/.*");
    const std::set<std::string> known = {"fsck firmware", "fsck uploads", "moving firmware",
                                         "parsing firmware"};
    expect_none("one use case does not know another", [&](const Include& include) {
        std::smatch from;
        std::smatch to;
        if (!std::regex_match(include.file, from, room)) return false;
        if (!std::regex_match(include.header, to, room) || from[1] == to[1]) return false;
        return !known.contains(from.str(1) + ' ' + to.str(1));
    });
    expect_none("what they share does not know one", [&](const Include& include) {
        return fs::path(include.file).parent_path() == "shared/core" &&
               std::regex_match(include.header, room);
    });
}

/// Programs that read strangers' bytes themselves: the sidecar, in its sandbox; the engineer's
/// tool; and fsck, for files that lost their labels.
const std::set<std::string> kDecoding{"parse_sidecar", "coredepot-decode", "coredepot-fsck"};

TEST(Layers, TheDecoderIsForTheSidecarAndTwoTools) {
    expect_only("decoder/.*",
                R"((shared/(decoder|parse_service)/.*|handlers/coredepot_(decode|fsck)\.cpp))");
    std::set<std::string> decoding;
    std::size_t programs = 0;
    for (const auto& entry : fs::directory_iterator(COREDEPOT_BUILD_DIR "/handlers")) {
        const bool is_program =
            entry.is_regular_file() &&
            (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none;
        if (!is_program) continue;
        ++programs;
        const auto symbols = test::run_command({"/usr/bin/nm", entry.path()});
        EXPECT_EQ(symbols.status, 0) << symbols.output;
        if (symbols.output.find("9coredepot7decoder") != std::string::npos) {  // as C++ mangles it
            decoding.insert(entry.path().filename());
        }
    }
    EXPECT_EQ(decoding, kDecoding) << "of " << programs;
}

/// `dump/` for `decoder/dump/container.hpp`, with or without `shared/` in front; empty: it is
/// beside the rooms, or not of the decoder.
std::string decoder_room(const std::string& file) {
    const std::regex path("(?:shared/)?decoder/(.+/)[^/]+");
    std::smatch match;
    return std::regex_match(file, match, path) ? match.str(1) : std::string();
}

/// What each room of the decoder may use, by the table in its README. A row may name rows above it.
std::map<std::string, std::set<std::string>> read_decoder_rooms() {
    const std::regex row(R"(\| `([a-z_/]+/)` \|.*\| ([^|]*) \|)");
    const std::regex name("`([a-z_/]+)`");
    std::ifstream page(fs::path(COREDEPOT_SOURCE_DIR) / "shared/decoder/README.md");
    std::map<std::string, std::set<std::string>> rooms;
    std::smatch match;
    for (std::string line; std::getline(page, line);) {
        if (!std::regex_match(line, match, row)) continue;
        const std::string list = match[2];
        auto& uses = rooms[match[1]];
        for (std::sregex_iterator used(list.begin(), list.end(), name), end; used != end; ++used) {
            EXPECT_TRUE(rooms.contains((*used)[1])) << line << ": not above: " << (*used)[1];
            uses.insert((*used)[1]);
        }
    }
    return rooms;
}

TEST(Layers, RoomsOfTheDecoderUseWhatTheirPageSays) {
    const auto rooms = read_decoder_rooms();
    std::map<std::string, std::set<std::string>> used;
    for (const auto& [file, header] : all_includes()) {
        if (!is_in(file, "decoder") || !header.starts_with("decoder/")) continue;
        const auto from = decoder_room(file);
        const auto to = decoder_room(header);
        if (from == to) continue;
        if (from.empty()) {
            EXPECT_NE(to, "output/") << file << " includes " << header;
            continue;
        }
        ASSERT_TRUE(rooms.contains(from)) << from << " has no row";
        EXPECT_TRUE(rooms.at(from).contains(to)) << file << " includes " << header;
        used[from].insert(to);
    }
    for (const auto& [room, uses] : rooms) {
        EXPECT_EQ(used[room], uses) << room << ": does the row still fit?";
    }
}

TEST(Layers, CoreKnowsNoFastCgi) {
    expect_none("FastCGI belongs to HTTP", [](const Include& include) {
        return include.header.find("fcgi") != std::string::npos && !is_in(include.file, "http") &&
               include.file != "handlers/parse_sidecar.cpp";
    });
}

TEST(Layers, OnePlaceForEachLibrary) {
    expect_only(R"(fcgi.*\.h)", R"(shared/http/fcgi\.cpp)");
    expect_only(R"(libpq.*\.h)", R"(shared/connection_uri\.cpp)");
    expect_only("pqxx/.*", "shared/db/.*");
    expect_only(R"(zip\.h)", R"(shared/storage/zip_archive\.cpp)");
    expect_only("curl/.*", R"(shared/net/curl_handles\.hpp)");
    expect_only(R"(net/curl_handles\.hpp)", "shared/net/.*");
    expect_only(R"(expat\.h)", R"(shared/objects/answer_xml\.cpp)");
    expect_only("openssl/(?!evp).*", R"(shared/auth/jws\.[ch]pp)");
    expect_only("rapidjson/.*", R"(shared/json\.cpp)");
    expect_only(R"((elfutils/.*|dwarf\.h|libelf\.h|gelf\.h))", "shared/decoder/.*");
    expect_only(R"(zstd\.h)", R"(shared/decoder/elf/zstd_sections\.cpp)");
    expect_only("spdlog/.*", R"(shared/log\.cpp)");
    expect_only("prometheus/.*", R"(shared/metrics/exposition\.cpp)");
}

TEST(Layers, TheSessionIsTheDatabaseFoldersOwn) {
    expect_only(R"(db/session\.hpp)", "shared/db/.*");
}

}  // namespace
}  // namespace coredepot
