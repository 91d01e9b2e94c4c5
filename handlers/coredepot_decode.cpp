// coredepot-decode [OPTION]… DUMP… ELF: decodes core dumps on an engineer's desk. See
// docs/coredepot-decode.1.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
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
#include <vector>

#include <unistd.h>

#include "command_line.hpp"
#include "decoder/decode.hpp"
#include "decoder/dump/core_file.hpp"
#include "decoder/index/elf_shelf.hpp"
#include "decoder/limits/undecodable.hpp"
#include "decoder/output/memory_dump.hpp"
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
    "usage: coredepot-decode [OPTION]... DUMP... ELF\n"
    "\n"
    "Decodes core dumps of an ESP32, or what its panic handler printed, against the ELF of the\n"
    "application that crashed.\n"
    "\n"
    "  DUMP              raw flash image, core ELF, a serial log with the dump in base64, or with\n"
    "                    the text of a panic; - reads standard input\n"
    "  ELF               the application's ELF, of the very build that crashed\n"
    "  --chip CHIP       refuse dumps of other chips (esp32, esp32s3, esp32c3, ...)\n"
    "  --json            print JSON instead of text, for each of several dumps one line\n"
    "  --signature       print the signature only\n"
    "  --memory          print the memory that the dump holds, too\n"
    "  --skip-function NAME, --skip-prefix PREFIX\n"
    "                    pass over functions of that name, or whose names begin so, for the\n"
    "                    signature\n"
    "  --save-core FILE  write an ELF core file for gdb, too\n"
    "  -h, --help        print this summary\n"
    "  --version         print the version\n"
    "\n"
    "Exit status: 0 decoded, 1 not decodable, 2 wrong usage, or a file that cannot be read or\n"
    "written; of several dumps the worst.\n"};

struct Options {
    bool json = false;
    bool signature = false;
    bool memory = false;
    std::string chip;  ///< empty: any
    SignatureRules rules;
    std::string core_file;  ///< empty: do not write one
    std::vector<std::string> dumps;
    std::filesystem::path elf;

    bool several() const { return dumps.size() > 1; }
};

/// Refuses combinations of options that never work, whatever the files hold.
void check(const Options& options) {
    if (options.signature && (options.json || options.memory)) {
        throw UsageError("--signature prints nothing else: leave out --json and --memory");
    }
    if (options.several() && !options.core_file.empty()) {
        throw UsageError("--save-core takes one core dump");
    }
    if (std::ranges::count(options.dumps, "-") > 1) {
        throw UsageError("standard input can be read once");
    }
    if (!options.chip.empty() && decoder::find_chip(std::string_view(options.chip)) == nullptr) {
        throw UsageError("unknown chip " + options.chip);
    }
    if (const auto fault = fault_of(options.rules); !fault.empty()) {
        throw UsageError("the functions to pass over are wrong: " + fault);
    }
    if (!std::filesystem::is_regular_file(options.elf)) {
        throw UsageError("cannot read " + options.elf.string());
    }
}

