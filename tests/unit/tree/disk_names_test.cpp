// The names on disk are in storage/disk_layout.hpp. Scripts, units and nginx's configuration cannot
// include it, so they are compared with it; sources can.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "storage/disk_layout.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = COREDEPOT_SOURCE_DIR;

std::string quoted_pattern(std::string_view prefix) {
    return std::string("--exclude='").append(prefix).append("*'");
}

/// The file has all of `texts`.
void expect_in(const fs::path& file, const std::vector<std::string>& texts) {
    const auto content = test::content_of(kRoot / file);
    for (const auto& text : texts) {
        EXPECT_NE(content.find(text), std::string::npos) << file << " has no " << text;
    }
}

TEST(DiskNames, TheBackupLeavesOutWhatIsUnfinished) {
    expect_in("systemd/tools/coredepot-backup",
              {quoted_pattern(layout::kUploadPrefix), quoted_pattern(layout::kPreparedPrefix),
               quoted_pattern(layout::kSetAsidePrefix),
               std::string("--exclude='/").append(layout::kSpoolTotals) + '\''});
}

TEST(DiskNames, BackupAndRestoreKeepTheAttributes) {
    const std::string label = layout::kLabelAttribute;
    EXPECT_TRUE(std::string(layout::kReasonAttribute).starts_with(label));
    for (const auto* script :
         {"systemd/tools/coredepot-backup", "systemd/tools/coredepot-restore"}) {
        expect_in(script, {"--filter='-x! " + label + "*'"});
    }
}

TEST(DiskNames, BackupsHaveTheReplacedBuilds) {
    expect_in("systemd/tools/coredepot-backup",
              {std::string("--include='/").append(layout::kReplaced) + "/'"});
}

TEST(DiskNames, TheDoctorTriesTheLabel) {
    expect_in("systemd/check_attributes", {std::string("/").append(layout::kUploadPrefix),
                                           std::string("xattr.").append(layout::kLabelAttribute)});
}

TEST(DiskNames, UnitsWaitForWhatUploadsTouch) {
    const auto file = std::string("/coredumps/").append(layout::kParseWanted);
    expect_in("systemd/coredepot-parse.path", {"PathExists=/var/lib/coredepot" + file + '\n'});
    expect_in("systemd/coredepot-parse.service.in", {"rm -f /var/lib/coredepot" + file + '\n'});
    const auto alerts = std::string("/coredumps/").append(layout::kAlertsWanted);
    expect_in("systemd/coredepot-notify.path", {"PathExists=/var/lib/coredepot" + alerts + '\n'});
    expect_in("systemd/coredepot-notify.service.in", {"rm -f /var/lib/coredepot" + alerts + '\n'});
}

TEST(DiskNames, NginxSendsTheImages) {
    expect_in("nginx/locations.conf.in", {std::string("/").append(layout::kImages) + "/\";"});
}

/// What stands behind the name of a data folder in text, such as `.spool` in COREDUMPS_DIR/.spool.
std::set<std::string> hidden_names_in(const std::string& text) {
    static const std::regex name(
        R"re((?:COREDUMPS_DIR|STATE_DIR|ASSETS_DIR|XFER_DIR|coredepot/coredumps|coredepot/assets)\W{0,4}/(\.[a-z]+(?:-[a-z]+)*-?))re");
    std::set<std::string> names;
    for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match) {
        names.insert((*match)[1]);
    }
    return names;
}

TEST(DiskNames, ScriptsAndDocsNameOnlyWhatThereIs) {
    using namespace layout;
    const std::set<std::string_view> known{kUploadPrefix, kSpool,        kSpoolTotals, kQuarantine,
                                           kParseWanted,  kAlertsWanted, kStoreId,     kReplaced,
                                           kImages,       kElfCache};
    std::set<std::string> seen;
    for (const auto* folder : {"docs", "systemd", "nginx", "debian"}) {
        for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
            const auto extension = entry.path().extension();
            if (!entry.is_regular_file() || extension == ".json" || extension == ".png") continue;
            for (const auto& name : hidden_names_in(test::content_of(entry.path()))) {
                const bool is_known = std::ranges::any_of(known, [&](std::string_view one) {
                    return name == one || (one.ends_with('-') && name.starts_with(one));
                });
                EXPECT_TRUE(is_known) << entry.path() << " names " << name;
                seen.insert(name);
            }
        }
    }
    EXPECT_GE(seen.size(), 6U) << "does the pattern still fit?";
}

TEST(DiskNames, TheBackupFindsTheAssetsWhereTheProgramsDo) {
    expect_in("shared/config.cpp", {R"(*config.state_dir / "assets")"});
    expect_in("systemd/tools/coredepot-backup", {"${STATE_DIR:-$COREDUMPS_DIR}/assets"});
}

TEST(DiskNames, NoOtherSourceSpellsOneOut) {
    const std::regex name(
        R"re("(\.(upload|new|old|lock|repeat|fetch)-|\.(spool|quarantine|images|replaced|elf-cache|(parse|alerts)-wanted|store-id)|user\.coredepot|lost\+found))re");
    std::size_t files = 0;
    for (const auto* folder : {"shared", "handlers"}) {
        for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            if (entry.path().filename() == "disk_layout.hpp") continue;
            ++files;
            std::ifstream source(entry.path());
            for (std::string line; std::getline(source, line);) {
                EXPECT_FALSE(std::regex_search(line, name)) << entry.path() << ": " << line;
            }
        }
    }
    EXPECT_GT(files, 300U);
}

}  // namespace
}  // namespace coredepot::storage
