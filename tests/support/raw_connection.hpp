#pragma once

#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace coredepot::test {

/// A TCP connection to this machine, for what no HTTP client would send.
class RawConnection {
  public:
    explicit RawConnection(int port);
    /// From another address of this machine, such as 127.0.0.2.
    RawConnection(int port, const std::string& from);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    /// False when the other side has closed: an answer may be there all the same.
    bool send(std::string_view bytes) const;
    void finish_sending() const;

    /// What comes until the other side closes, so the request had better say `Connection: close`.
    /// Throws after a minute without a byte.
    std::string receive_all() const;
    /// Reads up to and with `end`, and leaves what follows. Throws as receive_all() does, and when
    /// the other side closes before.
    void receive_until(std::string_view end) const;
    /// The same as a response; expects what holds for each, unless there is none (status 0).
    HttpResponse receive_response(bool has_body = true) const;

    /// So that the other side cannot send all that there is: what is not read stays there. Before
    /// anything is received.
    void keep_receive_buffer_small() const;

  private:
    int fd_;
};

/// Sends `request` on a connection of its own and reads to the end of it.
HttpResponse raw_exchange(int port, std::string_view request,
                          const std::string& from = "127.0.0.1");

}  // namespace coredepot::test
