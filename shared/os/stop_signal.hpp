#pragma once

/// For programs that work through a queue: SIGTERM and SIGINT ask them to end. The signal is noted,
/// and it interrupts waiting. Handlers of requests leave that to http/fcgi.
namespace coredepot::os {

/// Starts noting the signals. Call it once in a process.
void note_stop_signals();
bool stop_requested();

}  // namespace coredepot::os
