// Names of objects, which come out of a store's list.

#include "domain/firmware_object.hpp"
#include "fuzz_input.hpp"
#include "objects/dump_keys.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    // What is read of a name makes that very name again: no two names are one object.
    if (const auto object = FirmwareObject::parse(input)) fuzz::require(object->key() == input);
    if (const auto dump = objects::keys::parse_coredump(input)) {
        fuzz::require(objects::keys::coredump(dump->device, dump->filename, dump->hash) == input);
    }
    return 0;
}
