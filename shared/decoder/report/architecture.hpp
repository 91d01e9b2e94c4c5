#pragma once

namespace coredepot::decoder {

/// Of the CPU, by which registers and causes of exceptions are named.
enum class Architecture { Xtensa, RiscV };

}  // namespace coredepot::decoder
