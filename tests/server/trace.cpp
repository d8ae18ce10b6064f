#include "tests/server/trace.h"

#include <ostream>

#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "tests/support/describe.h"

namespace steward::server {
namespace {

void print(std::ostream& out, const char* direction, const syncml::Message& message) {
    out << direction;
    for (const auto& line : transcript::describe(message)) out << line << '\n';
}

}  // namespace

void Trace::body(const std::string& bytes) {
    if (level_ != TraceLevel::full || bytes.empty()) return;
    const bool text = valid_utf8(bytes);
    out_ << "    | " << (text ? transcript::redact(bytes) : "base64 " + to_base64(bytes)) << '\n';
}

void Trace::exchange(const std::string& device, const std::string& id, const transcript::Player& player,
                     const std::string& client_body, const transcript::Reply& reply) {
    const std::lock_guard lock(mutex_);
    if (level_ == TraceLevel::none) return;
    out_ << "-- " << device << " plays " << id << '\n';
    if (player.heard()) {
        print(out_, "C -> S ", *player.heard());
    } else {
        out_ << "C -> S something that is no SyncML, " << client_body.size() << " bytes\n";
    }
    body(client_body);
    if (player.said()) {
        print(out_, "S -> C ", *player.said());
    } else {
        out_ << "S -> C HTTP " << reply.http_status << ", " << reply.body.size() << " bytes\n";
    }
    body(reply.body);
    out_.flush();
}

void Trace::finding(const transcript::Finding& finding) {
    const std::lock_guard lock(mutex_);
    if (finding.passed && level_ == TraceLevel::none) return;
    out_ << (finding.passed ? "  pass " : "  FAIL ");
    if (finding.line != 0) out_ << "line " << finding.line << ": ";
    out_ << finding.what;
    if (!finding.passed) out_ << ": " << finding.seen;
    out_ << std::endl;
}

void Trace::note(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (level_ != TraceLevel::none) out_ << "-- " << text << std::endl;
}

void Trace::verdict(const std::string& device, const std::string& id, bool passed) {
    const std::lock_guard lock(mutex_);
    out_ << (passed ? "passed " : "FAILED ") << id << " by " << device << std::endl;
}

}  // namespace steward::server
