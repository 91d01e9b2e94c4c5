#include "support/stack_environment.hpp"

#include <iostream>
#include <memory>

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/exchange_log.hpp"

namespace coredepot::test {
namespace {

using Logs = std::map<std::string, std::string>;

struct Program {
    std::function<Settings()> settings;
    std::optional<TemporaryFolder> folder;
    std::unique_ptr<Stack> stack;
    std::map<int, std::string> handlers;

    void start(const Settings& with) {
        stack = std::make_unique<Stack>(folder->path(), with);
        // Ready means that one of each answers.
        EXPECT_TRUE(eventually([&] { return stack->has_all_handlers(); }));
        handlers = stack->handlers();
        keep_exchanges(exchanges(), stack->url());
    }
    std::filesystem::path exchanges() const { return folder->path() / "exchanges.jsonl"; }
};

Program& program() {
    static Program only;
    return only;
}

/// What came since `before`; the end of it when that is long.
void print_news(const Logs& before, const Logs& after) {
    constexpr std::size_t kMost = 3000;
    for (const auto& [name, text] : after) {
        const auto old = before.find(name);
        // A log that became shorter is one of another run.
        const auto known = old != before.end() && text.starts_with(old->second);
        const auto start = known ? old->second.size() : 0;
        if (start == text.size()) continue;
        const auto shown = std::max(start, text.size() - std::min(text.size(), kMost));
        std::cout << "--- " << name << ":\n" << text.substr(shown) << std::flush;
    }
}

class PrintLogsOfFailures : public testing::EmptyTestEventListener {
  public:
    void OnTestStart(const testing::TestInfo& /*test*/) override { before_ = logs(); }
    void OnTestEnd(const testing::TestInfo& test) override {
        if (test.result()->Failed()) print_news(before_, logs());
    }

  private:
    static Logs logs() { return program().stack ? program().stack->logs() : Logs(); }
    Logs before_;
};

void expect_quiet(const Logs& logs) {
    for (const auto& [name, text] : logs) {
        for (const auto* bad : {"internal error", "Sanitizer", "runtime error:", "cannot run"}) {
            const auto at = text.find(bad);
            if (at == std::string::npos) continue;
            ADD_FAILURE() << name << " says: " << text.substr(text.rfind('\n', at) + 1, 4000);
        }
    }
}

/// Whatever was answered is as docs/openapi.yaml says.
void expect_described(const Program& program) {
    const std::string source = COREDEPOT_SOURCE_DIR;
    const auto checked = run_command({source + "/tests/stack/openapi/check",
                                      source + "/docs/openapi.yaml", program.exchanges()});
    EXPECT_EQ(checked.status, 0) << checked.output;
}

void expect_unharmed(const Program& program) {
    EXPECT_EQ(program.stack->handlers(), program.handlers) << "a handler died";
    EXPECT_EQ(program.stack->client().get("/health").status, 200);
}

class StackEnvironment : public testing::Environment {
  public:
    void SetUp() override {
        program().folder.emplace();
        try {
            program().start(program().settings());
        } catch (const StackFailed& failed) {
            FAIL() << "no stack: " << failed.what();
        }
    }
    void TearDown() override {
        if (program().stack) {
            expect_unharmed(program());
            expect_described(program());
            program().stack->stop();
            expect_quiet(program().stack->logs());
        }
        program().stack.reset();
        program().folder.reset();
    }
};

}  // namespace

bool use_stack(std::function<Settings()> settings) {
    program().settings = std::move(settings);
    testing::AddGlobalTestEnvironment(new StackEnvironment);
    testing::UnitTest::GetInstance()->listeners().Append(new PrintLogsOfFailures);
    return true;
}

Stack& stack() {
    if (!program().stack) throw std::runtime_error("this program has no stack");
    return *program().stack;
}

void restart_stack(const Settings& settings) {
    program().stack.reset();
    program().start(settings);
}

void accept_new_handlers() {
    program().handlers = stack().handlers();
}

}  // namespace coredepot::test
