#pragma once

#include <string_view>

#include <elfutils/libdw.h>

namespace coredepot::decoder {

/// The section that names the other file.
constexpr std::string_view kAlternateLink = ".gnu_debugaltlink";

/// An ELF may say that a part of its debug information is in another file (`.gnu_debugaltlink`,
/// what `dwz -m` makes), and libdw opens whatever absolute path stands there: another model's ELF,
/// or a FIFO that nobody ever writes to. This gives `dwarf` an alternate without any contents, so
/// that libdw looks for none, and what is said to be there counts as missing. To be called before
/// `dwarf` is asked anything. `dwarf` may be null.
void follow_no_alternate(Dwarf* dwarf);

}  // namespace coredepot::decoder
