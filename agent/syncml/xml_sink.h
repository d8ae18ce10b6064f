// Elements as XML text, without a blank between them.
#pragma once

#include <string_view>

#include "agent/syncml/elements.h"
#include "agent/syncml/output.h"

namespace steward::syncml {

class XmlSink {
  public:
    // microsoft: the namespace of original errors is declared; without it they are left out.
    XmlSink(Output& out, bool microsoft) : out_(out), microsoft_(microsoft) {}

    void open(Tag tag);
    void close(Tag tag);
    void empty(Tag tag);
    void leaf(Tag tag, std::string_view text);
    void data(std::string_view text);
    void status_data(std::string_view code, std::string_view original_error);
    bool unknown(std::string_view name, bool open);  // false: the name cannot be written

  private:
    Output& out_;
    bool microsoft_;
};

}  // namespace steward::syncml
