#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coredepot::test {

/// How the fake sidecar answers one request.
struct SidecarReply {
    int status = 200;
    std::string body;
    enum class Manner { Answer, HangUp, NeverAnswer, AnswerHalf } manner = Manner::Answer;

    static SidecarReply output(const std::string& text);
    /// A description that names the ELF whose SHA-256 starts so.
    static SidecarReply description(const std::string& elf_sha256_prefix);
    /// 422 with this reason.
    static SidecarReply rejection(const std::string& reason);
    static SidecarReply with_status(int status) { return {status, R"({"error":"x"})"}; }
    static SidecarReply with_body(const std::string& body) { return {200, body}; }
    /// Closes the connection without a byte.
    static SidecarReply hang_up() { return {0, "", Manner::HangUp}; }
    /// Promises all of the body and closes the connection after half of it.
    static SidecarReply half(const std::string& body) { return {200, body, Manner::AnswerHalf}; }
    /// Keeps the connection open until the other side closes it.
    static SidecarReply silence() { return {0, "", Manner::NeverAnswer}; }
};

/// A parse sidecar that does as it is told: an HTTP server on a port of its own, with a thread for
/// each connection. Until it is told to describe core dumps it is one that cannot: it answers 404.
class FakeSidecar {
  public:
    FakeSidecar();
    ~FakeSidecar();
    FakeSidecar(const FakeSidecar&) = delete;
    FakeSidecar& operator=(const FakeSidecar&) = delete;

    /// Without a slash at the end.
    std::string url() const;

    /// One request each is answered so, in this order; what comes after them is answered with
    /// output("a backtrace").
    void will_answer(std::vector<SidecarReply> replies);
    /// Asked how to answer each request from now on; null: as above.
    void answer_with(std::function<SidecarReply(const std::string& target)> decide);
    /// Every question for a description is answered so from now on. The functions around this one
    /// are about the other questions alone.
    void will_describe(SidecarReply reply);
    /// Called with each request's target before it is answered, one at a time.
    void on_request(std::function<void(const std::string& target)> action);

    /// What was asked for so far, byte for byte as it came: `/parse-coredump?core=…`.
    std::vector<std::string> targets() const;
    /// The same of the questions for a description.
    std::vector<std::string> described() const;

  private:
    void accept_connections();
    void serve(int connection);
    SidecarReply next_reply(const std::string& target);

    int listening_;
    int port_ = 0;
    std::thread acceptor_;
    std::mutex action_mutex_;
    mutable std::mutex mutex_;
    std::vector<std::thread> threads_;
    std::vector<int> connections_;
    std::deque<SidecarReply> replies_;
    SidecarReply description_ = SidecarReply::with_status(404);
    std::function<void(const std::string&)> action_;
    std::function<SidecarReply(const std::string&)> decide_;
    std::vector<std::string> targets_;
    std::vector<std::string> described_;
};

/// The value of a parameter in a target, as it was sent.
std::string target_parameter(const std::string& target, const std::string& name);

}  // namespace coredepot::test
