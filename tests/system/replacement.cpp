#include "system/replacement.hpp"

#include <algorithm>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

/// Whether each of those runs as another process now.
bool are_replaced(const std::map<std::string, int>& before) {
    const auto now = machine().processes();
    return now.size() == before.size() && std::ranges::all_of(now, [&](const auto& entry) {
               const auto old = before.find(entry.first);
               return old != before.end() && old->second != entry.second;
           });
}

}  // namespace

void replace_all(const std::string& line) {
    const auto before = machine().processes();
    do_as_root(line);
    EXPECT_TRUE(eventually([&] { return are_replaced(before); })) << line;
}

void replace_all_unnoticed(const std::function<void()>& action, Load::Spooling spooling) {
    const auto processes = machine().processes();
    Load load(thermostat().device, thermostat().key, spooling);
    EXPECT_TRUE(eventually([&] { return load.answered() > 20; }));
    action();
    EXPECT_TRUE(eventually([&] { return are_replaced(processes); }));
    const auto before = load.answered();
    EXPECT_TRUE(eventually([&] { return load.answered() > before + 20; }));
    load.stop();
    std::cout << load.answered() << " requests meanwhile, " << load.spooled() << " spooled\n";
    EXPECT_EQ(load.spooled() > 0, spooling == Load::Spooling::WhereTheDatabaseIsAway);
    expect_all_rows_and_files(load.accepted());
}

void replace_all_unnoticed(const std::string& line) {
    replace_all_unnoticed([&] { do_as_root(line); });
}

}  // namespace coredepot::test
