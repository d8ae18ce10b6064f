// The end of a sign-in page: a browser on this machine posts the token to an address that only this process knows, or
// is redirected there with it; or a person pastes it. Source: MS-MDE2 3.2 (federated authentication), protocol
// sheet 10.4.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/loopback.h"

namespace steward::app {

class TokenListener {
  public:
    static Result<TokenListener> open();  // on a free port of 127.0.0.1

    // "http://127.0.0.1:PORT/SECRET": what the page gets as appru. Whoever asks for any other path is refused, so that
    // no web page can slip in a token of its own.
    const std::string& address() const { return address_; }

    // Waits for wresult in a post or a query, or for a line on `pasted` (a file descriptor; -1: none). Faults: timeout,
    // io.
    Result<std::string> wait(int pasted, std::chrono::seconds patience);

  private:
    TokenListener(std::unique_ptr<platform::Loopback> port, std::string address, std::string path)
        : port_(std::move(port)), address_(std::move(address)), path_(std::move(path)) {}
    std::string serve(platform::Connection& visitor) const;  // the token; empty: somebody else knocked

    std::unique_ptr<platform::Loopback> port_;
    std::string address_, path_;
};

// Where the person signs in: the page of the discovery answer with appru and login_hint.
std::string sign_in_address(const std::string& page, const std::string& return_address, const std::string& user);

// The value of a field of application/x-www-form-urlencoded; empty: none.
std::string form_field(std::string_view form, std::string_view name);

}  // namespace steward::app
