#pragma once

#include <functional>
#include <string>

#include "system/load.hpp"

/// Of all processes of ours by others.
namespace coredepot::test {

/// Does what replaces all processes.
void replace_all(const std::string& line);

/// Does what replaces all processes under load, and nobody notices.
void replace_all_unnoticed(const std::function<void()>& action,
                           Load::Spooling spooling = Load::Spooling::Never);
void replace_all_unnoticed(const std::string& line);

}  // namespace coredepot::test
