#include "db/hosts.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kTakeHostName{"take_host_name", "SELECT take_host_name($1, $2)"};

}  // namespace

bool take_host_name(Database& database, const std::string& name, const std::string& machine) {
    return Fields(database.session().execute(kTakeHostName, name, machine)[0]).truth();
}

}  // namespace coredepot::db
