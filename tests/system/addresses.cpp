#include "system/addresses.hpp"

#include <gtest/gtest.h>

#include "system/machine.hpp"
#include "system/sysadmin.hpp"
#include "system/thermostat.hpp"

namespace coredepot::test {
namespace {

/// What coredepot-setup remembers, and the services find.
std::string remembered() {
    return machine().output_of("cd /etc/coredepot; tail -n +1 *listen.conf setup.env");
}

bool answers(const std::string& url) {
    return machine().run("curl -gsf '" + url + "/health'").status == 0;
}

}  // namespace

void expect_that_taken_ports_are_named() {
    const auto before = remembered();
    do_as_root(
        "systemd-run --quiet --collect --unit=squatter perl -MIO::Socket::INET -e '"
        R"(my $socket = IO::Socket::INET->new(LocalAddr => "0.0.0.0:9090", Listen => 1) or die;)"
        " sleep'");
    EXPECT_TRUE(eventually(
        [] { return machine().run("ss -Hltn 'sport = :9090' | grep -q .").status == 0; }));
    for (const auto* option : {"--port", "--sidecar-port"}) {
        const auto refused =
            machine().run("coredepot-setup " + std::string(option) + " 9090 </dev/null");
        EXPECT_EQ(refused.status, 1);
        EXPECT_NE(refused.output.find("9090"), std::string::npos) << refused.output;
        EXPECT_NE(refused.output.find("is taken by perl (pid "), std::string::npos)
            << refused.output;
        EXPECT_NE(refused.output.find(option), std::string::npos) << refused.output;
    }
    do_as_root("systemctl stop squatter");
    const auto open = machine().run("coredepot-setup --listen 0.0.0.0 </dev/null");
    EXPECT_EQ(open.status, 1) << open.output;
    EXPECT_NE(open.output.find("tokens have to be checked"), std::string::npos) << open.output;
    EXPECT_EQ(remembered(), before);
}

void expect_that_other_ports_are_remembered() {
    do_as_root("coredepot-setup --port 9090 --sidecar-port 9091 </dev/null");
    EXPECT_TRUE(answers("http://127.0.0.1:9090"));
    EXPECT_TRUE(answers("http://[::1]:9090"));
    EXPECT_FALSE(answers("http://127.0.0.1:8080"));
    const auto chosen = remembered();
    do_as_root("coredepot-setup </dev/null; apt-get install --yes --reinstall -o Dpkg::Use-Pty=0 " +
               machine().package());
    EXPECT_EQ(remembered(), chosen);
    EXPECT_TRUE(eventually([] { return answers("http://127.0.0.1:9090"); }));
    do_as_root("coredepot-setup --port 8080 </dev/null");
    expect_crash_is_parsed();  // by the sidecar at its other port
    do_as_root("coredepot-setup --sidecar-port 8081 </dev/null");
    expect_crash_is_parsed();
}

void expect_that_ipv6_is_enough() {
    do_as_root("ip address del 127.0.0.1/8 dev lo && coredepot-setup </dev/null");
    do_as_root("systemctl restart nginx");
    EXPECT_TRUE(answers("http://[::1]:8080"));
    const auto status = machine().run(
        "curl -gs -o /dev/null -w '%{http_code}'"
        " 'http://[::1]:8081/parse-coredump'");
    EXPECT_EQ(status.output, "400") << "the sidecar's own answer";
    do_as_root("ip address add 127.0.0.1/8 dev lo && coredepot-setup </dev/null");
    expect_crash_is_parsed();
}

}  // namespace coredepot::test
