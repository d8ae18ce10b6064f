// A client for the tests of the server: one TLS or plain connection, requests and answers as text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "platform/base/result.h"
#include "tests/server/tls.h"

namespace steward::server {

struct Reply {
    int status = 0;
    std::string head, body;
};

class TestClient {
  public:
    // ca empty: plain HTTP. name: what the certificate must be issued to.
    static Result<TestClient> connect(std::uint16_t port, const std::string& ca, const std::string& name,
                                      const Identity& own = {}, int newest_protocol = 0);
    ~TestClient();
    TestClient(TestClient&&) noexcept;

    Result<Reply> post(const std::string& path, const std::string& body,
                       const std::string& content_type = "application/vnd.syncml.dm+xml");
    Result<Reply> get(const std::string& path);
    std::string protocol() const;  // "TLSv1.3"

  private:
    struct Impl;
    Result<Reply> exchange(const std::string& request);
    explicit TestClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::server
