#include "agent/transport/curl.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "agent/transport/peer.h"
#include "agent/transport/retry.h"
#include "agent/transport/route.h"
#include "platform/base/text.h"
#include "platform/dead_peer.h"
#include "platform/tls_key.h"

namespace steward::transport {
namespace {

Error no_library() {
    return {Fault::io, "libcurl could not be started: install it (Debian: libcurl4, Fedora: libcurl).", {}};
}

struct Url {
    std::string scheme, host;
};

Result<Url> parse_url(std::string_view text) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
    if (!url) return no_library();
    const auto code = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(),
                                   CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER);
    if (code != CURLUE_OK) {
        return Error{Fault::malformed,
                     "\"" + std::string(text) + "\" is no usable address: " + curl_url_strerror(code) + ".",
                     {}};
    }
    const auto part = [&url](CURLUPart which) {
        char* found = nullptr;
        std::string copy;
        if (curl_url_get(url.get(), which, &found, 0) == CURLUE_OK) copy = found;
        curl_free(found);
        return lower(copy);
    };
    return Url{part(CURLUPART_SCHEME), part(CURLUPART_HOST)};
}

Result<Url> permitted(std::string_view text) {
    auto url = parse_url(text);
    if (!url) return url;
    if (url->scheme == "https" || (url->scheme == "http" && stays_here(url->host))) return url;
    return Error{Fault::malformed,
                 "\"" + std::string(text) +
                     "\" is refused: management goes over https only (plain http only to this machine itself).",
                 {}};
}

struct Lines {  // a curl_slist
    curl_slist* first = nullptr;
    Lines() = default;
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    ~Lines() { curl_slist_free_all(first); }
    bool add(const std::string& line) {
        curl_slist* longer = curl_slist_append(first, line.c_str());
        if (longer == nullptr) return false;
        first = longer;
        return true;
    }
};

// What arrives while libcurl works.
struct Arrival {
    Reply reply;
    std::size_t limit = 0;
    bool too_large = false;
    const Listener* listener = nullptr;  // takes the body as it comes
    bool opened = false, ended = false;  // by the listener
    std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* argument) {
    auto& arrival = *static_cast<Arrival*>(argument);
    if (arrival.listener != nullptr) {
        arrival.last = std::chrono::steady_clock::now();
        arrival.ended = arrival.ended || !arrival.listener->data({data, size});
        return arrival.ended ? 0 : size;
    }
    if (size > arrival.limit - arrival.reply.body.size()) {
        arrival.too_large = true;
        return 0;  // fewer bytes than came: libcurl gives up
    }
    arrival.reply.body.append(data, size);
    return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* argument) {
    auto& arrival = *static_cast<Arrival*>(argument);
    auto& reply = arrival.reply;
    const std::string_view line = trim(std::string_view(data, size));
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/")) {  // the next response, after a 100
        reply = {};
        reply.status = static_cast<int>(to_integer(line.substr(line.find(' ') + 1, 3)).value_or(0));
    } else if (line.empty() && arrival.listener != nullptr && reply.status >= 200 && !arrival.opened) {
        arrival.opened = true;
        arrival.ended = !arrival.listener->opened(reply);
        if (arrival.ended) return 0;
    } else if (colon != std::string_view::npos) {
        const auto name = line.substr(0, colon);
        const auto value = trim(line.substr(colon + 1));
        if (same_ignoring_case(name, "content-type")) reply.content_type = value;
        if (same_ignoring_case(name, "location")) reply.location = value;
        if (same_ignoring_case(name, "x-syncml-hmac")) reply.hmac = value;
        if (same_ignoring_case(name, "retry-after")) reply.retry_after = parse_retry_after(value, SystemClock{}.now());
    }
    return size;
}

int prepare_socket(void* argument, curl_socket_t socket, curlsocktype) {
    const auto& limits = *static_cast<const Limits*>(argument);
    (void)platform::give_up_untaken(static_cast<std::intptr_t>(socket), limits.untaken);
    return CURL_SOCKOPT_OK;
}

int keep_going(void* argument, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(argument)->stop_requested() ? 1 : 0;
}

// What the TLS library is told before a handshake that libcurl has no option for.
struct Handshake {
    Peer peer;
    const Trust& trust;
    const std::optional<Material>& material;
    std::shared_ptr<void> held_key = {};  // of trust.key_file, where it signs where it is kept
};

