#include "agent/courier/remote.h"

#include <utility>

#include "agent/courier/forms.h"

namespace steward::courier {
namespace {

Error nonsense() {
    return {Fault::malformed, "The process of Steward that has the network said something that makes no sense.", {}};
}

template <class T>
Result<T> unpacked(const Frame& frame, Kind expected) {
    if (frame.kind == Kind::failed) {
        Error error;
        Unpacker unpacker(frame.body);
        unpacker(error);
        return unpacker.whole() ? error : nonsense();
    }
    T value{};
    Unpacker unpacker(frame.body);
    if (frame.kind != expected) return nonsense();
    unpacker(value);
    if (!unpacker.whole()) return nonsense();
    return value;
}

// How many commands may come at once: as many as a message may hold.
constexpr std::size_t most_operations = 100'000;

std::string answers_to(const Frame& question, Home& home) {
    tree::Context context;
    std::vector<tree::Operation> operations;
    Unpacker unpacker(question.body);
    unpacker(context.authority, context.session_id, operations);
    if (!unpacker.whole() || operations.size() > most_operations) return {};
    return packed(question.kind == Kind::run ? home.run(context, operations) : home.run_atomic(context, operations));
}

class RemotePort final : public platform::Datagrams {
  public:
    explicit RemotePort(std::unique_ptr<platform::Connection> connection)
        : connection_(std::move(connection)), line_(*connection_) {}

    Outcome open(std::uint16_t port) {
        if (auto asked = line_.send(Kind::port, packed(port)); !asked) return asked;
        auto frame = line_.next();
        if (!frame) return frame.error();
        if (frame->kind == Kind::done) return {};
        return unpacked<bool>(*frame, Kind::verdict).error();
    }
    Result<std::string> next(std::size_t most) override {
        for (;;) {
            auto frame = line_.next();
            if (!frame) return frame.error();
            if (frame->kind != Kind::datagram) return nonsense();
            if (frame->body.size() <= most) return std::move(frame->body);
        }
    }
    void close() override { connection_->shut(); }

