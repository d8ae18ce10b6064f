// Which part of the test server answers a request: enrolment or management sessions.
#pragma once

#include <string>
#include <vector>

#include "tests/server/enrolment.h"
#include "tests/server/faults.h"
#include "tests/server/http.h"
#include "tests/server/service.h"

namespace steward::server {

class Site {
  public:
    // names: of the server, as in its certificate; enrolment: nullptr, there is none.
    Site(std::vector<std::string> names, std::string scheme, std::uint16_t port, Service& service, Enrolment* enrolment,
         Faults& faults)
        : names_(std::move(names)),
          scheme_(std::move(scheme)),
          port_(port),
          service_(service),
          enrolment_(enrolment),
          faults_(faults) {}

    Service::Answer answer(const Request& request, const Peer& peer, int connection);

    // "https://localhost:8443": with the name that the client used where it is one of ours.
    std::string origin(const Request& request) const;

  private:
    std::vector<std::string> names_;
    std::string scheme_;
    std::uint16_t port_;
    Service& service_;
    Enrolment* enrolment_;
    Faults& faults_;
};

}  // namespace steward::server
