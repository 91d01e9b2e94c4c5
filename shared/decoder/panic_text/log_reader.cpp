#include "decoder/panic_text/log_reader.hpp"

#include "decoder/bytes/printable.hpp"
#include "decoder/limits/undecodable.hpp"
#include "decoder/panic_text/words.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kMaxRemarks = 8;
constexpr std::size_t kMaxReason = 2048;
/// The task watchdog's list as a sentence.
std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

/// The part of a panic that comes before its first line is at most this many non-empty lines away.
constexpr std::size_t kRemarkReach = 12;

}  // namespace

void LogReader::read(std::string_view line) {
    if (trimmed(line).empty()) {
        return;
    }
    ++line_number_;
    read_hash(line);
    if (read_boot(line) || read_rust(line) || read_core(line) || read_words(line)) {
        return;
    }
    if (open_ && is_of_task_watchdog(open_->reason)) {
        read_watchdog(line);
    }
}

/// Reads what a device prints when it starts.
bool LogReader::read_boot(std::string_view line) {
    if (const auto chip = chip_in(line); !chip.empty()) {
        chip_ = chip;
    }
    if (const auto revision = chip_revision_in(line)) {
        revision_ = revision;
    }
    const auto reset = reset_in(line);
    if (!reset.empty()) {
        reset_ = printable(reset);
    } else if (!ends_panic(line)) {
        return false;
    }
    close();
    return true;
}

/// Each panic prints its own. If that is cut off, the one from the last start will do.
void LogReader::read_hash(std::string_view line) {
    const auto text = part_between(line, "ELF file SHA256:", "");
    if (!text) {
        return;
    }
    const auto digits = trimmed(*text);
    const auto* const end = std::ranges::find_if_not(digits, is_hex_digit);
    auto hash = ascii_lower(std::string_view(digits.begin(), end));
    if (!open_) {
        boot_hash_ = std::move(hash);
    } else if (open_->elf_sha256_prefix.empty() || has_body()) {
        open_->elf_sha256_prefix = std::move(hash);
    }
}

bool LogReader::read_words(std::string_view line) {
    if (const auto bounds = open_ ? stack_bounds_in(line) : std::nullopt) {
        open_->stack_bounds = bounds;
        return true;
    }
    if (const auto name = part_between(line, " panic'ed (", ")")) {
        begin(true);
        open_->exception = printable(*name);
        printed_core_ = number_behind(line, "Core ");
        return true;
    }
    if (const auto text = reason_in(line); !text.empty()) {
        begin(false);
        std::string& reason = open_->reason;
        const bool abort = text.starts_with("abort()");
        const bool watchdog = is_of_task_watchdog(reason);
        if (watchdog) {
            reason += '\n' + printable(text);  // a core dump has both
        } else if (!abort || reason.empty()) {
            reason = printable(text);
        }
        if (const auto number = abort ? number_behind(text, "on core ") : std::nullopt) {
            printed_core_ = number;
        }
        const auto name = part_between(text, "stack overflow in task ", " has been detected");
        open_->task = name ? printable(*name) : open_->task;
        return true;
    }
    const auto remark = remark_in(line);
    if (remark.empty()) {
        return false;
    }
    remember(printable(remark));
    if (const auto name = overflowed_task_in(line); name && open_) {
        open_->task = printable(*name);
        // A core dump has this line of the watchpoint, too, because ESP-IDF stores it.
        if (remark.starts_with("Debug exception reason:")) {
            open_->reason = printable(remark);
            remarks_.pop_back();
        }
    }
    return true;
}

/// Reads what the task watchdog prints after its first line.
void LogReader::read_watchdog(std::string_view line) {
    if (has(line, "Print CPU")) {
        printed_core_ = number_behind(line, "Print CPU");
    } else if (has(line, "Aborting.")) {
        first_core_ =
            static_cast<std::size_t>(std::ranges::count_if(open_->cores, &CoreText::is_usable));
    } else if (auto running = running_task_in(line)) {
        running_.insert_or_assign(running->first, printable(running->second));
    } else if (const auto item = starved_task_in(line);
               !item.empty() && open_->reason.size() < kMaxReason && !has_body()) {
        open_->reason += '\n' + printable(item);
    }
}

