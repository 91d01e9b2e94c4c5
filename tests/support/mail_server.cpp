#include "support/mail_server.hpp"

#include <stdexcept>

#include "support/command.hpp"
#include "support/stack.hpp"

namespace coredepot::test {
namespace {

// Debian's, whatever else is in PATH.
constexpr const char* kPython = "/usr/bin/python3";

}  // namespace

MailServer::MailServer()
    : port_(free_port()),
      server_({kPython, "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:" + std::to_string(port_), "-c",
               "aiosmtpd.handlers.Mailbox", folder_.path() / "mail"},
              folder_.path() / "log") {
    const bool answers = eventually([&] {
        constexpr const char* kAsk =
            "import smtplib, sys; smtplib.SMTP('127.0.0.1', int(sys.argv[1])).quit()";
        return run_command({kPython, "-c", kAsk, std::to_string(port_)}).status == 0;
    });
    if (!answers) throw std::runtime_error("no mail server: " + read_bytes(folder_.path() / "log"));
}

std::string MailServer::read() const {
    constexpr const char* kRead = R"(
import email, email.policy, mailbox, sys
mails = list(mailbox.Maildir(sys.argv[1]))
print("mails:", len(mails))
for mail in mails:
    mail = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    for name in ("From", "To", "Subject", "Bcc", "X-RcptTo", "Message-ID", "Date", "Auto-Submitted", "References"):
        print(f"{name}: {mail[name]}")
    print("defects:", mail.defects)
    for part in mail.walk():
        print(f"part: {part.get_content_type()}")
        if not part.is_multipart():
            print(part.get_content())
)";
    return run_command({kPython, "-c", kRead, folder_.path() / "mail"}).output;
}

}  // namespace coredepot::test
