#include "db/database.hpp"

#include "db/session.hpp"
#include "log.hpp"

namespace coredepot::db {

Database::Database(std::string url, std::string program, Mode mode, std::chrono::seconds patience)
    : url_(std::move(url)), program_(std::move(program)), mode_(mode), patience_(patience) {}

Database::~Database() = default;

Session& Database::session() {
    if (session_ && !session_->is_alive()) session_.reset();
    if (!session_) session_ = std::make_unique<Session>(url_, program_, mode_, patience_);
    return *session_;
}

bool Database::is_available() noexcept {
    static constexpr Statement kPing{"ping", "SELECT 1"};
    try {
        session().execute(kPing);
        return true;
    } catch (const std::exception& error) {
        log::warning("database not available", {{"error", error.what()}});
        return false;
    }
}

}  // namespace coredepot::db
