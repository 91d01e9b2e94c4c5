// connection_part [--without] KEYWORD: reads a connection URI on standard input and prints that
// part of it, or everything else. Scripts use it to keep the password off their command lines.

#include <exception>
#include <iostream>
#include <iterator>
#include <string>

#include "command_line.hpp"
#include "connection_uri.hpp"

using namespace coredepot;

namespace {

constexpr Program kProgram{"connection_part",
                           "usage: connection_part [--without] KEYWORD <URI\n"
                           "\n"
                           "Prints what a connection URI says of a keyword of libpq's, such as "
                           "host; nothing when it says\n"
                           "nothing. With --without, all the rest of it, as keyword='value' ...\n"
                           "\n"
                           "Exit status: 0, or 2 when it is no connection URI.\n"};

constexpr int kFailed = 2;

void print(int argc, char** argv) {
    bool without = false;
    const auto keywords = read_command_line(kProgram, argc, argv, {{"without", without}});
    if (!keywords) return;
    if (keywords->size() != 1) throw UsageError("one keyword is needed");
    std::string uri(std::istreambuf_iterator<char>(std::cin), {});
    while (uri.ends_with('\n')) uri.pop_back();
    std::cout << (without ? connection_without(uri, keywords->front())
                          : connection_part(uri, keywords->front()).value_or(""))
              << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    try {
        print(argc, argv);
        return 0;
    } catch (const UsageError& error) {
        complain(kProgram, error);
    } catch (const std::exception& error) {
        std::cerr << "connection_part: " << error.what() << '\n';
    }
    return kFailed;
}
