#pragma once

#include <string>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// A mail server (Debian's python3-aiosmtpd) on a port of its own, which keeps what it takes.
class MailServer {
  public:
    /// Returns when it takes mail.
    MailServer();

    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }

    /// What Python's mail package makes of the mail that came: how many there are, and a line for
    /// each header and part.
    std::string read() const;

  private:
    TemporaryFolder folder_;
    int port_;
    ChildProcess server_;
};

}  // namespace coredepot::test
