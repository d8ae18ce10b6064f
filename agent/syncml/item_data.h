// The content of one Data element of an Item while it is read: text, CDATA, or elements that become text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace steward::syncml {

// Each call that returns false has passed the limit.
class ItemData {
  public:
    void begin(std::string& data, std::size_t limit);
    bool text(std::string_view text);
    bool verbatim(std::string_view text);        // CDATA, OPAQUE
    bool markup_start(std::string_view markup);  // "<name attribute=\"value\"", without the ">"
    bool markup_end(std::string_view name);
    void end();  // drops the white space around CDATA and elements

    bool in_markup() const { return depth_ != 0; }

  private:
    bool within() const { return data_->size() <= limit_; }

    std::string* data_ = nullptr;
    std::size_t limit_ = 0;
    std::size_t depth_ = 0;  // open elements
    bool open_ = false;      // "<name" stands without its ">"
    bool is_xml_ = false;    // there was an element: text is escaped
    bool was_verbatim_ = false;
    std::size_t kept_ = 0;  // white space up to here stays
};

}  // namespace steward::syncml
