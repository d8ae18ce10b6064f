#pragma once

#include "agent/app/verb.h"

namespace steward::app {

Verb service_verb();

}  // namespace steward::app
