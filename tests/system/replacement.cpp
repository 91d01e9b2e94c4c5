#include "system/replacement.hpp"

#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

/// Of those what does not run as another process now.
std::string not_replaced(const std::map<std::string, int>& before) {
    const auto now = machine().processes();
    std::string units;
    for (const auto& [unit, pid] : before) {
        const auto found = now.find(unit);
        if (found == now.end()) units += unit + " does not run; ";
        if (found != now.end() && found->second == pid) units += unit + " is the same; ";
    }
    for (const auto& [unit, pid] : now) {
        if (!before.contains(unit)) units += unit + " is new; ";
    }
    return units;
}

}  // namespace

void replace_all(const std::string& line) {
    const auto before = machine().processes();
    do_as_root(line);
    EXPECT_TRUE(eventually([&] { return not_replaced(before).empty(); }))
        << line << ": " << not_replaced(before);
}

void replace_all_unnoticed(const std::function<void()>& action, Load::Spooling spooling) {
    // One that was replaced just now may be about to start.
    EXPECT_TRUE(eventually([] { return machine().runs_all(); }));
    const auto processes = machine().processes();
    Load load(thermostat().device, thermostat().key, spooling);
    EXPECT_TRUE(eventually([&] { return load.answered() > 20; }));
    action();
    EXPECT_TRUE(eventually([&] { return not_replaced(processes).empty(); }))
        << not_replaced(processes);
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
