// Something that holds a key and uses it, as a TPM does: an ordinary key of OpenSSL, and what it was asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/lent_key.h"

namespace steward::test {

class PlayedHolder final : public platform::KeyHolder {
  public:
    explicit PlayedHolder(int bits = 2048);
    ~PlayedHolder() override;
    PlayedHolder(const PlayedHolder&) = delete;
    PlayedHolder& operator=(const PlayedHolder&) = delete;

    platform::RsaPublic shown() const;
    Result<std::string> sign(platform::Digest digest, platform::Scheme scheme, std::string_view hash) override;

    std::vector<platform::Scheme> asked;
    bool longest_salt = false;  // as old TPMs sign
    bool broken = false;

  private:
    void* key_;  // EVP_PKEY
};

}  // namespace steward::test
