#include "auth/session.hpp"

#include "json.hpp"

namespace coredepot::auth {
namespace {

using std::chrono::seconds;

constexpr std::string_view kSessionType = "session";

std::int64_t since_1970(Timestamp time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

/// The names are those of a JWT (RFC 7519, section 4.1).
std::string to_text(const Session& session, const std::string& issuer, bool with_id_token) {
    json::Writer writer;
    writer.begin_object().member("iss", issuer).member("iat", since_1970(session.began));
    writer.member("exp", since_1970(session.ends))
        .member("sub", session.person.subject)
        .member("name", session.person.name);
    writer.key("roles").begin_array();
    for (const auto& role : session.roles) writer.value(role);
    writer.end_array();
    if (with_id_token && session.id_token) writer.member("id_token", *session.id_token);
    writer.end_object();
    return writer.take();
}

}  // namespace

std::string Sessions::write(const Session& session) {
    auto cookie = seal_.close(kSessionType, to_text(session, issuer_, true));
    if (cookie.size() <= kMostCookieBytes) return cookie;
    return seal_.close(kSessionType, to_text(session, issuer_, false));
}

std::optional<Session> Sessions::read(std::string_view cookie) {
    const auto text = seal_.open(kSessionType, cookie);
    const auto object = text ? json::Object::parse(*text) : std::nullopt;
    if (!object || object->string("iss") != issuer_) return std::nullopt;
    const auto began = object->integer("iat");
    const auto ends = object->integer("exp");
    const auto roles = object->strings("roles");
    if (!began || !ends || !roles) return std::nullopt;
    Session session{{object->string("sub"), object->string("name")},
                    {roles->begin(), roles->end()},
                    Timestamp(seconds(*began)),
                    Timestamp(seconds(*ends)),
                    object->string("id_token")};
    if (clock_() >= session.ends) return std::nullopt;
    return session;
}

}  // namespace coredepot::auth
