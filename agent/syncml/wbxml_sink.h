// Elements as WBXML tokens.
#pragma once

#include <string_view>

#include "agent/syncml/elements.h"
#include "agent/syncml/output.h"

namespace steward::syncml {

namespace wbxml {

inline constexpr unsigned char switch_page = 0x00, end = 0x01, entity = 0x02, str_i = 0x03, str_t = 0x83, opaque = 0xC3;
inline constexpr unsigned char has_content = 0x40, has_attributes = 0x80;
inline constexpr unsigned utf8 = 0x6A;          // IANA MIBenum
inline constexpr unsigned syncml_1_2 = 0x1201;  // public identifiers
inline constexpr unsigned syncml_1_1 = 0x0FD3;
inline constexpr unsigned syncml_1_0 = 0x0FD1;

}  // namespace wbxml

void append_wbxml_header(Output& out);

class WbxmlSink {
  public:
    WbxmlSink(Output& out, unsigned char& page) : out_(out), page_(page) {}

    void open(Tag tag);
    void close(Tag tag);
    void empty(Tag tag);
    void leaf(Tag tag, std::string_view text);
    void data(std::string_view text);                                          // OPAQUE where it is no text
    void status_data(std::string_view code, std::string_view original_error);  // there is no token for the latter
    bool unknown(std::string_view name, bool open);

  private:
    void token(Tag tag, unsigned char flags);

    Output& out_;
    unsigned char& page_;  // the code page that is in force
};

}  // namespace steward::syncml
