#include "core/uploads/spool_import.hpp"

#include <string_view>

#include "log.hpp"

namespace coredepot::core {
namespace {

/// If so many devices fail in a row, the cause is not with them: the disk may be full, for example.
constexpr int kGiveUpAfter = 10;

constexpr const char* kNoRecord = "not a spooled core dump";

/// The part of a key in the bucket's spool before its last slash.
std::string folder_of(std::string_view key) {
    return std::string(key.substr(0, key.rfind('/')));
}

}  // namespace

class SpoolImport::Walk {
  public:
    explicit Walk(const std::function<bool()>& stopping) : stopping_(stopping) {}

    /// False to stop for now. Throws db::Unavailable.
    bool see(const std::string& name, const std::string& device,
             const std::function<bool()>& bring_in) {
        if (stopping_() || failures_ == kGiveUpAfter) return false;
        if (!failed_.empty() && device == failed_) return true;
        try {
            if (bring_in()) ++imported_;
            failures_ = 0;
        } catch (const db::Unavailable&) {
            throw;
        } catch (const objects::Unavailable& away) {
            log::warning("object storage not available: spooled core dumps wait",
                         {{"error", away.what()}});
            return false;
        } catch (const std::exception& error) {
            log::error("cannot import a spooled core dump",
                       {{"file", name}, {"error", error.what()}});
            ++failures_;
            failed_ = device;
        }
        return true;
    }
    std::size_t imported() const { return imported_; }

  private:
    const std::function<bool()>& stopping_;
    std::size_t imported_ = 0;
    int failures_ = 0;
    std::string failed_;  ///< the device whose core dumps are left for the next run
};

std::size_t SpoolImport::run(const storage::Spool& spool) {
    Walk walk(stopping_);
    spool.for_each([&](const std::string& name) {
        return walk.see(name, std::string(storage::SpoolParts::device_of(name)), [&] {
            const auto claim = spool.claim(name);
            return claim && bring_in(spool, *claim);
        });
    });
    return walk.imported();
}

std::size_t SpoolImport::run(ObjectSpool& spool, db::SpoolClaims& claims) {
    Walk walk(stopping_);
    spool.for_each([&](const std::string& key) {
        return walk.see(key, folder_of(key), [&] {
            const auto claim = claims.claim(key);
            return claim && bring_in(spool, key);
        });
    });
    return walk.imported();
}

/// False when it cannot become a row.
bool SpoolImport::bring_in(const storage::Spool& spool, const storage::SpoolClaim& claim) {
    const auto dump = storage::Spool::read(claim);
    const auto outcome = dump ? make_row(*dump) : std::variant<LateRow, NoRow>(NoRow{kNoRecord});
    if (const auto* none = std::get_if<NoRow>(&outcome)) {
        spool.quarantine(claim);
        quarantined(claim.path.filename().string(), none->reason);
        return false;
    }
    spool.remove(claim);
    return true;
}

/// Also false when another process has imported it.
bool SpoolImport::bring_in(ObjectSpool& spool, const std::string& key) {
    const auto found = spool.read(key);
    if (!found) return false;
    const auto outcome =
        found->dump ? make_row(*found->dump) : std::variant<LateRow, NoRow>(NoRow{kNoRecord});
    if (const auto* none = std::get_if<NoRow>(&outcome)) {
        spool.quarantine(key, found->record);
        quarantined(key, none->reason);
        return false;
    }
    spool.remove(key);
    return true;
}

std::variant<LateRow, NoRow> SpoolImport::make_row(const storage::UploadedDump& dump) {
    const DumpLabel label{dump.chip, dump.firmware_version, dump.model_code, dump.idempotency_key};
    auto outcome = parts_.rows.make({dump.device, label, dump.uploaded_at,
                                     static_cast<std::int64_t>(dump.bytes.size()), dump.sha256},
                                    [&](const Device& device, Timestamp at) {
                                        return parts_.files.put_again(dump, at, device.model_code);
                                    });
    if (const auto* none = std::get_if<NoRow>(&outcome)) {
        if (none->placed) parts_.files.remove(dump.device, *none->placed);
    } else {
        const auto& row = std::get<LateRow>(outcome);
        log::info("imported a spooled core dump", {{"device", dump.device.str()},
                                                   {"coredump", row.id},
                                                   {"filename", row.file.filename.str()}});
    }
    return outcome;
}

void SpoolImport::quarantined(const std::string& name, const std::string& reason) {
    parts_.counters.record(metrics::Event::CoredumpQuarantined);
    log::warning("spooled core dump quarantined", {{"file", name}, {"reason", reason}});
}

}  // namespace coredepot::core
