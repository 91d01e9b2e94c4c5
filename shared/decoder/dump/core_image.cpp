#include "decoder/dump/core_image.hpp"

#include "decoder/dump/bin_core.hpp"
#include "decoder/dump/elf_core.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {

CoreImage read_core_image(const Container& container) {
    CoreImage image = container.payload == Container::Payload::Elf ? read_elf_core(container)
                                                                   : read_bin_core(container);
    if (image.tasks.empty()) {
        throw Undecodable{"the core dump holds no task"};
    }
    return image;
}

}  // namespace coredepot::decoder
