#include "support/invocation.hpp"

#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/files.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {
namespace {

void redirect(const std::string& path, int flags, int target) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC, os::kFileMode);
    if (file < 0 || ::dup2(file, target) < 0) std::_Exit(126);
}

/// In the child: becomes the program.
[[noreturn]] void become(const Invocation& invocation, const std::string& output,
                         const std::string& errors) {
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect(output, O_WRONLY | O_CREAT, STDOUT_FILENO);
    redirect(errors, O_WRONLY | O_CREAT, STDERR_FILENO);
    for (const auto& [name, value] : invocation.environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> arguments;
    for (const auto& argument : invocation.arguments) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    if (::chdir(invocation.folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
    std::_Exit(127);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const InvocationResult& result) {
    return out << "exit status " << result.status << "\n--- output:\n"
               << result.output << "\n--- errors:\n"
               << result.errors;
}

InvocationResult invoke(const Invocation& invocation) {
    // Files and not pipes: nobody has to read while it runs.
    const TemporaryFolder folder;
    const auto output = (folder / "output").string();
    const auto errors = (folder / "errors").string();
    const int pid = ::fork();
    if (pid < 0) throw std::runtime_error("fork");
    if (pid == 0) become(invocation, output, errors);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), read_bytes(output),
            read_bytes(errors)};
}

}  // namespace coredepot::test
