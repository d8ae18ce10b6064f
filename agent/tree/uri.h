// A LocURI taken apart. Source: OMA DM TND 1.2 section 6, protocol sheet 5.1.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::tree {

inline constexpr std::size_t max_uri_length = 4096;  // bytes as written
inline constexpr std::size_t max_uri_segments = 64;
inline constexpr std::size_t max_segment_length = 512;  // bytes, decoded

// "./Vendor/MSFT/X?prop=ACL" becomes the segments Device, Vendor, MSFT, X, the property ACL and no list.
// Segments are percent-decoded views into the text given to parse() or into this object: it must not outlive the text.
class Uri {
  public:
    Uri() = default;
    Uri(const Uri&) = delete;
    Uri& operator=(const Uri&) = delete;

    // Fault malformed (400) for what is no URI of a node, uri_too_long (414) beyond the limits. May be called again.
    // The first known_bytes of the text, if any, are known to be good and to hold known_segments; segments() leaves
    // those out.
    Outcome parse(std::string_view text, std::size_t known_bytes = 0, std::size_t known_segments = 0);

    std::span<const std::string_view> segments() const { return std::span(segments_).subspan(first_, count_ - first_); }
    std::string_view property() const { return property_; }  // of ?prop=; empty: none
    std::string_view list() const { return list_; }          // of ?list=; empty: none
    bool plain() const { return plain_; }                    // encode_segment() would change no segment

  private:
    Outcome add(std::string_view segment, unsigned char seen, std::string_view whole);
    Outcome parse_query(std::string_view query, std::string_view whole);

    std::array<std::string_view, max_uri_segments> segments_{};
    std::size_t first_ = 0, count_ = 0;  // count_: with the known ones
    bool plain_ = true;
    std::string_view property_, list_;
    std::string decoded_;  // backing for segments that had escapes
};

// A segment as it stands in a URI: reserved characters percent-encoded, so that names come back whole.
std::string encode_segment(std::string_view segment);
void append_segment(std::string& uri, std::string_view segment);

}  // namespace steward::tree
