#include "agent/syncml/item_data.h"

#include <utility>

#include "agent/syncml/escape.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

bool blank(std::string_view text) {
    return trim(text).empty();
}

}  // namespace

void ItemData::begin(std::string& data, std::size_t limit) {
    data_ = &data;
    limit_ = limit;
    is_xml_ = was_verbatim_ = false;
    kept_ = 0;
}

bool ItemData::text(std::string_view text) {
    if (text.size() > limit_ - data_->size()) return false;
    if (!is_xml_) {
        data_->append(text);
        return true;
    }
    if (open_) *data_ += '>';
    open_ = false;
    append_escaped(*data_, text);
    return within();
}

bool ItemData::verbatim(std::string_view part) {
    if (!was_verbatim_ && !is_xml_ && blank(*data_)) data_->clear();
    was_verbatim_ = true;
    if (!text(part)) return false;
    kept_ = data_->size();
    return true;
}

bool ItemData::markup_start(std::string_view markup) {
    if (!is_xml_) {
        if (!was_verbatim_ && blank(*data_)) data_->clear();
        std::string escaped;  // what stood before the first element was text and is XML from here on
        append_escaped(escaped, *data_);
        *data_ = std::move(escaped);
        is_xml_ = true;
    }
    if (open_) *data_ += '>';
    *data_ += markup;
    open_ = true;
    ++depth_;
    return within();
}

bool ItemData::markup_end(std::string_view name) {
    if (open_) {
        *data_ += "/>";
    } else {
        ((*data_ += "</") += name) += '>';
    }
    open_ = false;
    --depth_;
    kept_ = data_->size();
    return within();
}

void ItemData::end() {
    if ((is_xml_ || was_verbatim_) && blank(std::string_view(*data_).substr(kept_))) data_->resize(kept_);
}

}  // namespace steward::syncml
