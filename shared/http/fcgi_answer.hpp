#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <sys/uio.h>

namespace coredepot::http {

/// An answer as FastCGI 1.0 has it (sections 3.3, 5.3 and 5.5): records of what the application
/// says, the end of that, and the end of the request.
class FcgiAnswer {
  public:
    /// `request`: the request's id, 1 to 65535. It points into `head`, which ends with an empty
    /// line, and into `body`.
    FcgiAnswer(int request, std::string_view head, std::string_view body);
    FcgiAnswer(const FcgiAnswer&) = delete;
    FcgiAnswer& operator=(const FcgiAnswer&) = delete;

    /// In one system call, unless the socket takes less at a time. False when the web server has
    /// gone away.
    bool send(int socket) const;

  private:
    using Header = std::array<unsigned char, 8>;

    void add(unsigned char type, std::string_view content);

    int request_;
    std::vector<Header> headers_;
    std::vector<iovec> pieces_;
};

}  // namespace coredepot::http
