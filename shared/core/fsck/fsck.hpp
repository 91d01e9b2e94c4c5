#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dump_copies.hpp"
#include "core/fsck/adoption.hpp"
#include "db/deletions.hpp"
#include "db/derived_sums.hpp"
#include "db/inventory.hpp"
#include "db/kept_files.hpp"
#include "db/requeue.hpp"
#include "domain/names.hpp"
#include "domain/time.hpp"
#include "storage/folder_walk.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

/// The possible differences between rows and files.
enum class Fault : std::uint8_t {
    FileWithoutRow,        ///< a core dump's file without a row: gets one, or goes to quarantine
    FileOfDeleted,         ///< a file of a core dump that was deleted on purpose: removed
    CopyLeftByMove,        ///< a file or an object whose row names the other one: removed
    FileOfExpired,         ///< a file that retention had removed and that came back: removed
    UnfinishedUpload,      ///< a temporary file of an upload that was cut off: removed
    FolderWithoutDevice,   ///< a folder of no device: removed once it is empty
    TransferLeftover,      ///< files staged by a runner that died: removed
    UnfinishedFirmware,    ///< a temporary file of a firmware upload that was cut off: removed
    FirmwareNotNoticed,    ///< core dumps wait for a bundle that exists: back into the queue
    RowWithoutFile,        ///< a core dump whose file is gone: the row stays, with its backtrace
    SpooledForLong,        ///< an accepted core dump that has not reached the database yet
    Quarantined,           ///< an accepted core dump that the database did not want: tried again
    VersionWithoutBundle,  ///< a version whose bundle is gone: upload it again
    ImageMissing,          ///< the current version's .bin is gone: upload it again
    FirmwareWithoutRow,    ///< firmware of a model or version that no row names
    DroppedFirmware,       ///< in the bucket; a row once named it, and none does now
    WrongSums,             ///< a recount gives other sums: counted again
    Foreign,               ///< not ours
};
/// Its name in one to three words, as fsck prints it.
std::string_view name_of(Fault fault);

struct Finding {
    Fault fault;
    std::string what;  ///< a path, or a sentence
    bool repaired = false;
    std::string outcome = {};  ///< what was done, or why nothing was, in a few words; may be empty
};

struct FsckOptions {
    bool repair = false;
    /// Puts files of unknown devices into quarantine, however many there are. Without it, more than
    /// a hundred, if they are more than a tenth of all, are taken as a sign of the wrong database
    /// and stay.
    bool force = false;
    /// Makes devices that the database does not know, of the model that their core dumps name.
    bool make_devices = false;
    /// Whether to forget records of deletions once no file is left that needs them. Must be false
    /// while there may be an object that does.
    bool forget_deletions = true;
    /// Younger files may be in use.
    std::chrono::seconds age{3600};
    /// How long a file must have been a candidate for removal before it is checked again and
    /// removed. The clock may have been set forward, or the machine may have been asleep, during an
    /// upload. It is longer than an upload may take between its file and its row, which are two
    /// statements of seconds (handlers/upload.cpp).
    std::chrono::seconds settle{60};
    /// Called with the number of core dumps' files checked so far; may be empty.
    std::function<void(std::size_t)> progress = {};
};

/// The folders to check. Those that are not configured are skipped.
struct FsckFolders {
    std::optional<std::filesystem::path> coredumps;
    std::filesystem::path assets;
    std::optional<std::filesystem::path> transfer;
    /// Where uploads spool and wake runners, if that is not `coredumps` (Config::spool_dir()).
    std::optional<std::filesystem::path> spool = std::nullopt;
};

/// Compares rows and files, and repairs what it can without losing anything. Safe while everything
/// runs. Memory grows only with the number of problems.
class Fsck {
  public:
    struct Parts {
        db::Inventory& inventory;
        db::Deletions& deletions;
        db::Devices& devices;
        db::Requeue& requeue;
        db::DerivedSums& sums;
        db::KeptFiles& files;
        Adoption* adoption;  ///< null: there is no COREDUMPS_DIR
        DumpCopies* copies;  ///< null: there is no COREDUMPS_DIR or no bucket
        metrics::Counters& counters;
        std::function<void(const Finding&)> report;
        std::function<void(std::chrono::seconds)> pause;
    };