CURLcode prepare_tls(CURL*, void* ssl_ctx, void* argument) {
    auto& handshake = *static_cast<Handshake*>(argument);
    watch(ssl_ctx, &handshake.peer);
    const auto& trust = handshake.trust;
    const auto& material = handshake.material;
    if (!trust.roots_file.empty() &&
        !(material ? trust_besides_text(ssl_ctx, material->roots) : trust_besides(ssl_ctx, trust.roots_file))) {
        return CURLE_SSL_CACERT_BADFILE;
    }
    if (material && !trust.certificate_file.empty() && !use_identity(ssl_ctx, material->certificate, material->key)) {
        return CURLE_SSL_CERTPROBLEM;
    }
    auto* const key = handshake.held_key.get();
    return !key || use_held_key(ssl_ctx, trust.certificate_file, key) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

bool uses_openssl() {
    const auto* version = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return version != nullptr && std::string_view(version).starts_with("OpenSSL/");
}

}  // namespace

struct CurlExchange::Impl {
    const Trust trust;
    const std::optional<Material> material;
    Limits limits;
    Handshake handshake{{}, trust, material};
    Peer& peer = handshake.peer;
    std::array<char, CURL_ERROR_SIZE> words{};
    CURL* handle = nullptr;

    Impl(Trust given_trust, std::optional<Material> given_material, Limits given_limits)
        : trust(std::move(given_trust)), material(std::move(given_material)), limits(std::move(given_limits)) {
        static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (started == CURLE_OK) handle = curl_easy_init();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        if (handle != nullptr) curl_easy_cleanup(handle);
    }

    template <class T>
    void set(CURLoption option, T value) {
        if (const auto code = curl_easy_setopt(handle, option, value); code != CURLE_OK && failed_option == CURLE_OK) {
            failed_option = code;
        }
    }
    CURLcode failed_option = CURLE_OK;
    bool by_proxy = false;  // that we know of: libcurl itself takes the environment's
    SystemRoute route;

    void set_identity() {
        const auto& source = trust.key_file.empty() ? trust.certificate_file : trust.key_file;
        const auto key = platform::tls_key(source);
        if (key && *key) handshake.held_key = (*key)->object;
        if (handshake.held_key) return;  // prepare_tls() shows it
        set(CURLOPT_SSLCERT, trust.certificate_file.c_str());
        // The engine is loaded for this key alone and is never made the default of anything.
        if (source.starts_with("pkcs11:")) set(CURLOPT_SSLKEYTYPE, "ENG");
        if (key && !*key) return set(CURLOPT_SSLKEY, source.c_str());
        const auto pem = key ? (*key)->pem : std::string();  // none: the handshake says that there is no such key
        curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
        set(CURLOPT_SSLKEY_BLOB, &blob);
    }

