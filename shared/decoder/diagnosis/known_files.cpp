#include "decoder/diagnosis/known_files.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace coredepot::decoder {
namespace {

/// ESP-IDF's folders have the same names in the copies that come with PlatformIO and Arduino.
constexpr std::array kPaths = {
    KnownFiles{"/managed_components/", Part::Library, rules::kManaged},
    KnownFiles{"/.pio/libdeps/", Part::Library, rules::kThirdParty},
    KnownFiles{"/Arduino/libraries/", Part::Library, rules::kArduino},
    KnownFiles{"/framework-arduinoespressif32/", Part::Library, rules::kArduino},
    KnownFiles{"/arduino-esp32/", Part::Library, rules::kArduino},
    KnownFiles{"/cores/esp32/", Part::Library, rules::kArduino},
    KnownFiles{"/packages/esp32/hardware/", Part::Library, rules::kArduino},
    KnownFiles{"/rustc/", Part::System, rules::kRust},
    KnownFiles{"/rustlib/src/", Part::System, rules::kRust},
    KnownFiles{"/library/core/src/", Part::System, rules::kRust},
    KnownFiles{"/library/alloc/src/", Part::System, rules::kRust},
    KnownFiles{"/library/std/src/", Part::System, rules::kRust},
    KnownFiles{"/cargo/registry/", Part::Library, rules::kCrate},
    KnownFiles{"/cargo/git/", Part::Library, rules::kCrate},
    KnownFiles{"/.cargo/registry/", Part::Library, rules::kCrate},
    KnownFiles{"/.cargo/git/", Part::Library, rules::kCrate},
    KnownFiles{"/include/c++/", Part::System, rules::kCpp},
    KnownFiles{"/libstdc++-v3/", Part::System, rules::kCpp},
    KnownFiles{"/components/cxx/", Part::System, rules::kCpp},
    KnownFiles{"/libgcc/", Part::System, rules::kC},
    KnownFiles{"/newlib/", Part::System, rules::kC},
    KnownFiles{"/esp_libc/", Part::System, rules::kC},  // its name in ESP-IDF 6
    KnownFiles{"/picolibc/", Part::System, rules::kC},
    KnownFiles{"/freertos/", Part::System, rules::kFreeRtos},
    KnownFiles{"/components/heap/", Part::System, rules::kHeap, Means::Heap},
    KnownFiles{"/components/esp_system/", Part::System, rules::kPanic},
    KnownFiles{"/esp_system/panic.c", Part::System, rules::kPanic},
    KnownFiles{"/esp_system/port/", Part::System, rules::kPanic},
    KnownFiles{"/esp_system/esp_err", Part::System, rules::kPanic},
    KnownFiles{"/espcoredump/", Part::System, rules::kPanic},
    KnownFiles{"/components/riscv/", Part::System, rules::kInterrupt},
    KnownFiles{"/components/xtensa/", Part::System, rules::kInterrupt},
    KnownFiles{"/intr_alloc.c", Part::System, rules::kInterrupt},
    KnownFiles{"/components/pthread/", Part::System, rules::kStart},
    KnownFiles{"/components/esp_rom/", Part::System, rules::kRom},
    KnownFiles{"/mbedtls/", Part::Library, "mbedTLS"},
    KnownFiles{"/lwip/", Part::Library, "lwIP"},
    KnownFiles{"/lvgl/", Part::Library, "LVGL"},
    KnownFiles{"/lvgl__lvgl/", Part::Library, "LVGL"},
    KnownFiles{"/esp-idf/components/", Part::Library, rules::kIdf},
    KnownFiles{"/framework-espidf/components/", Part::Library, rules::kIdf},
    KnownFiles{"/idf/components/", Part::Library, rules::kIdf},
    KnownFiles{"/IDF/components/", Part::Library, rules::kIdf},
};

}  // namespace

const KnownFiles* find_files(std::string_view file) {
    const auto* first = kPaths.end();
    for (auto at = file.find('/'); at != std::string_view::npos; at = file.find('/', at + 1)) {
        const auto rest = file.substr(at);
        first = std::find_if(kPaths.begin(), first,
                             [&](const KnownFiles& one) { return rest.starts_with(one.part); });
    }
    return first == kPaths.end() ? nullptr : first;
}

std::string_view base_name(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace coredepot::decoder
