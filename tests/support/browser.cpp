#include "support/browser.hpp"

#include <stdexcept>

#include "text/ascii.hpp"

namespace coredepot::test {
namespace {

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

}  // namespace

HttpResponse Browser::get(const std::string& target, const HttpClient::Headers& headers) {
    return exchange({"GET", target, std::nullopt, headers});
}

HttpResponse Browser::send(const std::string& method, const std::string& target,
                           const std::string& body, const HttpClient::Headers& headers) {
    return exchange({method, target, body, headers});
}

HttpResponse Browser::exchange(HttpRequest request) {
    std::string header;
    for (const auto& [name, value] : cookies_) {
        header += (header.empty() ? "Cookie: " : "; ") + name + '=' + value;
    }
    if (!header.empty()) request.headers.push_back(header);
    auto response = HttpClient(site_).send(request);
    for (const auto& line : response.all("set-cookie")) {
        const auto equals = line.find('=');
        const auto name = line.substr(0, equals);
        cookies_[name] = line.substr(equals + 1, line.find(';') - equals - 1);
        if (line.find("Max-Age=0") != std::string::npos) cookies_.erase(name);
    }
    return response;
}

std::string& Browser::cookie(const std::string& prefix) {
    std::string* found = nullptr;
    for (auto& [name, value] : cookies_) {
        if (!name.starts_with(prefix)) continue;
        if (found != nullptr) throw std::runtime_error("several cookies begin with " + prefix);
        found = &value;
    }
    if (found == nullptr) throw std::runtime_error("no cookie begins with " + prefix);
    return *found;
}

std::map<std::string, std::string> query_of(const std::string& url) {
    std::map<std::string, std::string> parameters;
    auto rest = std::string_view(url).substr(std::min(url.find('?') + 1, url.size()));
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        parameters[std::string(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    }
    return parameters;
}

std::string target_of(const std::string& url) {
    const auto host = url.find("://");
    if (host == std::string::npos) return url;
    return url.substr(url.find('/', host + 3));
}

}  // namespace coredepot::test
