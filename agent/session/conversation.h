// The inside of a Session: what it remembers from message to message. judgement.cpp says what a server message means,
// phases.cpp what is to be done about it, conversation.cpp does it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/session/authentication.h"
#include "agent/session/chunks.h"
#include "agent/session/commands.h"
#include "agent/session/inbox.h"
#include "agent/session/outbox.h"
#include "agent/session/phases.h"
#include "agent/session/session.h"
#include "agent/session/status.h"
#include "agent/syncml/write.h"

namespace steward::session {

struct Conversation {
    Conversation(Settings with, tree::Executor& executor, NonceStore& store);
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    Step open();
    Step receive(const Incoming& incoming);

    Session::Counters counters;
    std::vector<int> alert_answers;

  private:
    // A server message on its way through one receive().
    struct Turn {
        std::unique_ptr<Replies> replies;  // the message, until it goes into the outbox
        bool answers_message = false;      // there is a header that needs a Status
        std::string msg_id;                // of the server's message
        Status header = Status::done;      // our Status for its header
        std::string challenge_id;          // CmdID of the server's Status that holds a Chal
        End end = End::failed;             // if it goes wrong
        Error error;

        const syncml::Message& message() const { return replies->message; }
    };

    Event judge(Turn& turn, const Incoming& answer);
    std::optional<Event> judge_authentication(Turn& turn, const Incoming& answer);
    Event judge_content(const syncml::Message& message);
    void note(const syncml::Message& message);
    void note_alert_answers(const syncml::Message& message);

    Step act(Action action, Turn turn);
    Step introduce(const Turn* challenged);
    Step answer(Turn turn);
    Outgoing pending();
    Step challenge(Turn turn);
    Step speak(const Turn& turn);
    Step last_words(const Turn& turn, std::optional<syncml::Command> command, End end);
    Step close(End end, Error error);

    syncml::Header header() const;  // of our message number counters.messages, without credentials
    syncml::Writer begin();
    unsigned add_header_status(syncml::Writer& writer, const Turn& turn);  // gives the next CmdID
    std::size_t message_room(const Turn& turn) const;
    Step post(syncml::Writer& writer, bool final);
    Outgoing outgoing(syncml::Writer& writer, bool final);
    void save_nonces();

    Settings settings;
    tree::Context context;
    tree::Executor& tree;
    NonceStore& nonces;
    ClientProof client;
    ServerProof server;
    Assembly assembly;
    Outbox outbox;
    Phase phase = Phase::idle;

    Encoding encoding;
    std::size_t peer_message;     // bytes of the largest message that the server takes
    std::size_t peer_object = 0;  // bytes of the largest value; 0: any
    bool microsoft;               // original errors are written
    std::string resp_uri;         // for the next message only

    std::size_t rounds = 0;       // messages that count against max_messages
    bool package_closed = false;  // the server has sent the Final of its package
    bool asked = false;           // our last message had an Alert 1222
    std::string package_1_id;     // MsgID of package 1, as sent last
};

}  // namespace steward::session
