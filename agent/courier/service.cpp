#include "agent/courier/service.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "agent/courier/forms.h"
#include "agent/courier/line.h"
#include "platform/base/mailbox.h"

namespace steward::courier {
namespace {

constexpr std::size_t largest_datagram = 2048;

Error hung_up() {
    return {Fault::interrupted, "The process that keeps the device has hung up.", {}};
}

}  // namespace

// One connection. A thread of its own reads, so that hanging up ends an exchange under way.
struct Service::Job final : Home {
    std::unique_ptr<platform::Connection> connection;
    const OpenPort& open_port;
    std::function<void()> finished;
    Line line;
    Mailbox<std::optional<Frame>> incoming;  // nullopt: no more will come
    std::stop_source gone;
    std::atomic<bool> over = false;
    std::mutex asking;  // one question at a time
    std::unique_ptr<transport::CurlExchange> exchange;
    std::thread reader, worker;

    Job(std::unique_ptr<platform::Connection> visitor, const OpenPort& port, std::function<void()> at_end)
        : connection(std::move(visitor)), open_port(port), finished(std::move(at_end)), line(*connection) {
        reader = std::thread([this] { read(); });
        worker = std::thread([this] {
            serve();
            connection->shut();
            over = true;
            finished();
        });
    }
    ~Job() override {
        connection->shut();
        worker.join();
        reader.join();
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    void read() {
        Line from(*connection);
        for (;;) {
            auto frame = from.next();
            const bool more = frame.ok();
            if (!more) gone.request_stop();
            incoming.post(more ? std::optional<Frame>(std::move(*frame)) : std::nullopt);
            if (!more) return;
        }
    }

    void serve() {
        while (auto frame = *incoming.take()) {
            if (!(frame->kind == Kind::port ? port(*frame) : work(*frame))) return;
        }
    }

    // false: this connection is of no more use.
    bool work(const Frame& job) {
        Unpacker unpacker(job.body);
        if (job.kind == Kind::open) return open(unpacker);
        if (!exchange) return false;
        transport::Request request;
        switch (job.kind) {
            case Kind::post:
            case Kind::get: {
                unpacker(request);
                if (!unpacker.whole()) return false;
                const auto reply = job.kind == Kind::post ? exchange->post(request) : exchange->get(request);
                return reply ? say(Kind::reply, packed(*reply)) : say(Kind::failed, packed(reply.error()));
            }
            case Kind::listen: {
                transport::Listener listener;
                unpacker(request, listener.silence);
                if (!unpacker.whole()) return false;
                listener.opened = [this](const transport::Reply& head) { return say(Kind::head, packed(head)); };
                listener.data = [this](std::string_view bytes) { return say(Kind::data, bytes); };
                const auto heard = exchange->listen(request, listener);
                return heard ? say(Kind::over) : say(Kind::failed, packed(heard.error()));
            }
            case Kind::session: {
                Brief brief;
                unpacker(brief);
                return unpacker.whole() && say(Kind::course, packed(conduct(brief, *exchange, *this)));
            }
            default:
                return false;
        }
    }

    bool open(Unpacker& unpacker) {
        transport::Trust trust;
        transport::Material material;
        unpacker(trust, material.authorities, material.roots, material.certificate);
        if (!unpacker.whole() || exchange) return false;
        material.key = [this](platform::Padding padding, std::string_view block) { return sign(padding, block); };
        transport::Limits limits;
        limits.stop = gone.get_token();
        exchange = std::make_unique<transport::CurlExchange>(std::move(trust), std::move(material), limits);
        return true;
    }

    bool port(const Frame& job) {
        std::uint16_t number = 0;
        Unpacker unpacker(job.body);
        unpacker(number);
        auto opened = unpacker.whole() ? open_port(number) : Error{Fault::malformed, "That is no port.", {}};
        if (!opened) return say(Kind::failed, packed(opened.error()));
        const std::stop_callback close(gone.get_token(), [&opened] { (*opened)->close(); });
        if (!say(Kind::done)) return false;
        for (;;) {
            const auto datagram = (*opened)->next(largest_datagram);
            if (!datagram || !say(Kind::datagram, *datagram)) return false;
        }
    }

    bool say(Kind kind, std::string_view body = {}) { return line.send(kind, body).ok(); }

    // A question in the midst of a job, and its answer.
    Result<Frame> ask(Kind kind, std::string_view body, Kind expected) {
        const std::lock_guard lock(asking);
        return exchange_words(kind, body, expected);
    }
    Result<Frame> exchange_words(Kind kind, std::string_view body, Kind expected) {
        if (!say(kind, body)) return hung_up();
        auto frame = *incoming.take();
        if (!frame || frame->kind != expected) {
            gone.request_stop();
            if (!frame) incoming.post(std::nullopt);  // whoever asks next must hear it too
            return hung_up();
        }
        return std::move(*frame);
    }
    void tell(Kind kind, std::string_view body) { (void)ask(kind, body, Kind::done); }

    Result<std::string> sign(platform::Padding padding, std::string_view block) {
        Packer packer;
        packer(padding, block);
        // A sign of life (KeepAlive) that needs a new handshake while the other side is at work: it can't sign then.
        const std::unique_lock lock(asking, std::try_to_lock);
        if (!lock) return Error{Fault::busy, "The device is at work and can't sign a handshake meanwhile.", {}};
        auto signature = exchange_words(Kind::sign, packer.take(), Kind::signature);
        if (!signature) return signature.error();
        return std::move(signature->body);
    }

    std::vector<tree::Answer> ask_tree(Kind kind, const tree::Context& context,
                                       std::span<const tree::Operation> operations) {
        Packer packer;
        packer(context.authority, context.session_id,
               std::vector<tree::Operation>(operations.begin(), operations.end()));
        std::vector<tree::Answer> answers;
        if (const auto frame = ask(kind, packer.take(), Kind::answers)) {
            Unpacker unpacker(frame->body);
            unpacker(answers);
            if (unpacker.whole() && answers.size() == operations.size()) return answers;
        }
        return {operations.size(), tree::Answer::failure(hung_up())};
    }
    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> operations) override {
        return ask_tree(Kind::run, context, operations);
    }
    std::vector<tree::Answer> run_atomic(const tree::Context& context,
                                         std::span<const tree::Operation> operations) override {
        return ask_tree(Kind::run_atomic, context, operations);
    }
    void client_nonce(const std::string& raw) override { tell(Kind::client_nonce, raw); }
    void server_nonce(const std::string& raw) override { tell(Kind::server_nonce, raw); }
    void sent(const session::Outgoing& message) override { tell(Kind::sent, packed(message)); }
    void received(const transport::Reply& reply) override { tell(Kind::received, packed(reply)); }
    void heard(const std::vector<int>& alert_answers) override { tell(Kind::heard, packed(alert_answers)); }
    bool wait(std::optional<std::chrono::milliseconds> time) override {
        const auto frame = ask(Kind::wait, packed(time), Kind::verdict);
        bool go_on = false;
        if (frame) Unpacker(frame->body)(go_on);
        return go_on;
    }
};

Service::Service(platform::Endpoint& endpoint, OpenPort open_port, std::optional<std::chrono::milliseconds> linger)
    : endpoint_(endpoint), open_port_(std::move(open_port)), linger_(linger) {}

Service::~Service() = default;

void Service::sweep() {
    std::erase_if(jobs_, [](const auto& job) { return job->over.load(); });
}

Outcome Service::run() {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t busy = 0;
    bool done = false;
    std::thread idle;
    if (linger_) {
        idle = std::thread([&] {
            std::unique_lock lock(mutex);
            while (!done) {
                changed.wait(lock, [&] { return done || busy == 0; });
                if (changed.wait_for(lock, *linger_, [&] { return done || busy != 0; })) continue;
                endpoint_.close();
                return;
            }
        });
    }
    const auto finished = [&] {
        const std::lock_guard lock(mutex);
        --busy;
        changed.notify_all();
    };
    Outcome outcome;
    for (;;) {
        auto visitor = endpoint_.accept();
        if (!visitor) {
            if (visitor.error().fault != Fault::interrupted) outcome = visitor.error();
            break;
        }
        sweep();
        if (!(*visitor)->visitor().administrator || jobs_.size() >= most_connections) continue;
        {
            const std::lock_guard lock(mutex);
            ++busy;
            changed.notify_all();
        }
        jobs_.push_back(std::make_unique<Job>(std::move(*visitor), open_port_, finished));
    }
    jobs_.clear();
    {
        const std::lock_guard lock(mutex);
        done = true;
        changed.notify_all();
    }
    if (idle.joinable()) idle.join();
    return outcome;
}

}  // namespace steward::courier
