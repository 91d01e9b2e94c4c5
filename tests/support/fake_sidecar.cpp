#include "support/fake_sidecar.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "json.hpp"

namespace coredepot::test {
namespace {

std::string object(const char* member, const std::string& text) {
    json::Writer writer;
    writer.begin_object().member(member, text).end_object();
    return writer.take();
}

/// All up to the empty line; "" when the connection ends before.
std::string read_head(int connection) {
    std::string head;
    std::array<char, 4096> piece{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        const auto got = ::recv(connection, piece.data(), piece.size(), 0);
        if (got <= 0) return "";
        head.append(piece.data(), static_cast<std::size_t>(got));
    }
    return head;
}

/// The second word of the first line.
std::string target_of(const std::string& head) {
    const auto begin = head.find(' ') + 1;
    return head.substr(begin, head.find(' ', begin) - begin);
}

void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void wait_for_close(int connection) {
    char byte = 0;
    while (::recv(connection, &byte, 1, 0) > 0) {
    }
}

}  // namespace

SidecarReply SidecarReply::output(const std::string& text) {
    return with_body(object("output", text));
}

SidecarReply SidecarReply::description(const std::string& elf_sha256_prefix) {
    return with_body(object("elf_sha256_prefix", elf_sha256_prefix));
}

SidecarReply SidecarReply::rejection(const std::string& reason) {
    return {422, object("error", reason)};
}

FakeSidecar::FakeSidecar() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, generic, length) != 0 || ::listen(listening_, 16) != 0 ||
        ::getsockname(listening_, generic, &length) != 0) {
        throw std::runtime_error("the fake sidecar cannot listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_connections(); });
}

FakeSidecar::~FakeSidecar() {
    ::shutdown(listening_, SHUT_RDWR);
    acceptor_.join();
    ::close(listening_);
    {
        const std::scoped_lock lock(mutex_);
        for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (const int connection : connections_) ::close(connection);
}

std::string FakeSidecar::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

void FakeSidecar::will_answer(std::vector<SidecarReply> replies) {
    const std::scoped_lock lock(mutex_);
    replies_.assign(replies.begin(), replies.end());
}

void FakeSidecar::will_describe(SidecarReply reply) {
    const std::scoped_lock lock(mutex_);
    description_ = std::move(reply);
}

void FakeSidecar::on_request(std::function<void(const std::string& target)> action) {
    const std::scoped_lock lock(action_mutex_);
    action_ = std::move(action);
}

void FakeSidecar::answer_with(std::function<SidecarReply(const std::string& target)> decide) {
    const std::scoped_lock lock(action_mutex_);
    decide_ = std::move(decide);
}

std::vector<std::string> FakeSidecar::targets() const {
    const std::scoped_lock lock(mutex_);
    return targets_;
}

std::vector<std::string> FakeSidecar::described() const {
    const std::scoped_lock lock(mutex_);
    return described_;
}

void FakeSidecar::accept_connections() {
    while (true) {
        const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const std::scoped_lock lock(mutex_);
        connections_.push_back(connection);
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

void FakeSidecar::serve(int connection) {
    const auto head = read_head(connection);
    if (!head.empty()) {
        const auto reply = next_reply(target_of(head));
        if (reply.manner == SidecarReply::Manner::NeverAnswer) wait_for_close(connection);
        const bool is_half = reply.manner == SidecarReply::Manner::AnswerHalf;
        if (is_half || reply.manner == SidecarReply::Manner::Answer) {
            send_all(connection, "HTTP/1.1 " + std::to_string(reply.status) +
                                     " Whatever\r\nContent-Type: application/json\r\n"
                                     "Connection: close\r\nContent-Length: " +
                                     std::to_string(reply.body.size()) + "\r\n\r\n" +
                                     reply.body.substr(0, reply.body.size() / (is_half ? 2 : 1)));
        }
    }
    // The descriptor itself is closed at the end: its number must stay this connection's.
    ::shutdown(connection, SHUT_RDWR);
}

SidecarReply FakeSidecar::next_reply(const std::string& target) {
    if (target.find("/describe-coredump?") != std::string::npos) {
        const std::scoped_lock lock(mutex_);
        described_.push_back(target);
        return description_;
    }
    std::optional<SidecarReply> decided;
    {
        const std::scoped_lock lock(action_mutex_);
        if (action_) action_(target);
        if (decide_) decided = decide_(target);
    }
    const std::scoped_lock lock(mutex_);
    targets_.push_back(target);
    if (decided) return *decided;
    if (replies_.empty()) return SidecarReply::output("a backtrace");
    auto reply = replies_.front();
    replies_.pop_front();
    return reply;
}

std::string target_parameter(const std::string& target, const std::string& name) {
    auto begin = target.find('?' + name + '=');
    if (begin == std::string::npos) begin = target.find('&' + name + '=');
    if (begin == std::string::npos) return "";
    begin += name.size() + 2;
    return target.substr(begin, target.find('&', begin) - begin);
}

}  // namespace coredepot::test
