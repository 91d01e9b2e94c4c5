#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <sys/uio.h>

namespace coredepot::http {

/// An answer in FastCGI 1.0 (sections 3.3, 5.3 and 5.5): records with the application's output, its
/// end, and the end of the request.
class FcgiAnswer {
  public:
    /// `request` is the request's ID, 1 to 65535. The object points into `head`, which ends with an
    /// empty line, and into `body`.
    FcgiAnswer(int request, std::string_view head, std::string_view body);
    FcgiAnswer(const FcgiAnswer&) = delete;
    FcgiAnswer& operator=(const FcgiAnswer&) = delete;

    /// Sends it in one system call, unless the socket takes less at a time. False when the web
    /// server has gone.
    bool send(int socket) const;

  private:
    using Header = std::array<unsigned char, 8>;

    void add(unsigned char type, std::string_view content);

    int request_;
    std::vector<Header> headers_;
    std::vector<iovec> pieces_;
};

}  // namespace coredepot::http