    void set_trust() {
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!trust.ca_file.empty()) {
            if (material) {
                curl_blob authorities{const_cast<char*>(material->authorities.data()), material->authorities.size(),
                                      CURL_BLOB_NOCOPY};
                set(CURLOPT_CAINFO_BLOB, &authorities);
            } else {
                set(CURLOPT_CAINFO, trust.ca_file.c_str());
            }
            // Without this the system's directory would be trusted on top of the one file that was named.
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        // Windows keeps its authorities in no file; elsewhere OpenSSL has nothing that this could mean.
        if (trust.ca_file.empty()) set(CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NATIVE_CA));
        set(CURLOPT_PROXY_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NATIVE_CA));
        if (!trust.certificate_file.empty() && !material) set_identity();
        if (!trust.key_pin.empty()) set(CURLOPT_PINNEDPUBLICKEY, ("sha256//" + trust.key_pin).c_str());
        if (uses_openssl()) {
            set(CURLOPT_SSL_CTX_FUNCTION, &prepare_tls);
            set(CURLOPT_SSL_CTX_DATA, &handshake);
        }
    }

    void set_request(const Request& request, bool post, const Url& url, const Lines& lines, Arrival& arrival) {
        curl_easy_reset(handle);  // keeps connections and TLS sessions
        failed_option = CURLE_OK;
        set(CURLOPT_ERRORBUFFER, words.data());
        // CURLOPT_NOSIGNAL stays off: with it libcurl no longer shields the process from SIGPIPE, which OpenSSL raises
        // when the server has gone.
        set(CURLOPT_URL, request.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
        set(CURLOPT_FOLLOWLOCATION, 0L);
        // HTTP/1.1 only: what the peers expect, and no HTTP/2 stream error can cut an answer (A16).
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        if (post) {
            set(CURLOPT_POST, 1L);
            set(CURLOPT_POSTFIELDS, request.body.c_str());
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        }
        set(CURLOPT_HTTPHEADER, lines.first);
        set(CURLOPT_ACCEPT_ENCODING, "gzip");
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
        set(CURLOPT_SOCKOPTFUNCTION, &prepare_socket);
        set(CURLOPT_SOCKOPTDATA, &limits);
        set(CURLOPT_TCP_KEEPALIVE, 1L);  // while an answer is waited for nothing of ours is there to be taken
        set(CURLOPT_TCP_KEEPIDLE, 15L);
        set(CURLOPT_TCP_KEEPINTVL, 5L);
        set(CURLOPT_NOPROGRESS, limits.stop.stop_possible() ? 0L : 1L);
        set(CURLOPT_XFERINFOFUNCTION, &keep_going);
        set(CURLOPT_XFERINFODATA, &limits.stop);
        set(CURLOPT_WRITEFUNCTION, &take_body);
        set(CURLOPT_WRITEDATA, &arrival);
        set(CURLOPT_HEADERFUNCTION, &take_header);
        set(CURLOPT_HEADERDATA, &arrival);
        // What is not encrypted must not leave this machine through a proxy.
        std::optional<std::string> proxy = url.scheme == "http" ? "" : trust.proxy;
        if (url.scheme != "http" && trust.proxy.empty()) proxy = route.to(request.url);
        by_proxy = proxy && !proxy->empty();
        if (proxy) set(CURLOPT_PROXY, proxy->c_str());
        set_trust();
    }

    Error error_of(CURLcode code, const std::string& host) const {
        const std::string seen = words[0] != '\0' ? words.data() : curl_easy_strerror(code);
        switch (code) {
            case CURLE_COULDNT_RESOLVE_HOST:
                return {Fault::io, "The name " + host + " could not be resolved: check address and network.", seen};
            case CURLE_COULDNT_RESOLVE_PROXY:
                return {Fault::io, "The proxy's name could not be resolved: check the proxy and the network.", seen};
            case CURLE_COULDNT_CONNECT:
                return {Fault::io,
                        "No connection to " +
                            (by_proxy ? "the proxy through which " + host + " is to be reached: check the proxy."
                                      : host + ": nothing accepts it there, or a firewall is in between."),
                        seen};
            case CURLE_OPERATION_TIMEDOUT:
                return {Fault::timeout, host + " did not answer in time.", seen};
            case CURLE_ABORTED_BY_CALLBACK:
                return {Fault::interrupted, "The exchange with " + host + " was stopped.", seen};
            case CURLE_GOT_NOTHING:
                return {Fault::io, host + " closed the connection without an answer.", seen};
            case CURLE_PEER_FAILED_VERIFICATION:
            case CURLE_SSL_CONNECT_ERROR:
                return handshake_refused(host, seen);
            case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
                return {Fault::denied,
                        host + " does not have the key that is pinned, but one with the SHA-256 " + peer.key_pin +
                            ". If its administrator confirms that the key was changed, pin the new one; else "
                            "somebody is in between.",
                        seen};
            case CURLE_SSL_CACERT_BADFILE:
                return {Fault::not_found,
                        "The file of trusted authorities " +
                            (trust.ca_file.empty() ? trust.roots_file : trust.ca_file) +
                            " cannot be used: missing, unreadable or no PEM.",
                        seen};
            case CURLE_SSL_CERTPROBLEM:
                return {Fault::not_found,
                        "The client certificate " + trust.certificate_file +
                            " or its key cannot be used: missing, unreadable, no PEM, or they do not belong together.",
                        seen};
            case CURLE_SEND_ERROR:
            case CURLE_RECV_ERROR:
                // TLS 1.3: the server's verdict on a client certificate arrives when we already read.
                if (peer.alert && !peer.alert_is_ours) return handshake_refused(host, seen);
                return {Fault::io, "The connection to " + host + " broke off.", seen};
            default:
                return {Fault::io, "The exchange with " + host + " failed: " + curl_easy_strerror(code) + ".", seen};
        }
    }

    Error handshake_refused(const std::string& host, const std::string& seen) const {
        auto error = explain(peer, host, trust.ca_file, trust.certificate_file, SystemClock{}.now());
        error.evidence += (error.evidence.empty() ? "" : "; ") + seen;
        return error;
    }
};

CurlExchange::CurlExchange(Trust trust, Limits limits)
    : impl_(std::make_unique<Impl>(std::move(trust), std::nullopt, std::move(limits))) {}

CurlExchange::CurlExchange(Trust trust, Material material, Limits limits)
    : impl_(std::make_unique<Impl>(std::move(trust), std::move(material), std::move(limits))) {}

CurlExchange::~CurlExchange() = default;

Result<Reply> CurlExchange::post(const Request& request) {
    return exchange(request, true);
}

Result<Reply> CurlExchange::get(const Request& request) {
    return exchange(request, false);
}

