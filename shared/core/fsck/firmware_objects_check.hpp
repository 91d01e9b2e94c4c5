#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/firmware_bucket.hpp"
#include "core/fsck/fsck.hpp"
#include "db/inventory.hpp"
#include "db/requeue.hpp"

namespace coredepot::core {

/// The part of coredepot-fsck that compares firmware in the bucket with its rows. Safe while
/// everything runs, and on several machines at once. An object that a row once named is removed.
/// One that no row ever named gets a row if its content tells enough, and otherwise stays.
class FirmwareObjectsCheck {
  public:
    struct Parts {
        FirmwareBucket& firmware;
        db::Inventory& inventory;
        db::Requeue& requeue;
        std::function<void(const Finding&)> report;
    };

    /// `max_bytes`: of a bundle, packed and unpacked.
    FirmwareObjectsCheck(Parts parts, FsckOptions options, std::uint64_t max_bytes)
        : parts_(std::move(parts)), options_(std::move(options)), max_bytes_(max_bytes) {}

    /// Throws db::Unavailable, objects::Unavailable.
    Fsck::Result run();

  private:
    struct Listed {
        FirmwareObject object;
        bool is_old = false;
    };
    /// Lists all objects, and reports those that are not ours.
    std::vector<Listed> list(FirmwareObject::Kind kind);
    void remove_dropped();
    void settle(const Listed& listed);
    std::string adopt(const FirmwareObject& object);
    bool is_there(const FirmwareObject& object);
    void check_rows_of(const ModelCode& code);
    bool restore_image(const FirmwareObject& image, const std::string& bundle);
    void report(Fault fault, const std::string& what, bool repaired = false,
                const std::string& outcome = {});

    Parts parts_;
    FsckOptions options_;
    std::uint64_t max_bytes_;
    std::unordered_set<std::string> keys_;  ///< keys in the list
    Fsck::Result result_;
};

}  // namespace coredepot::core
