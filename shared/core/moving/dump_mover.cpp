#include "core/moving/dump_mover.hpp"

#include <utility>

#include "log.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::core {
namespace {

constexpr int kPage = 200;

}  // namespace

MoveResult DumpMover::run(db::DumpMoves::From from) {
    MoveResult result;
    std::int64_t last = 0;
    std::size_t failures = 0;
    bool goes_on = true;
    while (goes_on) {
        const auto page = parts_.rows.page(from, last, kPage);
        if (page.empty()) break;
        for (const auto& dump : page) {
            goes_on = !parts_.stopping() && failures < kMostFailuresInARow;
            if (!goes_on) break;
            last = dump.id;
            const auto outcome = move(dump);
            failures = outcome == Outcome::Failed ? failures + 1 : 0;
            if (outcome == Outcome::Moved) parts_.progress(++result.moved);
            if (outcome == Outcome::Busy) ++result.busy;
            if (outcome == Outcome::Failed) ++result.failed;
        }
        remove_originals();
    }
    result.is_complete = goes_on;
    return result;
}

DumpMover::Outcome DumpMover::move(const db::DumpMoves::Dump& dump) {
    const auto fail = [&](const std::string& why) {
        log::error("cannot move a core dump", {{"coredump", dump.id},
                                               {"device", dump.device.str()},
                                               {"filename", dump.file.filename.str()},
                                               {"error", why}});
        return Outcome::Failed;
    };
    try {
        const auto bytes = parts_.files.read(dump.device, dump.file);
        if (!bytes) return fail("there is no such file");
        auto sha256 = sha256_hex(*bytes);
        if (!dump.sha256.empty() && sha256 != dump.sha256) {
            return fail("its bytes are not those that were uploaded");
        }
        const auto stored = copy(dump, *bytes, std::move(sha256));
        const DumpFile target{stored.filename, stored.object};
        if (stored.filename != dump.file.filename) {
            parts_.files.remove(dump.device, target);
            return fail("another file has its name");
        }
        const auto require = [&] { parts_.files.require(dump.device, target); };
        if (!parts_.rows.point(dump.id, dump.file.object, target.object, require)) {
            // Another mover may have made the row name this very copy.
            copies_.remove_unless_named(dump.device, target);
            return Outcome::Busy;
        }
        originals_.emplace_back(dump.device, dump.file);
        return Outcome::Moved;
    } catch (const objects::Unavailable& error) {
        return fail(error.what());
    } catch (const os::StorageError& error) {
        return fail(error.what());
    }
}

/// To the place where it is not yet.
storage::StoredDump DumpMover::copy(const db::DumpMoves::Dump& dump, const std::string& bytes,
                                    std::string sha256) const {
    const auto model_code = dump.label.model_code.value();
    const auto at = uploaded_at(dump.file.filename).value_or(dump.uploaded_at);
    if (dump.file.object) {
        return parts_.files.folder().value().store_again(dump.device, at, bytes, dump.label);
    }
    return parts_.files.put_object(
        {dump.device, model_code, dump.label.chip, dump.label.firmware_version, at,
         dump.label.idempotency_key, std::move(sha256), bytes},
        at, model_code);
}

void DumpMover::remove_originals() {
    if (originals_.empty()) return;
    parts_.pause(parts_.grace);
    for (const auto& [device, file] : originals_) {
        // It may have been moved back in the meantime.
        copies_.remove_unless_named(device, file);
    }
    parts_.files.sync();
    originals_.clear();
}

}  // namespace coredepot::core
