#pragma once

#include "agent/app/verb.h"

namespace steward::app {

Verb courier_verb();

}  // namespace steward::app
