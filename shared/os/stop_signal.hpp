#pragma once

/// How a program that works by itself is asked to end: by SIGTERM or SIGINT, which are noted and
/// interrupt what waits. Handlers of requests leave that to http/fcgi.
namespace coredepot::os {

/// From now on; once in a process.
void note_stop_signals();
bool stop_requested();

}  // namespace coredepot::os
