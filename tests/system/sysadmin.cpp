#include "system/sysadmin.hpp"

#include <gtest/gtest.h>

#include "system/machine.hpp"

namespace coredepot::test {

void expect_success(const CommandResult& result, const std::string& what) {
    EXPECT_EQ(result.status, 0) << what << ":\n" << result.output;
}

void do_as_root(const std::string& line) {
    expect_success(machine().run(line), line);
}

void set(const std::string& name, const std::string& value) {
    do_as_root("sed -i '/^" + name + "=/d' /etc/coredepot/coredepot.env && echo '" + name + '=' +
               value + "' >>/etc/coredepot/coredepot.env");
}

std::string postgresql_unit() {
    return "postgresql@" +
           machine().output_of("pg_lsclusters --no-header | awk '{print $1 \"-\" $2}'") +
           ".service";
}

std::string documented(const std::string& document, const std::string& line) {
    return machine().output_of("sed -n '/^" + line +
                               "/,/^```$/{/^```sh$/,/^```$/{//!p}}' /usr/share/doc/coredepot/" +
                               document);
}

}  // namespace coredepot::test