/// Empty when it has printed the help or the version.
std::optional<Options> parse_arguments(int argc, char** argv) {
    Options options;
    auto files = read_command_line(
        kProgram, argc, argv,
        {{"json", options.json},
         {"signature", options.signature},
         {"memory", options.memory},
         {"save-core", "the name of a file", [&](const auto& name) { options.core_file = name; }},
         {"chip", "the name of a chip", [&](const auto& name) { options.chip = name; }},
         {"skip-function", "the name of a function",
          [&](const auto& name) { options.rules.skip.push_back(name); }},
         {"skip-prefix", "how names of functions begin",
          [&](const auto& prefix) { options.rules.prefixes.push_back(prefix); }}});
    if (!files) return std::nullopt;
    if (files->size() < 2) throw UsageError("a core dump and an ELF are needed");
    options.elf = files->back();
    files->pop_back();
    options.dumps = *std::move(files);
    check(options);
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

/// Writes all or nothing: under another name first, then renames.
void write_whole(const std::string& path, std::string_view content) {
    const auto temporary = path + ".part";
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(temporary, path, error);
    if (!file || error) {
        std::filesystem::remove(temporary, error);
        throw std::runtime_error("cannot write " + path);
    }
}

/// Colours on a terminal, unless the user wants none (https://no-color.org).
decoder::Ink ink_of_output() {
    const char* const no_color = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    const bool plain = (no_color != nullptr && *no_color != '\0') ||
                       (terminal != nullptr && std::string_view(terminal) == "dumb");
    return isatty(STDOUT_FILENO) == 1 && !plain ? decoder::Ink::ansi() : decoder::Ink();
}

std::string json_of(const Options& options, const std::string& path, const decoder::Report& report,
                    const decoder::CoreImage& image) {
    json::Writer writer;
    writer.begin_object();
    if (options.several()) writer.member("dump", path);
    decoder::write_members(writer, report);
    if (options.memory) decoder::write_memory(writer, report, image.memory.segments());
    writer.end_object();
    return writer.take() + '\n';
}

std::string text_of(const Options& options, const std::string& path, const decoder::Report& report,
                    const decoder::CoreImage& image) {
    auto text = options.several() ? "==> " + path + " <==\n" : std::string();
    text += decoder::to_text(report, ink_of_output());
    if (options.memory) text += decoder::memory_text(report, image.memory.segments());
    return options.several() ? text + '\n' : text;
}

/// The report of one core dump, ready to print.
std::string decoded(const Options& options, const std::string& path, decoder::ElfShelf& shelf) {
    const auto dump = read_all(path);
    const auto bytes = std::as_bytes(std::span(dump));
    const auto [report, image] =
        decoder::decode_with_image(bytes, shelf, options.elf, options.chip, options.rules);
    if (options.signature) {
        return report.crash.signature + (options.several() ? "  " + path : "") + '\n';
    }
    if (!options.core_file.empty()) write_whole(options.core_file, decoder::core_file(image));
    return options.json ? json_of(options, path, report, image)
                        : text_of(options, path, report, image);
}

/// Prints the reason in the place where the report would be.
void print_refusal(const Options& options, const std::string& path, std::string_view why) {
    if (!options.json || !options.several()) return;
    json::Writer writer;
    writer.begin_object().member("dump", path).member("error", why).end_object();
    std::cout << writer.take() << '\n';
}

/// Prints one core dump's report, or why there is none. Returns the exit status.
int decode_one(const Options& options, const std::string& path, decoder::ElfShelf& shelf) {
    const auto complain_of = [&](const std::exception& error, int status) {
        print_refusal(options, path, error.what());
        std::cerr << "coredepot-decode: " << (options.several() ? path + ": " : "") << error.what()
                  << '\n';
        return status;
    };
    try {
        std::cout << decoded(options, path, shelf);
        return kDecoded;
    } catch (const decoder::Undecodable& verdict) {
        return complain_of(verdict, kNotDecodable);
    } catch (const UsageError&) {
        if (!options.several()) throw;
        return complain_of(std::runtime_error("cannot be read"), kUsage);
    } catch (const std::exception& error) {
        return complain_of(error, kUsage);
    }
}

int decode_all(const Options& options) {
    decoder::ElfShelf shelf(options.several() ? decoder::kMaxShelfBytes : 0);
    int worst = kDecoded;
    for (const auto& path : options.dumps) {
        worst = std::max(worst, decode_one(options, path, shelf));
    }
    if (!std::cout.flush()) throw std::runtime_error("cannot write standard output");
    return worst;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto options = parse_arguments(argc, argv);
        if (options) return decode_all(*options);
        if (!std::cout.flush()) throw std::runtime_error("cannot write standard output");
        return kDecoded;
    } catch (const UsageError& error) {
        complain(kProgram, error);
        return kUsage;
    } catch (const std::exception& error) {
        std::cerr << "coredepot-decode: " << error.what() << '\n';
        return kUsage;
    }
}
