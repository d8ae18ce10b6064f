// Whatever call of the operating system fails while an authority comes or goes: the device is as before or as wanted,
// never in between, and whoever asks next gets it right.
#include <gtest/gtest.h>

#include "platform/linux/trust.h"
#include "tests/certificates/authorities.h"
#include "tests/certificates/played_trust.h"
#include "tests/contracts/failing_calls.h"
#include "tests/support/snapshot.h"

namespace steward::platform {
namespace {

using namespace test;
using Then = FailingCalls::Then;

class TrustFailures : public ::testing::Test {
  protected:
    TrustFailures() {
        tool_.distribution = pem(0);
        root_.write(tool_.anchors() + "/company.crt", pem(1));
        tool_.install();
        const auto without = now();
        EXPECT_TRUE(change(true));
        with_ = now();
        EXPECT_TRUE(change(false));
        without_ = now();
        EXPECT_EQ(without_, without);
        EXPECT_NE(with_, without_);
    }

    // As the tree does it: what is written is read back.
    Outcome change(bool comes) {
        auto done = comes ? anchors_.write(key_, stored(2)) : anchors_.erase(key_);
        if (!done) return done;
        const auto read = anchors_.read(key_);
        if (!read && read.error().fault != Fault::not_found) return read.error();
        if (read.ok() != comes) return Error{Fault::io, "it did not take effect", {}};
        return {};
    }
    Snapshot now() const { return snapshot_of(root_.path()); }

    void every_call(bool comes, Then then) {
        const auto& before = comes ? without_ : with_;
        const auto& wanted = comes ? with_ : without_;
        int n = 1;
        for (;; ++n) {
            calls_.fail(n, then);
            const auto done = change(comes);
            const bool failed = calls_.failed();
            calls_.fail(0);
            if (done) {
                // It is in force; only the mark may have stayed, and goes with the next look.
                ASSERT_EQ(anchors_.read(key_).ok(), comes) << n;
                ASSERT_EQ(files_only(now()), files_only(wanted)) << n;
            }
            ASSERT_EQ(root_.read(tool_.anchors() + "/company.crt"), pem(1)) << n;
            // The tree takes a failed change back; whoever comes after a power cut goes on to the one or the other.
            if (!done || then == Then::dead) {
                TrustAnchors later(files_, tool_);
                ASSERT_TRUE(comes ? later.erase(key_) : later.write(key_, stored(2))) << n;
                const auto read = later.read(key_);
                ASSERT_EQ(read.ok(), !comes) << n;
                ASSERT_EQ(files_only(now()), files_only(before)) << n;
            } else {
                ASSERT_TRUE(change(!comes)) << n;
            }
            ASSERT_TRUE(change(comes)) << n;
            ASSERT_EQ(files_only(now()), files_only(wanted)) << n;
            if (!failed) break;
            ASSERT_TRUE(change(!comes)) << n;
        }
        EXPECT_GT(n, 30) << "a change makes more calls than that";
    }

    // A directory that was made before the power went may stay, empty; so may a file that nobody looks at.
    static Snapshot files_only(const Snapshot& all) {
        Snapshot files;
        for (const auto& [path, description] : all) {
            if (!description.starts_with("directory") && !path.ends_with(".steward-new")) files[path] = description;
        }
        return files;
    }

    TemporaryDirectory root_;
    PlayedTrust tool_{root_};
    FailingCalls calls_;
    Files files_{root_.path(), calls_};
    TrustAnchors anchors_{files_, tool_};
    const std::string key_ = thumbprint(2);
    Snapshot with_, without_;
};

TEST_F(TrustFailures, OfAnyCallWhileAnAuthorityComes) {
    every_call(true, Then::recovered);
}

TEST_F(TrustFailures, OfAnyCallWhileAnAuthorityGoes) {
    every_call(false, Then::recovered);
}

TEST_F(TrustFailures, APowerCutWhileAnAuthorityComes) {
    every_call(true, Then::dead);
}

TEST_F(TrustFailures, APowerCutWhileAnAuthorityGoes) {
    every_call(false, Then::dead);
}

TEST_F(TrustFailures, OfAnyCallWhileReadingIsSaid) {
    ASSERT_TRUE(change(true));
    for (int n = 1;; ++n) {
        TrustAnchors fresh(files_, tool_);
        calls_.fail(n);
        const auto read = fresh.read(key_);
        const bool failed = calls_.failed();
        calls_.fail(0);
        if (!failed) {
            ASSERT_TRUE(read);
            EXPECT_EQ(read->encoded, encoded(2));
            return;
        }
        if (read) {
            ASSERT_EQ(read->encoded, encoded(2)) << n;
            continue;
        }
        EXPECT_NE(read.error().fault, Fault::not_found) << n << ": unknown is not the same as distrusted";
    }
}

}  // namespace
}  // namespace steward::platform
