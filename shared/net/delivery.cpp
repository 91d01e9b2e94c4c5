#include "net/delivery.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/curl_handles.hpp"

namespace coredepot::net {
namespace {

struct MimeFree {
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, MimeFree>;

Texts to_texts(const std::vector<std::string>& lines) {
    Texts texts;
    for (const auto& line : lines) append(texts, line);
    return texts;
}

/// Keeps the start of an answer and ends the transfer after that.
std::size_t keep_beginning(char* piece, std::size_t /*always 1*/, std::size_t length,
                           void* target) {
    auto& body = *static_cast<std::string*>(target);
    const auto room = kMostAnswer - body.size();
    body.append(piece, std::min(length, room));
    return length <= room ? length : 0;
}

std::optional<IpAddress> address_of(const sockaddr& generic) {
    IpAddress::Bytes bytes{};
    if (generic.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &generic, sizeof(v6));
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return IpAddress(bytes);
    }
    if (generic.sa_family != AF_INET) return std::nullopt;
    sockaddr_in v4{};
    std::memcpy(&v4, &generic, sizeof(v4));
    std::memcpy(bytes.data(), &v4.sin_addr, sizeof(v4.sin_addr));
    return IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

struct Door {
    const Networks& allowed;
    bool refused = false;
};

bool may_enter(const Networks& allowed, const IpAddress& address) {
    if (is_global(address)) return true;
    const auto seen = address.unwrapped();
    return std::ranges::any_of(allowed,
                               [&](const auto& network) { return network.contains(seen); });
}

curl_socket_t open_socket(void* data, curlsocktype /*purpose*/, curl_sockaddr* address) {
    auto& door = *static_cast<Door*>(data);
    const auto where = address_of(address->addr);
    if (!where || !may_enter(door.allowed, *where)) {
        door.refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void set_common(CURL* curl, std::chrono::seconds limit, std::string& answer, char* error) {
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(limit.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_beginning);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
}

std::optional<long> status_of(CURL* curl) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 0) return std::nullopt;
    return status;
}

DeliveryAnswer perform(CURL* curl, std::string& body, const char* error) {
    DeliveryAnswer answer;
    const auto code = curl_easy_perform(curl);
    curl_off_t took = 0;
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took);
    answer.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(took));
    answer.status = status_of(curl);
    answer.body = std::move(body);
    // An answer counts even when it is too long to read.
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer.status)) return answer;
    answer.error = *error != '\0' ? error : curl_easy_strerror(code);
    return answer;
}

/// Adds a part of a mail. Base64 keeps the lines short and the bytes unchanged.
void add_part(curl_mime* mime, const std::string& content, const char* type) {
    auto* part = curl_mime_addpart(mime);
    curl_mime_data(part, content.data(), content.size());
    curl_mime_type(part, type);
    curl_mime_encoder(part, "base64");
}

}  // namespace

DeliveryAnswer post(const HttpPost& request) {
    const auto easy = make_easy();
    auto* curl = easy.get();
    std::string body;
    std::array<char, CURL_ERROR_SIZE> error{};
    Door door{request.allowed};
    // Without this, libcurl asks for permission to send a long body and waits up to a second for
    // it.
    auto headers = request.headers;
    headers.emplace_back("Expect:");
    const auto list = to_texts(headers);
    set_common(curl, kPostTimeLimit, body, error.data());
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Coredepot/" COREDEPOT_VERSION);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &door);
    auto answer = perform(curl, body, error.data());
    if (!answer.error.empty() && door.refused) {
        answer.error = "the address is not a global one, nor in ALERT_ALLOWED_NETWORKS";
    }
    curl_off_t seconds = 0;
    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0) {
        answer.retry_after = std::chrono::seconds(seconds);
    }
    return answer;
}

DeliveryAnswer send_mail(const MailServer& server, const Mail& mail) {
    const auto easy = make_easy();
    auto* curl = easy.get();
    std::string body;
    std::array<char, CURL_ERROR_SIZE> error{};
    std::vector<std::string> in_brackets;
    std::string to;
    for (const auto& receiver : mail.to) {
        in_brackets.push_back('<' + receiver + '>');
        to += (to.empty() ? "" : ",\r\n ") + receiver;
    }
    auto headers = mail.headers;
    headers.push_back("From: Coredepot <" + mail.from + '>');
    headers.push_back("To: " + to);
    const auto list = to_texts(headers);
    const auto receivers = to_texts(in_brackets);
    const auto from = '<' + mail.from + '>';
    Mime whole(curl_mime_init(curl));
    // The preferred form comes last (RFC 2046, section 5.1.4).
    Mime alternatives(curl_mime_init(curl));
    add_part(alternatives.get(), mail.text, "text/plain; charset=utf-8");
    add_part(alternatives.get(), mail.html, "text/html; charset=utf-8");
    auto* both = curl_mime_addpart(whole.get());
    curl_mime_subparts(both, alternatives.release());  // which `whole` owns then
    curl_mime_type(both, "multipart/alternative");

    set_common(curl, kMailTimeLimit, body, error.data());
    curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(server.requires_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (server.user) curl_easy_setopt(curl, CURLOPT_USERNAME, server.user->c_str());
    if (server.password) curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password->c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers.get());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, whole.get());
    return perform(curl, body, error.data());
}

}  // namespace coredepot::net
