#pragma once

#include <algorithm>
#include <thread>

#include "core/errors.hpp"
#include "core/registry/devices.hpp"
#include "core/uploads/uploads.hpp"
#include "database_proxy.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "support/database.hpp"
#include "support/disk.hpp"
#include "support/parallel.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {

using test::database_url;
using test::names_in;
using test::Role;
using Names = std::vector<std::string>;

constexpr const char* kKey = "abcd1234";

class UploadsTest : public test::DatabaseTest {
  protected:
    static Uploads::Accepted accept(Uploads& uploads, const std::string& body = "a core dump") {
        return uploads.accept({{kKey}, "esp32c3", "1.0"}, [&] { return body; });
    }

    /// What an upload with these parameters is refused with.
    template <class Refusal = ValidationFailed>
    std::string refusal(const std::optional<std::string>& chip,
                        const std::optional<std::string>& version, const std::string& key = kKey,
                        const std::string& body = "x") {
        try {
            uploads_.accept({{key}, chip, version}, [&] { return body; });
        } catch (const Refusal& error) {
            return error.what();
        }
        return "";
    }

    Names files() const { return names_in(dumps_ / kKey); }
    Names spooled() const { return test::file_names_below(dumps_ / ".spool"); }
    /// Of one that has the name that it was promised.
    static std::string spool_name(const Uploads::Accepted& accepted) {
        constexpr std::size_t kMoment = std::string_view("coredump_").size();
        const auto& name = accepted.filename.str();
        return std::string(kKey) + '-' + name.substr(kMoment, name.find('.') - kMoment) + ".spool";
    }
    static std::string rows() { return sql_value("SELECT count(*) FROM coredumps"); }

    /// Ends the writer's connections as often as one of them waits for a lock.
    static std::thread connection_killer(int times) {
        return std::thread([times] {
            for (int i = 0; i < times; ++i) {
                EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
                terminate_connections(Role::Writer);
            }
        });
    }

    std::int64_t device_ = add_device(add_model("a"), kKey);
    test::TemporaryFolder dumps_;
    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
    db::Devices devices_{database_};
    db::Coredumps coredumps_{database_};
    metrics::Counters counters_;
    Uploads uploads_{devices_, coredumps_, test::disk(dumps_.path()), {3}, counters_};
};

}  // namespace coredepot::core