void LogReader::remember(std::string remark) {
    remarks_.emplace_back(line_number_, std::move(remark));
    if (remarks_.size() > kMaxRemarks) {
        remarks_.pop_front();
    }
}

/// Reads the first words of a panic. Words of another panic come before anything that tells where
/// it happened. A task watchdog may only warn; its own panic is no exception of the CPU.
void LogReader::begin(bool exception) {
    const bool warned = open_ && is_of_task_watchdog(open_->reason);
    if (open_ && (has_body() || (exception && (warned || !open_->exception.empty())))) {
        if (warned && !has_body()) {
            remember(one_line(open_->reason));
            open_.reset();
        }
        close();
    }
    if (open_) {
        return;
    }
    open_.emplace();
    std::erase_if(remarks_,
                  [&](const auto& remark) { return line_number_ - remark.first > kRemarkReach; });
    in_rust_ = false;
    running_.clear();
    first_core_ = 0;
    printed_core_.reset();
}

void LogReader::close() {
    in_backtrace_ = false;
    lists_calls_ = false;
    if (!open_) {
        return;
    }
    PanicText panic = *std::move(open_);
    open_.reset();
    std::erase_if(panic.cores, [](const CoreText& part) { return !part.is_usable(); });
    if (first_core_ < panic.cores.size()) {
        const auto first = panic.cores.begin() + static_cast<std::ptrdiff_t>(first_core_);
        std::rotate(panic.cores.begin(), first, panic.cores.end());
    }
    if (panic.reason.empty() && panic.exception.empty()) {
        panic.reason = rust_panic();
    }
    if (panic.cores.empty()) {
        const std::string& words = panic.reason.empty() ? panic.exception : panic.reason;
        cut_off_ = words.empty() ? cut_off_ : one_line(words);
        return;
    }
    for (CoreText& part : panic.cores) {
        if (const auto name = running_.find(part.core.value_or(0)); name != running_.end()) {
            part.task = name->second;
        }
    }
    if (!panic.task.empty()) {
        panic.cores.front().task = panic.task;
    }
    if (panic.elf_sha256_prefix.empty()) {
        panic.elf_sha256_prefix = boot_hash_;
    }
    panic.checked_error = checked_error();
    for (auto& [number, remark] : remarks_) {
        if (remark != panic.reason) {
            panic.remarks.push_back(std::move(remark));
        }
    }
    remarks_.clear();
    last_ = std::move(panic);
    ++complete_;
}

/// The last of Rust's panics. Under ESP-IDF they end in abort(); elsewhere there is nothing else.
std::string LogReader::rust_panic() const {
    const auto is_panic = [](const auto& remark) {
        return remark.second.starts_with("panicked at");
    };
    const auto found = std::find_if(remarks_.rbegin(), remarks_.rend(), is_panic);
    return found == remarks_.rend() ? std::string{} : found->second;
}

/// In the order in which ESP_ERROR_CHECK prints its parts. Empty: it printed nothing.
std::optional<CheckedError> LogReader::checked_error() const {
    std::optional<CheckedError> error;
    for (const auto& [number, remark] : remarks_) {
        if (const auto code = error_code_in(remark)) {
            error = CheckedError{{}, code};
        } else if (const auto text = part_between(remark, "expression: ", ""); text && error) {
            error->expression = trimmed(*text);
        }
    }
    return error;
}

std::optional<PanicText> LogReader::finish() {
    close();
    if (!last_) {
        cut_off_ = cut_off_.empty() ? rust_panic() : cut_off_;
        if (!cut_off_.empty()) {
            throw Undecodable{
                "this is the text of a panic that was cut off: it has neither registers nor a "
                "backtrace; it says: " +
                cut_off_};
        }
        if (!reset_.empty()) {
            throw Undecodable{
                "this is the log of a reset without a panic, so there is no backtrace; it says: " +
                reset_};
        }
        return std::nullopt;
    }
    last_->chip = chip_;
    last_->chip_revision = revision_;
    last_->other_panics = complete_ - 1;
    return std::move(last_);
}

}  // namespace coredepot::decoder
