#pragma once

#include <string>
#include <string_view>

namespace coredepot::db {

/// An array in PostgreSQL's notation, as a `text[]` parameter.
class TextArray {
  public:
    TextArray() = default;
    /// From names, that is, from anything with `str()`.
    template <class Names>
    explicit TextArray(const Names& names) {
        for (const auto& name : names) add(name.str());
    }

    void add(std::string_view element) {
        if (text_.size() > 1) text_ += ',';
        text_ += '"';
        for (const char character : element) {
            if (character == '"' || character == '\\') text_ += '\\';
            text_ += character;
        }
        text_ += '"';
    }

    std::string str() const { return text_ + '}'; }

  private:
    std::string text_ = "{";
};

}  // namespace coredepot::db
