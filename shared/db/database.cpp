#include "db/database.hpp"

#include "db/fields.hpp"
#include "db/session.hpp"
#include "log.hpp"

namespace coredepot::db {

Database::Database(std::string url, std::string program, Mode mode, std::chrono::seconds patience)
    : url_(std::move(url)), program_(std::move(program)), mode_(mode), patience_(patience) {}

Database::~Database() = default;

Session& Database::session() {
    if (session_ && !session_->is_alive()) {
        lost_backend_ = session_->backend();
        session_.reset();
    }
    if (!session_) {
        session_ = std::make_unique<Session>(url_, program_, mode_, patience_,
                                             SessionSettings{stores_, keeps_plans_});
        if (lost_backend_ != 0 && mode_ == Mode::ReadWrite) end_wait_for_standby();
    }
    return *session_;
}

void Database::end_wait_for_standby() {
    static constexpr Statement kEndWait{"end_wait_for_standby", R"(
        SELECT pg_cancel_backend(pid) FROM pg_stat_activity
         WHERE pid = $1 AND usename = current_user
           AND application_name = current_setting('application_name')
           AND wait_event = 'SyncRep' AND query_start < now() - $2::bigint * interval '1 second')"};
    const auto ended = session_->execute(kEndWait, lost_backend_, std::int64_t{patience_.count()});
    if (!ended.empty()) {
        log::warning("a lost connection waited for a synchronous standby that does not answer");
    }
    lost_backend_ = 0;
}

bool Database::is_available() noexcept {
    static constexpr Statement kPing{
        "ping", "SELECT current_setting('transaction_read_only') = 'on' AS is_read_only"};
    try {
        const auto rows = session().execute(kPing);
        if (mode_ == Mode::ReadOnly || !Fields(rows[0]).truth()) return true;
        log::warning("the database accepts no changes: it is a standby, or was set read-only");
        return false;
    } catch (const std::exception& error) {
        log::warning("database not available", {{"error", error.what()}});
        return false;
    }
}

}  // namespace coredepot::db
