// The settings of ours in dnf's two configuration files, which everybody's stand in, too; and our own words in a file
// beside them. No file is touched here. Source: dnf.conf(5), dnf-automatic(8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/conf_file.h"
#include "platform/linux/files.h"
#include "platform/linux/package_manager.h"
#include "platform/linux/update_rules.h"

namespace steward::platform {

extern const std::string_view automatic_conf, dnf_conf, words_conf;

Result<ConfFile> read_automatic_conf(const Files& files);
bool is_on(const ConfFile& file, std::string_view key);  // as dnf reads a switch; absent is off

// excludepkgs is a list that others have entries of their own in.
std::vector<std::string> excluded(const std::optional<std::string>& value);
Assignment excluding(const ConfFile& file, std::string key, const std::vector<std::string>& more);

std::string spec_of(std::string_view update);                 // "openssl-3.0.7-27.el9", as dnf takes a package
std::optional<std::string> update_of(std::string_view spec);  // nullopt: it names no one version

Result<KeptWords> kept_words(const Files& files);
std::string words_body(const Words& words);

}  // namespace steward::platform
