// coredepot-decode [--json] [--chip CHIP] DUMP ELF: the decoder for an engineer with a core dump on
// the desk. See docs/coredepot-decode.1.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "command_line.hpp"
#include "decoder/decode.hpp"
#include "decoder/limits/undecodable.hpp"
#include "decoder/output/report_json.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/target/chip.hpp"

using namespace coredepot;

namespace {

constexpr int kDecoded = 0;
constexpr int kNotDecodable = 1;
constexpr int kUsage = 2;

constexpr Program kProgram{
    "coredepot-decode",
    "usage: coredepot-decode [--json] [--chip CHIP] DUMP ELF\n"
    "\n"
    "Decodes an ESP32 core dump against the ELF of the application that made it.\n"
    "\n"
    "  DUMP         raw flash image, core ELF, or a serial log with the dump in base64;\n"
    "               - reads standard input\n"
    "  ELF          the application's ELF, of the very build that crashed\n"
    "  --chip CHIP  refuse dumps of other chips (esp32, esp32s3, esp32c3, ...)\n"
    "  --json       print JSON instead of text\n"
    "  -h, --help   print this summary\n"
    "  --version    print the version\n"
    "\n"
    "Exit status: 0 decoded, 1 not decodable, 2 wrong usage, or a file that cannot be read or\n"
    "written.\n"};

struct Options {
    bool json = false;
    std::string chip;  ///< empty: any
    std::string dump;
    std::filesystem::path elf;
};

/// Empty: the user asked for help or the version, which has been printed.
std::optional<Options> parse_arguments(int argc, char** argv) {
    Options options;
    const auto files = read_command_line(
        kProgram, argc, argv,
        {{"json", options.json},
         {"chip", "the name of a chip", [&](const auto& name) { options.chip = name; }}});
    if (!files) return std::nullopt;
    if (files->size() != 2) throw UsageError("a core dump and an ELF are needed");
    if (!options.chip.empty() && decoder::find_chip(std::string_view(options.chip)) == nullptr) {
        throw UsageError("unknown chip " + options.chip);
    }
    options.dump = files->front();
    options.elf = files->back();
    if (!std::filesystem::is_regular_file(options.elf)) {
        throw UsageError("cannot read " + options.elf.string());
    }
    return options;
}

std::string read_all(const std::string& path) {
    if (std::filesystem::is_directory(path)) throw UsageError("cannot read " + path);
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    std::string content(std::istreambuf_iterator<char>(in), {});
    if (!in) throw UsageError("cannot read " + path);
    return content;
}

std::string decoded(const Options& options) {
    const auto dump = read_all(options.dump);
    const auto report = decoder::decode(std::as_bytes(std::span(dump)), options.elf, options.chip);
    if (!options.json) return decoder::to_text(report);
    json::Writer writer;
    writer.begin_object();
    decoder::write_members(writer, report);
    writer.end_object();
    return writer.take() + '\n';
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (const auto options = parse_arguments(argc, argv)) std::cout << decoded(*options);
        if (!std::cout.flush()) throw std::runtime_error("cannot write standard output");
        return kDecoded;
    } catch (const decoder::Undecodable& verdict) {
        std::cerr << "coredepot-decode: " << verdict.what() << '\n';
        return kNotDecodable;
    } catch (const UsageError& error) {
        complain(kProgram, error);
        return kUsage;
    } catch (const std::exception& error) {
        std::cerr << "coredepot-decode: " << error.what() << '\n';
        return kUsage;
    }
}
