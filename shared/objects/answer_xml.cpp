#include "objects/answer_xml.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <expat.h>

#include "text/ascii.hpp"
#include "text/integers.hpp"

namespace coredepot::objects {
namespace {

constexpr std::size_t kMostDepth = 8;
constexpr std::size_t kMostText = 8192;  ///< of one element; a key has at most 1,024 bytes
constexpr std::size_t kMostCode = 64;

struct Free {
    void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

/// Calls `on_end` at the end of each element, with its path, such as `/ListBucketResult/Contents`,
/// and the text directly inside it.
class Reader {
  public:
    virtual ~Reader() = default;

    bool read(std::string_view xml) {
        const std::unique_ptr<XML_ParserStruct, Free> parser(XML_ParserCreate("UTF-8"));
        if (!parser) throw std::bad_alloc();
        parser_ = parser.get();
        XML_SetUserData(parser_, this);
        XML_SetElementHandler(parser_, start, end);
        XML_SetCharacterDataHandler(parser_, characters);
        // No S3 server declares a document type. A declaration could ask us to expand entities.
        XML_SetStartDoctypeDeclHandler(parser_,
                                       [](void* data, const char*, const char*, const char*, int) {
                                           static_cast<Reader*>(data)->give_up();
                                       });
        const auto status =
            XML_Parse(parser_, xml.data(), static_cast<int>(xml.size()), /*isFinal=*/1);
        parser_ = nullptr;
        return status == XML_STATUS_OK && is_good_;
    }

  protected:
    virtual void on_end(std::string_view path, const std::string& text) = 0;

    void give_up() {
        is_good_ = false;
        XML_StopParser(parser_, XML_FALSE);
    }

  private:
    static void start(void* data, const char* name, const char** /*attributes*/) {
        auto& self = *static_cast<Reader*>(data);
        if (self.lengths_.size() == kMostDepth) return self.give_up();
        self.lengths_.push_back(self.path_.size());
        self.path_.append("/").append(name);
        self.text_.clear();
    }

    static void end(void* data, const char* /*name*/) {
        auto& self = *static_cast<Reader*>(data);
        self.on_end(self.path_, self.text_);
        self.text_.clear();
        self.path_.resize(self.lengths_.back());
        self.lengths_.pop_back();
    }

    static void characters(void* data, const char* text, int length) {
        auto& self = *static_cast<Reader*>(data);
        self.text_.append(text, static_cast<std::size_t>(length));
        if (self.text_.size() > kMostText) self.give_up();
    }

    XML_Parser parser_ = nullptr;
    bool is_good_ = true;
    std::string path_;
    std::vector<std::size_t> lengths_;  ///< the length of path_ before each open element
    std::string text_;
};

/// Decodes what `encoding-type=url` asks for: form encoding, with `+` for a space. Empty when
/// malformed.
std::optional<std::string> decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

class ListReader : public Reader {
  public:
    std::optional<Listing> result() {
        if (!has_end_ || !is_whole_) return std::nullopt;
        if (is_encoded_) {
            for (auto& object : listing_.objects) {
                auto key = decoded(object.key);
                if (!key) return std::nullopt;
                object.key = std::move(*key);
            }
        }
        return std::move(listing_);
    }

  protected:
    void on_end(std::string_view path, const std::string& text) override {
        constexpr std::string_view kRoot = "/ListBucketResult";
        if (!path.starts_with(kRoot)) return;
        const auto below = path.substr(kRoot.size());
        if (below == "/IsTruncated") {
            listing_.is_truncated = text == "true";
            has_end_ = text == "true" || text == "false";
        } else if (below == "/EncodingType") {
            is_encoded_ = text == "url";
        } else if (below == "/Contents/Key") {
            key_ = text;
        } else if (below == "/Contents/Size") {
            size_ = parse_integer(text);
        } else if (below == "/Contents/LastModified") {
            last_modified_ = from_iso8601(text);
        } else if (below == "/Contents") {
            take_object();
        }
    }

  private:
    void take_object() {
        if (!key_ || key_->empty() || !size_ || *size_ < 0 || !last_modified_) {
            is_whole_ = false;
            return;
        }
        listing_.objects.push_back(
            {std::move(*key_), static_cast<std::uint64_t>(*size_), *last_modified_});
        key_.reset();
        size_.reset();
        last_modified_.reset();
    }

    Listing listing_;
    bool is_whole_ = true;
    bool has_end_ = false;  ///< the list said whether it is truncated
    bool is_encoded_ = false;
    std::optional<std::string> key_;
    std::optional<std::int64_t> size_;
    std::optional<Timestamp> last_modified_;
};

class ErrorReader : public Reader {
  public:
    std::string code;

  protected:
    void on_end(std::string_view path, const std::string& text) override {
        if (path == "/Error/Code") code = text;
    }
};

}  // namespace

std::optional<Listing> parse_listing(std::string_view xml) {
    ListReader reader;
    if (!reader.read(xml)) return std::nullopt;
    return reader.result();
}

std::string parse_error_code(std::string_view xml) {
    ErrorReader reader;
    if (!reader.read(xml) || reader.code.size() > kMostCode ||
        !std::ranges::all_of(reader.code, is_letter_or_digit)) {
        return "";
    }
    return reader.code;
}

}  // namespace coredepot::objects