Result<Reply> CurlExchange::exchange(const Request& request, bool post) {
    if (impl_->handle == nullptr) return no_library();
    const auto url = permitted(request.url);
    if (!url) return url.error();
    Lines lines;
    bool added = lines.add("Expect:") && (!post || lines.add("Content-Type: " + request.content_type));
    bool clean = one_line(request.content_type);
    for (const auto& [name, value] : request.headers) {
        clean = clean && one_line(name) && one_line(value);
        // "Name;" is how libcurl spells a header without a value.
        added = added && lines.add(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!clean) {
        return Error{Fault::malformed, "The request was not sent: a header of it contains a line break.", {}};
    }

    Arrival arrival;
    arrival.limit = impl_->limits.reply;
    impl_->words[0] = '\0';
    impl_->peer = {};
    impl_->set_request(request, post, *url, lines, arrival);
    if (!added || impl_->failed_option != CURLE_OK) {
        return Error{
            Fault::malformed,
            "The request to " + url->host + " could not be prepared: libcurl refused an option of the account.",
            curl_easy_strerror(impl_->failed_option)};
    }

    const CURLcode code = curl_easy_perform(impl_->handle);
    long status = 0;
    curl_easy_getinfo(impl_->handle, CURLINFO_RESPONSE_CODE, &status);
    arrival.reply.status = static_cast<int>(status);
    if (arrival.too_large) {
        return Error{Fault::too_large,
                     "The answer of " + url->host + " is larger than " + std::to_string(arrival.limit) +
                         " bytes and was dropped.",
                     {}};
    }
    arrival.reply.chain_end = impl_->peer.chain_end;
    if (code == CURLE_OK) return std::move(arrival.reply);
    if ((code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) && !arrival.reply.body.empty()) {
        arrival.reply.truncated = true;
        return std::move(arrival.reply);
    }
    return impl_->error_of(code, url->host);
}

Outcome CurlExchange::listen(const Request& request, const Listener& listener) {
    if (impl_->handle == nullptr) return no_library();
    const auto url = permitted(request.url);
    if (!url) return url.error();
    Lines lines;
    bool fine = true;
    for (const auto& [name, value] : request.headers) {
        fine = fine && one_line(name) && one_line(value) && lines.add(name + ": " + value);
    }
    if (!fine) return Error{Fault::malformed, "The request was not sent: a header of it contains a line break.", {}};

    Arrival arrival;
    arrival.listener = &listener;
    impl_->words[0] = '\0';
    impl_->peer = {};
    impl_->set_request(request, false, *url, lines, arrival);
    impl_->set(CURLOPT_TIMEOUT_MS, 0L);
    impl_->set(CURLOPT_NOPROGRESS, 1L);
    impl_->set(CURLOPT_TCP_KEEPALIVE, 1L);
    impl_->set(CURLOPT_TCP_KEEPIDLE, 300L);
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi(curl_multi_init(), curl_multi_cleanup);
    if (!multi || impl_->failed_option != CURLE_OK || curl_multi_add_handle(multi.get(), impl_->handle) != CURLM_OK) {
        return Error{Fault::io, "The request to " + url->host + " could not be prepared.", {}};
    }
    CURLcode code = CURLE_OK;
    bool silent = false;
    {
        const std::stop_callback wake(impl_->limits.stop, [&multi] { curl_multi_wakeup(multi.get()); });
        for (int running = 1; running != 0 && !silent && !impl_->limits.stop.stop_requested();) {
            if (curl_multi_perform(multi.get(), &running) != CURLM_OK) break;
            const auto left = arrival.last + listener.silence - std::chrono::steady_clock::now();
            silent = left <= left.zero();
            if (running == 0 || silent) break;
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left).count();
            curl_multi_poll(multi.get(), nullptr, 0, static_cast<int>(std::min<std::int64_t>(wait, 86'400'000)),
                            nullptr);
        }
        int rest = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi.get(), &rest)) {
            if (message->msg == CURLMSG_DONE) code = message->data.result;
        }
    }
    curl_multi_remove_handle(multi.get(), impl_->handle);
    if (impl_->limits.stop.stop_requested()) return Error{Fault::interrupted, "Listening was stopped.", {}};
    if (silent) return Error{Fault::timeout, "Nothing came from " + url->host + " for too long.", {}};
    if (code == CURLE_OK || arrival.ended) return {};
    return impl_->error_of(code, url->host);
}

Outcome acceptable_url(std::string_view url) {
    const auto parsed = permitted(url);
    if (!parsed) return parsed.error();
    return {};
}

}  // namespace steward::transport
