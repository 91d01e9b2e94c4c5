#include "decoder/core_image.hpp"

#include "decoder/bin_core.hpp"
#include "decoder/elf_core.hpp"
#include "decoder/undecodable.hpp"

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
