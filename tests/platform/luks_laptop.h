// A laptop whose system volume is a real LUKS2 header in a file, and steps of which the n-th fails or is the last.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "platform/base/bytes.h"
#include "platform/linux/escrow.h"
#include "platform/linux/processes.h"
#include "tests/support/disks.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {

namespace fs = std::filesystem;

inline constexpr char partition[] = "/dev/sda3";

// Counts the steps that change something; at the n-th, the process is killed or the step fails.
struct Steps {
    enum class At { none, kill, fail };
    At at = At::none;
    int nth = 0, made = 0;

    bool fails() {
        ++made;
        if (at == At::none || made != nth) return false;
        if (at == At::kill) ::kill(::getpid(), SIGKILL);
        errno = EIO;
        return true;
    }
};

class StepCalls final : public Calls {
  public:
    explicit StepCalls(Steps& steps) : steps_(steps) {}
    int open_at(int directory, const char* name, int flags, mode_t mode) override {
        return (flags & O_CREAT) != 0 && steps_.fails() ? -1 : Calls::open_at(directory, name, flags, mode);
    }
    ssize_t write(int file, const char* data, std::size_t size) override {
        return steps_.fails() ? -1 : Calls::write(file, data, size);
    }
    int sync(int file) override { return steps_.fails() ? -1 : Calls::sync(file); }
    int set_mode(int file, mode_t mode) override { return steps_.fails() ? -1 : Calls::set_mode(file, mode); }
    int rename_at(int directory, const char* from, const char* to) override {
        return steps_.fails() ? -1 : Calls::rename_at(directory, from, to);
    }
    int unlink_at(int directory, const char* name, int flags) override {
        return steps_.fails() ? -1 : Calls::unlink_at(directory, name, flags);
    }

  private:
    Steps& steps_;
};

// A failure comes before the header is changed, or when it already was.
class StepLuks final : public Luks {
  public:
    StepLuks(const std::string& root, Steps& steps) : real_(root), steps_(steps) {}
    bool lie = false;  // the new key seems not to open its slot

    Result<LuksFacts> read(const std::string& device) override { return real_.read(device); }
    Result<std::string> active_cipher(const std::string& name) override { return real_.active_cipher(name); }
    Outcome add(const std::string& device, int slot, int iterations, std::string_view unlocking,
                std::string_view secret) override {
        return around([&] { return real_.add(device, slot, iterations, unlocking, secret); });
    }
    Result<bool> opens(const std::string& device, int slot, std::string_view secret) override {
        if (steps_.fails()) return failure();
        if (lie) return false;
        return real_.opens(device, slot, secret);
    }
    Outcome mark(const std::string& device, int slot, const std::string& mark) override {
        return around([&] { return real_.mark(device, slot, mark); });
    }
    Outcome erase_slot(const std::string& device, int slot) override {
        return around([&] { return real_.erase_slot(device, slot); });
    }
    Outcome erase_token(const std::string& device, int token) override {
        return around([&] { return real_.erase_token(device, token); });
    }

  private:
    template <class Work>
    Outcome around(Work work) {
        if (steps_.fails()) return failure();
        auto done = work();
        if (done && steps_.fails()) return failure();
        return done;
    }
    static Error failure() { return {Fault::io, "The disk failed.", ""}; }

    Cryptsetup real_;
    Steps& steps_;
};

inline Ended run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    LinuxProcesses processes;
    Command command;
    command.arguments = arguments;
    command.input = input;
    auto ended = processes.run(command);
    EXPECT_TRUE(ended) << ended.error().what;
    if (!ended) return {1, "", ""};
    EXPECT_EQ(ended->code, 0) << ended->errors;
    return *ended;
}

// A laptop whose system volume is LUKS2 in a file: slot 0 is a person's, slot 1 opens by the unlocking key.
class Laptop {
  public:
    explicit Laptop(const Laptop* like = nullptr) {
        if (like != nullptr) {
            fs::copy(like->root_.path(), root_.path(), fs::copy_options::recursive | fs::copy_options::copy_symlinks);
            fs::permissions(root_.below("/etc/steward/unlock.key"), fs::perms::owner_read);
            return;
        }
        test::Disks disks(root_);
        disks.disk("sda", "8:0");
        disks.partition("sda", "sda3", "8:3");
        disks.mapping("dm-0", "253:0", "CRYPT-LUKS2-0011-root", "root", {"sda3"});
        disks.mount("253:0", "/", "ext4", "/dev/mapper/root");
        const auto image = root_.write(partition, "");
        fs::resize_file(image, 5 << 20);
        format(image, "luks2", {"--offset", "8192"});
        root_.write("/etc/steward/unlock.key", "unlocking key");
        fs::permissions(root_.below("/etc/steward/unlock.key"), fs::perms::owner_read);
        run({"/usr/sbin/cryptsetup", "luksAddKey", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000",
             "--key-file", root_.write("/person.key", "person"), image,
             root_.below("/etc/steward/unlock.key").string()});
        run({"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Escrow", "-days", "30",
             "-keyout", root_.below("/escrow.key").string(), "-out", root_.below("/etc/steward/escrow.pem").string()});
        root_.write("/etc/steward/encryption.conf",
                    "unlock-key-file = /etc/steward/unlock.key\nescrow-certificate = /etc/steward/escrow.pem\n");
    }

    static void format(const std::string& image, const std::string& type, const std::vector<std::string>& more) {
        std::vector<std::string> arguments = {
            "/usr/sbin/cryptsetup",     "luksFormat", "--batch-mode", "--type", type, "--pbkdf", "pbkdf2",
            "--pbkdf-force-iterations", "1000",       "--key-file",   "-"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        arguments.push_back(image);
        run(arguments, "person");
    }

    std::string unsealed(const std::string& sealed) const {
        root_.write("/sealed", from_base64(sealed).value_or(""));
        return run({"/usr/bin/openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in",
                    root_.below("/sealed").string(), "-inkey", root_.below("/escrow.key").string()})
            .output;
    }

    LuksFacts header() {
        auto facts = Cryptsetup(root_.path()).read(partition);
        EXPECT_TRUE(facts) << facts.error().what;
        return facts ? *facts : LuksFacts();
    }
    std::vector<std::string> keys() {
        auto names = escrow.names();
        EXPECT_TRUE(names) << names.error().what;
        return names ? *names : std::vector<std::string>();
    }

    // People get in as ever, and each slot that is not theirs is one whose key somebody can have.
    void expect_sound() {
        Cryptsetup real(root_.path());
        const auto person = real.opens(partition, 0, "person"), unlocking = real.opens(partition, 1, "unlocking key");
        EXPECT_TRUE(person && *person);
        EXPECT_TRUE(unlocking && *unlocking);
        const auto found = header();
        std::size_t known = 2;
        for (const auto& id : keys()) {
            const auto key = escrow.read(id);
            ASSERT_TRUE(key);
            EXPECT_TRUE(key->state == "waiting" || key->state == "received") << *key->state;
            const auto opens = real.opens(partition, *key->slot, unsealed(*key->sealed));
            EXPECT_TRUE(opens && *opens) << id;
            ++known;
        }
        EXPECT_EQ(found.slots.size(), known) << "a slot that nobody has the key of";
        EXPECT_EQ(found.tokens.size(), known - 2);
    }

    test::TemporaryDirectory root_;
    Steps steps;
    FixedClock clock;
    StepCalls calls{steps};
    Files files{root_.path(), calls};
    StepLuks luks{root_.path(), steps};
    LinuxEscrow escrow{files, luks, clock};
};

}  // namespace steward::platform
