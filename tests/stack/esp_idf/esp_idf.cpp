// ESP-IDF's functions over plain sockets and memory. esp_http_client is as strict as the real one
// where it matters: headers of a request longer than buffer_size_tx are not sent.

#include "esp_idf.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <zlib.h>

#include "esp_core_dump.h"
#include "esp_crt_bundle.h"
#include "esp_http_client.h"
#include "esp_ota_ops.h"
#include "esp_partition.h"
#include "esp_rom_crc.h"
#include "os/descriptor.hpp"

namespace coredepot::test {

EspDevice& esp_device() {
    static EspDevice device;
    return device;
}

}  // namespace coredepot::test

using coredepot::os::Descriptor;
using coredepot::test::esp_device;

namespace {

constexpr std::size_t kCoreDumpAddress = 0x310000;
// The dump does not begin where its partition does, so that nobody takes the one for the other.
constexpr std::size_t kCoreDumpOffset = 0x20;
constexpr esp_partition_t kCoreDumpPartition = {
    ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_COREDUMP, kCoreDumpAddress, 0x120000};
constexpr esp_partition_t kOtaPartition = {ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_0,
                                           0x10000, 0x300000};
constexpr esp_ota_handle_t kOtaHandle = 1;

}  // namespace

const char* esp_err_to_name(esp_err_t code) {
    static std::string name;
    name = std::to_string(code);
    return name.c_str();
}

uint32_t esp_rom_crc32_le(uint32_t crc, const uint8_t* bytes, uint32_t length) {
    return static_cast<uint32_t>(crc32(crc, bytes, length));
}

esp_err_t esp_crt_bundle_attach(void* /*configuration*/) {
    return ESP_OK;
}

const esp_partition_t* esp_partition_find_first(esp_partition_type_t type,
                                                esp_partition_subtype_t subtype,
                                                const char* /*label*/) {
    const bool found = type == kCoreDumpPartition.type && subtype == kCoreDumpPartition.subtype;
    return found ? &kCoreDumpPartition : nullptr;
}

esp_err_t esp_partition_read(const esp_partition_t* partition, size_t offset, void* to,
                             size_t size) {
    const auto& dump = esp_device().core_dump;
    if (partition != &kCoreDumpPartition || offset < kCoreDumpOffset ||
        offset - kCoreDumpOffset + size > dump.size()) {
        return ESP_ERR_INVALID_SIZE;
    }
    std::memcpy(to, dump.data() + (offset - kCoreDumpOffset), size);
    return ESP_OK;
}

esp_err_t esp_core_dump_image_get(size_t* out_addr, size_t* out_size) {
    if (esp_device().core_dump.empty()) return ESP_ERR_NOT_FOUND;
    *out_addr = kCoreDumpAddress + kCoreDumpOffset;
    *out_size = esp_device().core_dump.size();
    return ESP_OK;
}

esp_err_t esp_core_dump_image_erase() {
    esp_device().core_dump.clear();
    ++esp_device().erased;
    return ESP_OK;
}

const esp_partition_t* esp_ota_get_next_update_partition(const esp_partition_t* /*from*/) {
    return &kOtaPartition;
}

esp_err_t esp_ota_begin(const esp_partition_t* /*partition*/, size_t /*image_size*/,
                        esp_ota_handle_t* out_handle) {
    esp_device().written.clear();
    *out_handle = kOtaHandle;
    return ESP_OK;
}

esp_err_t esp_ota_write(esp_ota_handle_t handle, const void* data, size_t size) {
    if (handle != kOtaHandle) return ESP_ERR_INVALID_STATE;
    esp_device().written.append(static_cast<const char*>(data), size);
    return ESP_OK;
}

esp_err_t esp_ota_end(esp_ota_handle_t handle) {
    return handle == kOtaHandle ? ESP_OK : ESP_ERR_INVALID_STATE;
}

esp_err_t esp_ota_abort(esp_ota_handle_t /*handle*/) {
    esp_device().written.clear();
    return ESP_OK;
}

esp_err_t esp_ota_set_boot_partition(const esp_partition_t* /*partition*/) {
    esp_device().booted = esp_device().written;
    return ESP_OK;
}

struct esp_http_client {
    esp_http_client_config_t config{};
    std::string host;  // and port
    int port = 0;
    std::string target;
    esp_http_client_method_t method = HTTP_METHOD_GET;
    std::vector<std::pair<std::string, std::string>> headers;

    Descriptor socket;
    int status = 0;
    std::size_t body_length = 0;
    std::size_t body_read = 0;
    std::string buffer;  // what came behind the headers

    /// False when the connection broke.
    bool receive() {
        std::string piece(4096, '\0');
        const auto got = recv(socket.get(), piece.data(), piece.size(), 0);
        if (got <= 0) return false;
        buffer.append(piece, 0, static_cast<std::size_t>(got));
        return true;
    }
    void tell(std::string key, std::string value) {
        esp_http_client_event_t event{HTTP_EVENT_ON_HEADER, this, config.user_data, key.data(),
                                      value.data()};
        if (config.event_handler != nullptr) config.event_handler(&event);
    }
};

esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t* config) {
    constexpr std::string_view kScheme = "http://127.0.0.1:";
    const std::string_view url(config->url);
    if (!url.starts_with(kScheme)) return nullptr;
    const auto path = url.find('/', kScheme.size());
    auto* client = new esp_http_client;
    client->config = *config;
    client->host = url.substr(7, path - 7);
    client->port = std::stoi(std::string(url.substr(kScheme.size(), path - kScheme.size())));
    client->target = url.substr(path);
    return client;
}

esp_err_t esp_http_client_set_method(esp_http_client_handle_t client,
                                     esp_http_client_method_t method) {
    client->method = method;
    return ESP_OK;
}

esp_err_t esp_http_client_set_header(esp_http_client_handle_t client, const char* key,
                                     const char* value) {
    client->headers.emplace_back(key, value);
    return ESP_OK;
}

esp_err_t esp_http_client_open(esp_http_client_handle_t client, int write_len) {
    std::string head = client->method == HTTP_METHOD_POST ? "POST " : "GET ";
    head += client->target + " HTTP/1.1\r\nHost: " + client->host + "\r\nUser-Agent: ESP32\r\n";
    for (const auto& [key, value] : client->headers) head += key + ": " + value + "\r\n";
    if (client->method == HTTP_METHOD_POST) {
        head += "Content-Length: " + std::to_string(write_len) + "\r\n";
    }
    head += "\r\n";
    if (head.size() > static_cast<std::size_t>(client->config.buffer_size_tx)) return ESP_FAIL;

    client->socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(client->port));
    if (connect(client->socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        return ESP_ERR_HTTP_CONNECT;
    }
    const int sent = esp_http_client_write(client, head.data(), static_cast<int>(head.size()));
    return sent == static_cast<int>(head.size()) ? ESP_OK : ESP_ERR_HTTP_WRITE_DATA;
}

int esp_http_client_write(esp_http_client_handle_t client, const char* buffer, int length) {
    return static_cast<int>(
        send(client->socket.get(), buffer, static_cast<std::size_t>(length), MSG_NOSIGNAL));
}

int64_t esp_http_client_fetch_headers(esp_http_client_handle_t client) {
    constexpr std::string_view kEnd = "\r\n\r\n";
    auto end = std::string::npos;
    while ((end = client->buffer.find(kEnd)) == std::string::npos) {
        if (!client->receive()) return ESP_FAIL;
    }
    if (std::exchange(esp_device().loses_next_answer, false)) return ESP_FAIL;
    const auto head = client->buffer.substr(0, end + 2);
    client->buffer.erase(0, end + kEnd.size());
    client->status = std::stoi(head.substr(head.find(' ') + 1, 3));
    for (auto at = head.find("\r\n") + 2; at < head.size(); at = head.find("\r\n", at) + 2) {
        const auto line = head.substr(at, head.find("\r\n", at) - at);
        const auto colon = line.find(": ");
        auto key = line.substr(0, colon);
        client->tell(key, line.substr(colon + 2));
        std::ranges::transform(key, key.begin(), [](unsigned char c) { return std::tolower(c); });
        if (key == "content-length") client->body_length = std::stoul(line.substr(colon + 2));
    }
    return static_cast<int64_t>(client->body_length);
}

int esp_http_client_get_status_code(esp_http_client_handle_t client) {
    return client->status;
}

int esp_http_client_read(esp_http_client_handle_t client, char* buffer, int length) {
    const auto missing = client->body_length - client->body_read;
    auto wanted = std::min(missing, static_cast<std::size_t>(length));
    if (auto& breaks = esp_device().next_body_breaks_after) {
        if (client->body_read >= *breaks) {
            breaks.reset();
            if (esp_device().on_break) esp_device().on_break();
            return ESP_FAIL;
        }
        wanted = std::min(wanted, *breaks - client->body_read);
    }
    if (wanted == 0) return 0;
    if (client->buffer.empty() && !client->receive()) return ESP_FAIL;
    wanted = std::min(wanted, client->buffer.size());
    std::memcpy(buffer, client->buffer.data(), wanted);
    client->buffer.erase(0, wanted);
    client->body_read += wanted;
    return static_cast<int>(wanted);
}

int esp_http_client_read_response(esp_http_client_handle_t client, char* buffer, int length) {
    int total = 0;
    int got = 0;
    while (total < length &&
           (got = esp_http_client_read(client, buffer + total, length - total)) > 0) {
        total += got;
    }
    return total;
}

bool esp_http_client_is_complete_data_received(esp_http_client_handle_t client) {
    return client->body_read == client->body_length;
}

esp_err_t esp_http_client_close(esp_http_client_handle_t client) {
    client->socket = Descriptor();
    return ESP_OK;
}

esp_err_t esp_http_client_cleanup(esp_http_client_handle_t client) {
    delete client;
    return ESP_OK;
}
