// JSON from outside: request bodies, version.json, the sidecar's answers.

#include "fuzz_input.hpp"
#include "json.hpp"
#include "text/utf8.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    if (const auto object = json::Object::parse(input)) {
        fuzz::require(is_utf8(input));
        for (const auto* name : {"a", "output", "git_commit", ""}) {
            const auto text = object->string(name);
            fuzz::require(!text || object->has(name));
            fuzz::require(!object->integer(name) || !text);
            fuzz::require(!object->is_null(name) || object->has(name));
        }
        // What goes to the database is JSON again.
        if (const auto stored = object->jsonb_without({"output"})) {
            const auto again = json::Object::parse(*stored);
            fuzz::require(again && !again->has("output"));
        }
        if (const auto stored = object->jsonb_of({"a"})) {
            const auto again = json::Object::parse(*stored);
            fuzz::require(again && again->has("a") == object->has("a"));
        }
    }
    // Whatever text is written, it is read as the same text, but for what is no text.
    json::Writer writer;
    writer.begin_object().member("a", input).end_object();
    const auto written = json::Object::parse(writer.take());
    fuzz::require(written && written->string("a") == to_utf8(input));
    return 0;
}
