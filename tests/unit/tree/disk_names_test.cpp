// The names on disk are in storage/disk_layout.hpp. Scripts, units and nginx's configuration cannot
// include it, so they are compared with it; sources can.

#include <filesystem>
#include <fstream>
#include <regex>

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
               quoted_pattern(layout::kReplacedPrefix),
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

TEST(DiskNames, NoOtherSourceSpellsOneOut) {
    const std::regex name(
        R"re("(\.(upload|new|old|lock|repeat)-|\.(spool|quarantine|images|replaced|elf-cache|(parse|alerts)-wanted|store-id)|user\.coredepot|lost\+found))re");
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
