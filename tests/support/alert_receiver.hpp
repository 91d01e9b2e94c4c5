#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coredepot::test {

/// A message as it arrived.
struct ReceivedAlert {
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;
    bool was_answered = false;  ///< with 2xx, and the answer was on its way
};

/// How the receiver answers one of them.
struct ReceiverReply {
    int status = 200;
    std::string body = "ok";
    std::string header;  ///< `Name: value`, or none
    enum class Manner { Answer, HangUp, NeverAnswer } manner = Manner::Answer;

    static ReceiverReply hang_up() { return {0, "", "", Manner::HangUp}; }
    static ReceiverReply silence() { return {0, "", "", Manner::NeverAnswer}; }
};

/// An HTTP server on a port of its own, with a thread for each connection, that takes messages as a
/// webhook's receiver does.
class AlertReceiver {
  public:
    /// `address`: one of this machine's loopback addresses; `port` 0: a free one.
    explicit AlertReceiver(const std::string& address = "127.0.0.1", int port = 0);
    ~AlertReceiver();
    AlertReceiver(const AlertReceiver&) = delete;
    AlertReceiver& operator=(const AlertReceiver&) = delete;

    int port() const { return port_; }
    std::string url() const;
    /// Asked how to answer each message from now on. May wait.
    void answer_with(std::function<ReceiverReply(const ReceivedAlert&)> decide);
    /// In the order in which they arrived.
    std::vector<ReceivedAlert> received() const;
    std::size_t connections() const;

  private:
    void accept_connections();
    void serve(int connection);

    std::string address_;
    int listening_;
    int port_ = 0;
    std::thread acceptor_;
    mutable std::mutex mutex_;
    std::vector<std::thread> threads_;
    std::vector<int> connections_;
    std::vector<ReceivedAlert> received_;
    std::function<ReceiverReply(const ReceivedAlert&)> decide_;
};

}  // namespace coredepot::test
