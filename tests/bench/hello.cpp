// The least that a FastCGI process behind nginx can do: the limit for every handler.

#include <string_view>

#include <fcgiapp.h>

int main() {
    // As long as the headers and the body of a small answer.
    constexpr std::string_view kAnswer =
        "Content-Type: application/json\r\n"
        "Content-Length: 18\r\n"
        "\r\n"
        "{\"hello\": \"world\"}";
    FCGX_Init();
    FCGX_Request request;
    FCGX_InitRequest(&request, 0, 0);  // fd 0 is the listening socket, from spawn-fcgi
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutStr(kAnswer.data(), static_cast<int>(kAnswer.size()), request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