  private:
    std::unique_ptr<platform::Connection> connection_;
    Line line_;
};

}  // namespace

Remote::Remote(Office office, transport::Trust trust, std::stop_token stop)
    : office_(std::move(office)), trust_(std::move(trust)), stop_(std::move(stop)) {}

Remote::~Remote() = default;

Outcome Remote::open() {
    if (line_) return {};
    std::string authorities, roots, certificate;
    for (const auto& [path, contents] :
         {std::pair{&trust_.ca_file, &authorities}, std::pair{&trust_.roots_file, &roots},
          std::pair{&trust_.certificate_file, &certificate}}) {
        if (path->empty()) continue;
        auto read = office_.read(*path);
        if (!read) return read.error();
        *contents = std::move(*read);
    }
    auto connection = office_.connect();
    if (!connection) {
        return Error{Fault::io,
                     "The process of Steward that has the network can't be reached: see \"systemctl status "
                     "steward-network.socket\".",
                     connection.error().evidence};
    }
    connection_ = std::move(*connection);
    auto line = std::make_unique<Line>(*connection_);
    Packer packer;
    packer(trust_, authorities, roots, certificate);
    if (auto sent = line->send(Kind::open, packer.take()); !sent) return sent;
    line_ = std::move(line);
    at_stop_ = std::make_unique<std::stop_callback<std::function<void()>>>(
        stop_, [connection = connection_.get()] { connection->shut(); });
    return {};
}

Result<Frame> Remote::work(Kind job, const std::string& body, Home* home) {
    if (auto opened = open(); !opened) return opened.error();
    if (auto asked = line_->send(job, body); !asked) {
        hang_up();
        return asked.error();
    }
    return next(home);
}

Result<Frame> Remote::next(Home* home) {
    for (;;) {
        auto frame = line_->next();
        if (frame && (frame->kind < Kind::run || frame->kind > Kind::sign)) return frame;
        Outcome answered = frame ? answer(*frame, home) : Outcome(frame.error());
        if (answered) continue;
        hang_up();
        if (stop_.stop_requested()) return Error{Fault::interrupted, "The exchange was stopped.", {}};
        if (answered.error().fault != Fault::interrupted) return answered.error();
        return Error{Fault::io, "The process of Steward that has the network ended in the midst of its work.", {}};
    }
}

void Remote::hang_up() {
    at_stop_.reset();
    line_.reset();
    connection_.reset();
}

Outcome Remote::answer(const Frame& question, Home* home) {
    Unpacker unpacker(question.body);
    if (question.kind == Kind::sign) {
        platform::Padding padding{};
        std::string block;
        unpacker(padding, block);
        if (!unpacker.whole()) return nonsense();
        const auto signature =
            office_.sign(trust_.key_file.empty() ? trust_.certificate_file : trust_.key_file, padding, block);
        if (!signature) return line_->send(Kind::failed, packed(signature.error()));
        return line_->send(Kind::signature, *signature);
    }
    if (home == nullptr) return nonsense();
    switch (question.kind) {
        case Kind::run:
        case Kind::run_atomic: {
            const auto answers = answers_to(question, *home);
            return answers.empty() ? Outcome(nonsense()) : line_->send(Kind::answers, answers);
        }
        case Kind::client_nonce:
            home->client_nonce(question.body);
            break;
        case Kind::server_nonce:
            home->server_nonce(question.body);
            break;
        case Kind::sent: {
            session::Outgoing message;
            unpacker(message);
            if (!unpacker.whole()) return nonsense();
            home->sent(message);
            break;
        }
        case Kind::received: {
            transport::Reply reply;
            unpacker(reply);
            if (!unpacker.whole()) return nonsense();
            home->received(reply);
            break;
        }
        case Kind::heard: {
            std::vector<int> alert_answers;
            unpacker(alert_answers);
            if (!unpacker.whole()) return nonsense();
            home->heard(alert_answers);
            break;
        }
        case Kind::wait: {
            std::optional<std::chrono::milliseconds> time;
            unpacker(time);
            if (!unpacker.whole()) return nonsense();
            return line_->send(Kind::verdict, packed(home->wait(time)));
        }
        default:
            return nonsense();
    }
    return line_->send(Kind::done);
}

Result<transport::Reply> Remote::exchange(Kind kind, const transport::Request& request) {
    auto frame = work(kind, packed(request), nullptr);
    if (!frame) return frame.error();
    return unpacked<transport::Reply>(*frame, Kind::reply);
}

Result<transport::Reply> Remote::post(const transport::Request& request) {
    return exchange(Kind::post, request);
}

Result<transport::Reply> Remote::get(const transport::Request& request) {
    return exchange(Kind::get, request);
}

Outcome Remote::listen(const transport::Request& request, const transport::Listener& listener) {
    Packer packer;
    packer(request, listener.silence);
    auto frame = work(Kind::listen, packer.take(), nullptr);
    bool wanted = true;
    for (; wanted && frame; frame = next(nullptr)) {
        if (frame->kind == Kind::over) return {};
        if (frame->kind == Kind::data) {
            wanted = listener.data(frame->body);
            continue;
        }
        const auto head = unpacked<transport::Reply>(*frame, Kind::head);
        if (!head) return head.error();
        wanted = listener.opened(*head);
    }
    hang_up();  // that is how the courier hears that nobody listens any more
    return wanted ? Outcome(frame.error()) : Outcome();
}

Course Remote::conduct(const Brief& brief, Home& home) {
    Course course;
    auto frame = work(Kind::session, packed(brief), &home);
    auto came = frame ? unpacked<Course>(*frame, Kind::course) : Result<Course>(frame.error());
    if (came) return std::move(*came);
    course.error = came.error();
    course.failure.emplace().fault = course.error.fault;
    return course;
}

Result<std::unique_ptr<platform::Datagrams>> remote_port(const Office& office, std::uint16_t port) {
    auto connection = office.connect();
    if (!connection) return connection.error();
    auto made = std::make_unique<RemotePort>(std::move(*connection));
    if (auto opened = made->open(port); !opened) return opened.error();
    return std::unique_ptr<platform::Datagrams>(std::move(made));
}

}  // namespace steward::courier
