#pragma once

namespace coredepot::decoder {

/// The CPU's architecture, which decides the names of registers and exceptions.
enum class Architecture { Xtensa, RiscV };

}  // namespace coredepot::decoder
