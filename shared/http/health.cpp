#include "http/health.hpp"

#include "core/forgotten_database.hpp"
#include "json.hpp"

namespace coredepot::http {
namespace {

const char* text_of(core::Health::Status status) {
    switch (status) {
        case core::Health::Status::Ok:
            return "ok";
        case core::Health::Status::Degraded:
            return "degraded";
        case core::Health::Status::Unavailable:
            break;
    }
    return "unavailable";
}

const char* text_of(const std::optional<storage::FolderState>& state) {
    if (!state) return "not configured";
    switch (*state) {
        case storage::FolderState::Usable:
            return "ok";
        case storage::FolderState::ReadOnly:
            return "read-only";
        case storage::FolderState::Full:
            return "full";
        case storage::FolderState::OutOfInodes:
            return "out of inodes";
        case storage::FolderState::Unavailable:
            break;
    }
    return "unavailable";
}

const char* text_of(const std::optional<core::Health::Spool>& spool) {
    if (!spool) return "not configured";
    switch (*spool) {
        case core::Health::Spool::Empty:
            return "empty";
        case core::Health::Spool::Waiting:
            return "waiting";
        case core::Health::Spool::Full:
            break;
    }
    return "full";
}

const char* text_of(core::Health::Alerts alerts) {
    switch (alerts) {
        case core::Health::Alerts::None:
            return "none";
        case core::Health::Alerts::Ok:
            return "ok";
        case core::Health::Alerts::Failing:
            break;
    }
    return "failing";
}

const char* text_of(core::Health::Retention retention) {
    switch (retention) {
        case core::Health::Retention::Unlimited:
            return "not configured";
        case core::Health::Retention::Met:
            return "ok";
        case core::Health::Retention::Unmet:
            break;
    }
    return "unmet";
}

const char* text_of(core::Health::Tokens tokens) {
    switch (tokens) {
        case core::Health::Tokens::NotChecked:
            return "not checked";
        case core::Health::Tokens::Ok:
            return "ok";
        case core::Health::Tokens::OldKeys:
            return "old keys";
        case core::Health::Tokens::NoKeys:
            break;
    }
    return "no keys";
}

const char* text_of(core::Health::Database database) {
    switch (database) {
        case core::Health::Database::Ok:
            return "ok";
        case core::Health::Database::Forgotten:
            return "empty";
        case core::Health::Database::Unavailable:
            break;
    }
    return "unavailable";
}

const char* text_of(core::Health::Store store) {
    switch (store) {
        case core::Health::Store::NotConfigured:
            return "not configured";
        case core::Health::Store::Ok:
            return "ok";
        case core::Health::Store::Unavailable:
            break;
    }
    return "unavailable";
}

Response response(bool good, json::Writer& writer) {
    writer.member("version", COREDEPOT_VERSION).end_object();
    auto answer = json_response(good ? 200 : 503, writer);
    if (!good) answer.headers.emplace_back("Retry-After", "5");
    return answer;
}

}  // namespace

Response health_response(const core::Health& health, bool parses) {
    json::Writer writer;
    writer.begin_object()
        .member("status", text_of(health.status))
        .member("database", text_of(health.database))
        .member("coredumps_dir", text_of(health.coredumps_dir))
        .member("spool", text_of(health.spool))
        .member("quarantine", health.quarantine ? "occupied" : "empty")
        .member("retention", text_of(health.retention))
        .member("assets_dir", text_of(health.assets_dir))
        .member("state_dir", text_of(health.state_dir))
        .member("object_store", text_of(health.store))
        .member("tokens", text_of(health.tokens))
        .member("alerts", text_of(health.alerts))
        .member("sidecar", parses ? "configured" : "not configured");
    if (health.database == core::Health::Database::Forgotten) {
        writer.member("advice", core::ForgottenDatabase::kWhatToDo);
    }
    return response(health.status != core::Health::Status::Unavailable, writer);
}

Response uploads_health_response(const core::UploadsHealth& health) {
    json::Writer writer;
    writer.begin_object()
        .member("status", health.accepted ? "ok" : "unavailable")
        .member("coredumps_dir", text_of(health.coredumps_dir))
        .member("spool", text_of(health.spool))
        .member("database", health.database ? text_of(*health.database) : "not asked")
        .member("tokens", text_of(health.tokens))
        .member("state_dir", text_of(health.state_dir))
        .member("object_store", health.store ? text_of(*health.store) : "not asked");
    return response(health.accepted, writer);
}

core::Health::Tokens state_of_tokens(std::optional<auth::IssuerKeys>& keys) {
    using Tokens = core::Health::Tokens;
    if (!keys) return Tokens::NotChecked;
    const auto state = keys->state(auth::IssuerKeys::Asking::InNeed);
    if (state.keys == 0) return Tokens::NoKeys;
    return state.answers ? Tokens::Ok : Tokens::OldKeys;
}

}  // namespace coredepot::http
