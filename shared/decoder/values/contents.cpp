#include "decoder/values/contents.hpp"

namespace coredepot::decoder {

std::string gap_text(Gap gap) {
    switch (gap) {
        case Gap::Synthetic:
            return "<synthetic pointer>";
        case Gap::Unreadable:
            return "<unreadable>";
        case Gap::Unsupported:
            return "<unknown>";
        default:
            return "<optimized out>";
    }
}

}  // namespace coredepot::decoder
