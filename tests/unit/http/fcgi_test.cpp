// A process on a listening socket that it shares with others.

#include "http/fcgi.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/files.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::http {
namespace {

os::Descriptor listen_at(const std::filesystem::path& path) {
    os::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.get(), 5) != 0) {
        throw std::runtime_error("cannot listen");
    }
    return socket;
}

pid_t serve_on(const os::Descriptor& socket) {
    const auto child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when the test is ended
    ::dup2(socket.get(), 0);
    serve_fastcgi([](Request&) { return Response{}; });
    ::_exit(0);
}

// systemd takes O_NONBLOCK away from all of them whenever it starts one.
TEST(ServeFastcgi, WhoComesTooLateForAConnectionDoesNotWaitForTheNextOne) {
    const test::TemporaryFolder folder;
    const auto socket = listen_at(folder / "socket");
    const auto child = serve_on(socket);
    const auto flags = [&] { return ::fcntl(socket.get(), F_GETFL); };
    EXPECT_TRUE(test::eventually([&] { return (flags() & O_NONBLOCK) != 0; }));
    ::fcntl(socket.get(), F_SETFL, flags() & ~O_NONBLOCK);

    ::alarm(20);  // ends a test that waits
    EXPECT_EQ(::accept(socket.get(), nullptr, nullptr), -1);
    EXPECT_TRUE(errno == EAGAIN || errno == EWOULDBLOCK) << std::strerror(errno);
    ::alarm(0);

    ::kill(child, SIGTERM);
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace coredepot::http