    Fsck(Parts parts, FsckFolders folders, FsckOptions options);

    struct Result {
        std::size_t repaired = 0;
        std::size_t left = 0;    ///< problems that were not repaired
        std::size_t failed = 0;  ///< folders that could not be read, which is logged

        Result& operator+=(const Result& other) {
            repaired += other.repaired;
            left += other.left;
            failed += other.failed;
            return *this;
        }
    };
    /// Throws db::Unavailable and, before it repairs anything, ForgottenDatabase.
    Result run();

  private:
    /// A file to remove if it has not changed.
    struct Removal {
        Fault fault;
        std::string path;  ///< an fs::path is several times as large, and there may be many
        storage::FolderEntry seen;
        std::optional<DeviceKey> device;  ///< for a device's folder
    };
    /// The file of a core dump that no row names.
    struct Orphan {
        DeviceKey device;
        DumpFilename filename;
        std::uint64_t inode = 0;
        Timestamp changed;
        bool is_of_known_device = false;
        bool is_quarantined = false;
    };
    /// A device's folder and its content.
    struct Listing {
        DeviceKey device;
        storage::FolderEntry folder;
        std::vector<storage::FolderEntry> entries;
    };
    /// Files that rows name but that are not in the folders.
    using MissingFiles = std::map<DeviceKey, std::vector<DumpFilename>>;

    void check_coredumps(const std::filesystem::path& root);
    void check_listings(const std::filesystem::path& root, std::vector<Listing>& listings);
    std::vector<DumpFilename> check_listing(const std::filesystem::path& root,
                                            const Listing& listing,
                                            const db::Inventory::Files* rows);
    void label_those_without(const std::vector<DeviceKey>& devices);
    void check_rows(const std::filesystem::path& root, const MissingFiles& missing);
    void check_devices_without_folder(const std::filesystem::path& root);
    void check_hidden(const std::filesystem::path& folder, Fault fault);
    void settle_orphans(const std::filesystem::path& root);
    void make_missing_devices();
    void settle(const std::filesystem::path& path, const Orphan& orphan);
    bool release(const Orphan& orphan);
    void release_spooled();
    void adopt(const std::filesystem::path& path, const Orphan& orphan);
    bool was_deleted(const std::filesystem::path& path, const Orphan& orphan);
    bool was_left_by_move(const std::filesystem::path& path, const Orphan& orphan);
    bool is_named(const Orphan& orphan);
    void forget_deletions(const std::filesystem::path& root);
    void check_transfer(const std::filesystem::path& root);
    void check_firmware(const std::filesystem::path& root);
    void check_model(const std::filesystem::path& root, const ModelCode& code);
    void check_replaced(const std::filesystem::path& root, const ModelCode& code);
    void check_waiting_for_firmware();
    void check_sums();

    void look(const std::filesystem::path& folder,
              const std::function<void(const storage::FolderEntry&)>& see);
    bool is_old(const storage::FolderEntry& entry) const;
    void report(Fault fault, const std::string& what, bool repaired = false,
                const std::string& outcome = {});
    void remove_later(Fault fault, const std::filesystem::path& path,
                      const storage::FolderEntry& seen, std::optional<DeviceKey> device = {});
    void carry_out_removals();
    std::size_t count_of_unknown_devices() const;
    bool is_device(const DeviceKey& key);
    void settle_down();

    Parts parts_;
    FsckFolders folders_;
    FsckOptions options_;
    Timestamp oldest_in_progress_;  ///< files changed before this are not in progress
    std::optional<storage::DumpStore> dumps_;
    std::optional<std::filesystem::path> spool_;  ///< the folder that .spool is in
    std::optional<storage::WakeUps> wake_ups_;
    bool keeps_labels_ = false;
    bool settled_ = false;
    std::vector<Removal> removals_;
    std::vector<Orphan> orphans_;
    std::vector<std::filesystem::path> spooled_;  ///< in quarantine, put there by the spool
    std::vector<std::pair<DeviceKey, DumpFilename>> unlabelled_;
    std::size_t labelled_ = 0;
    std::size_t dump_files_ = 0;
    Result result_;
};

}  // namespace coredepot::core
