#pragma once

#include <string_view>

#include <elfutils/libdw.h>

namespace coredepot::decoder {

/// The section that names the other file.
constexpr std::string_view kAlternateLink = ".gnu_debugaltlink";

/// An ELF may say that part of its debug information is in another file (`.gnu_debugaltlink`, made
/// by `dwz -m`). libdw then opens any absolute path that stands there: another model's ELF, or a
/// FIFO that nobody ever writes to. This gives `dwarf` an empty alternate file, so that libdw looks
/// for none, and everything in it counts as missing. Call it before you use `dwarf`. `dwarf` may be
/// null.
void follow_no_alternate(Dwarf* dwarf);

}  // namespace coredepot::decoder
