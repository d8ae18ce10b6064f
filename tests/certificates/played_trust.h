// update-ca-certificates and update-ca-trust, played: the list is what the distribution brings and then every local
// anchor, as with the real ones.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/processes.h"
#include "tests/support/temporary_directory.h"

namespace steward::test {

class PlayedTrust final : public platform::Processes {
  public:
    enum class System { debian, redhat };

    explicit PlayedTrust(const TemporaryDirectory& root, System system = System::debian)
        : root_(root),
          anchors_(system == System::debian ? "/usr/local/share/ca-certificates" : "/etc/pki/ca-trust/source/anchors"),
          list_(system == System::debian ? "/etc/ssl/certs/ca-certificates.crt"
                                         : "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem") {
        root_.write(system == System::debian ? "/usr/sbin/update-ca-certificates" : "/usr/bin/update-ca-trust", "");
        std::filesystem::create_directories(root_.below(anchors_));
        std::filesystem::create_directories(root_.below("/var/lib/steward"));
    }

    std::string distribution;  // PEM of the authorities that come with it
    int fail = 0;              // exit code of the next runs
    bool idle = false;         // says that it worked and does nothing
    std::vector<platform::Command> runs;

    std::string anchors() const { return anchors_; }
    // As after the installation of the distribution.
    void install() { make_list(); }

    Result<platform::Ended> run(const platform::Command& command) override {
        runs.push_back(command);
        if (fail != 0) return platform::Ended{fail, "", "E: no space left on device\n"};
        if (!idle) make_list();
        return platform::Ended{0, "done.\n", ""};
    }

  private:
    void make_list() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(root_.below(anchors_))) {
            if (entry.path().extension() == ".crt") names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        std::string list = distribution;
        for (const auto& name : names) list += root_.read(anchors_ + "/" + name);
        // Renamed over the old one, so that a reader can tell it from that.
        root_.write(list_ + ".new", list);
        std::filesystem::rename(root_.below(list_ + ".new"), root_.below(list_));
    }

    const TemporaryDirectory& root_;
    std::string anchors_, list_;
};

}  // namespace steward::test
