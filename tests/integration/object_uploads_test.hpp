#pragma once

#include <csignal>
#include <map>

#include <sys/wait.h>
#include <unistd.h>

#include "core/coredumps/coredumps.hpp"
#include "core/errors.hpp"
#include "core/registry/devices.hpp"
#include "core/uploads/spool_import.hpp"
#include "core/uploads/uploads.hpp"
#include "sha256.hpp"
#include "storage/spool_record.hpp"
#include "support/database.hpp"
#include "support/parallel.hpp"
#include "support/s3_server.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {

using test::database_url;
using test::eventually;
using test::Role;
using test::S3Fault;
using Keys = std::vector<std::string>;

constexpr const char* kKey = "abcd1234";
constexpr const char* kNowhere = "postgresql://x@127.0.0.1:1/x";

/// A machine of its own: its folder, its connections, and the one bucket.
class Host {
  public:
    Host(test::S3Server& store, const db::StoreRules& rules, const UploadLimit& limit)
        : store_(store), rules_(rules), limit_(limit) {}

    /// `rows_at`: of the database that the row is asked of, when that is another.
    Uploads::Accepted upload(const std::string& bytes,
                             const std::optional<std::string>& idempotency_key = std::nullopt,
                             const std::string& url = database_url(Role::Writer),
                             const std::optional<std::string>& rows_at = std::nullopt) {
        db::Database database(url, "test", db::Mode::ReadWrite);
        db::Database rows_database(rows_at.value_or(url), "test", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps rows(rows_database);
        Uploads uploads(devices, rows, Uploads::Places{files(), spool(), std::nullopt}, rules_,
                        counters_, limit_);
        return uploads.accept({{kKey}, "esp32c3", "1.0", idempotency_key}, [&] { return bytes; });
    }
    /// Both spools; how many rows came of that.
    std::size_t import_all() {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps rows(database);
        db::SpoolClaims claims(database);
        const auto all = files();
        DumpRecorder recorder(rows, all, rules_, counters_);
        LateRows late(devices, recorder, all);
        SpoolImport import({late, all, counters_}, [] { return false; });
        const auto imported = import.run(spool());
        try {
            ObjectSpool objects(all.bucket());
            return imported + import.run(objects, claims);
        } catch (const objects::Unavailable&) {
            return imported;
        }
    }
    DumpFiles files() const {
        return DumpFiles(std::nullopt, std::make_shared<objects::Bucket>(store_.config()));
    }
    storage::Spool spool() const {
        return storage::Spool(folder_.path(), 1'000'000'000, rules_.deduplicate);
    }
    std::size_t waiting() const { return spool().state().waiting.files; }

  private:
    test::S3Server& store_;
    db::StoreRules rules_;
    UploadLimit limit_;
    test::TemporaryFolder folder_;
    metrics::Counters counters_;
};

class ObjectUploadsTest : public test::DatabaseTest {
  protected:
    static void SetUpTestSuite() { store_ = new test::S3Server; }
    static void TearDownTestSuite() {
        delete store_;
        store_ = nullptr;
    }
    ObjectUploadsTest() {
        store_->behave();
        store_->clear();
    }

    static test::S3Server& store() { return *store_; }
    Host host(const db::StoreRules& rules = {20}, const UploadLimit& limit = {}) {
        return Host(store(), rules, limit);
    }

    /// Keys of what is below `folder`.
    static Keys keys(const std::string& folder) {
        Keys found;
        for (const auto& key : store().keys()) {
            if (key.starts_with(folder + '/')) found.push_back(key);
        }
        return found;
    }
    static std::string rows() { return sql_value("SELECT count(*) FROM coredumps"); }
    /// Of each row the object that it names is there, with its bytes, and there are no others.
    static void expect_objects_of_rows() {
        Keys named;
        std::map<std::string, std::string> hashes;
        for (const auto& row : sql("SELECT object, encode(sha256, 'hex') FROM coredumps "
                                   "ORDER BY object COLLATE \"C\"")) {
            named.push_back(row[0]);
            hashes[row[0]] = row[1];
        }
        EXPECT_EQ(keys("coredumps"), named);
        for (const auto& [key, hash] : store().objects()) {
            if (!key.starts_with("coredumps/")) continue;
            EXPECT_EQ(hashes[key], hash) << key;
        }
    }
    /// This core dump is there, once, and nothing waits.
    static void expect_once(const Host& host, const std::string& bytes) {
        EXPECT_EQ(sql("SELECT encode(sha256, 'hex') FROM coredumps"),
                  (test::Rows{{sha256_hex(bytes)}}));
        expect_objects_of_rows();
        EXPECT_EQ(keys("spool"), Keys{});
        EXPECT_EQ(host.waiting(), 0U);
    }

    /// Does `work` in a process that is killed once `is_time` says so.
    static void kill_over(const std::function<void()>& work, const std::function<bool()>& is_time) {
        const auto pid = ::fork();
        if (pid == 0) {
            try {
                work();
            } catch (const std::exception&) {
            }
            ::_exit(0);
        }
        EXPECT_TRUE(eventually(is_time));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }

    std::int64_t device_ = add_device(add_model("a"), kKey);

  private:
    static inline test::S3Server* store_ = nullptr;
};

}  // namespace coredepot::core
