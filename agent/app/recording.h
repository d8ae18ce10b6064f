// A session written down as a transcript (docs/transcripts.md): what the server said and what the client answered.
// Credentials, nonces and the values of secret nodes are taken out, so that a recording can be given away; a message
// that held none stands byte for byte.
#pragma once

#include <string>
#include <string_view>

#include "agent/app/sync.h"
#include "agent/syncml/message.h"
#include "agent/tree/mount.h"

namespace steward::app {

class Recording final : public Witness {
  public:
    Recording(const session::Settings& settings, const tree::Mount& mount);
    void sent(const session::Outgoing& message) override;
    void received(const transport::Reply& reply) override;
    std::string transcript(session::End end) const;

  private:
    bool redact(syncml::Command& command, std::string_view instead) const;
    // The body without secrets; `instead` stands where one was.
    std::string redacted(std::string_view body, std::string_view content_type, std::string_view instead) const;

    const tree::Mount& mount_;
    std::string head_, steps_;
    std::size_t messages_ = 0;
};

}  // namespace steward::app
