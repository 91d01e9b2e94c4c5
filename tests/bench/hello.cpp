// The least that a FastCGI process behind nginx can do: the limit for every handler. With a
// database's URL it asks that for a row each time, which is the least for every handler that reads
// one.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <fcgiapp.h>
#include <libpq-fe.h>

namespace {

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// A row by its primary key, by a prepared statement: one round trip.
class Query {
  public:
    explicit Query(const char* url) : connection_(PQconnectdb(url)) {
        require(Result(PQprepare(connection_.get(), kName,
                                 "SELECT key FROM devices WHERE id = $1::bigint", 1, nullptr)),
                PGRES_COMMAND_OK);
    }

    void ask() {
        const char* const id = "1";
        require(Result(PQexecPrepared(connection_.get(), kName, 1, &id, nullptr, nullptr, 0)),
                PGRES_TUPLES_OK);
    }

  private:
    void require(const Result& result, ExecStatusType status) const {
        if (PQresultStatus(result.get()) == status) return;
        std::fprintf(stderr, "hello: %s\n", PQerrorMessage(connection_.get()));
        std::exit(1);
    }

    static constexpr const char* kName = "one";
    std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace

int main(int argc, char** argv) {
    // As long as the headers and the body of a small answer.
    constexpr std::string_view kAnswer =
        "Content-Type: application/json\r\n"
        "Content-Length: 18\r\n"
        "\r\n"
        "{\"hello\": \"world\"}";
    const auto query = argc > 1 ? std::make_unique<Query>(argv[1]) : nullptr;
    FCGX_Init();
    FCGX_Request request;
    FCGX_InitRequest(&request, 0, 0);  // fd 0 is the listening socket, from spawn-fcgi
    while (FCGX_Accept_r(&request) == 0) {
        if (query) query->ask();
        FCGX_PutStr(kAnswer.data(), static_cast<int>(kAnswer.size()), request.out);
        FCGX_Finish_r(&request);
    }
    return 0;
}
