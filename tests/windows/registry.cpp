// Values in the registry: read as they are, changed together, and given back.
#include "platform/windows/registry.h"

#include <gtest/gtest.h>

#include "platform/windows/originals.h"
#include "tests/windows/private_registry.h"

namespace steward::platform {
namespace {

using test::FailingRegistry;

const std::string key = R"(SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate)";
const std::string below = key + R"(\AU)";

class RegistryTest : public ::testing::Test {
  protected:
    test::PrivateRegistry device_;
    Registry& registry_ = device_.registry();
};

TEST_F(RegistryTest, WhatIsNotThereIsNoError) {
    const auto value = registry_.find(key, "AUOptions");
    ASSERT_TRUE(value);
    EXPECT_FALSE(*value);
    EXPECT_TRUE(registry_.values(key)->empty());
    EXPECT_TRUE(registry_.keys(key)->empty());
    EXPECT_FALSE(*registry_.has_key(key));
}

TEST_F(RegistryTest, ValuesOfEachTypeComeBackAsTheyWere) {
    const std::string long_text(20'000, 'x');
    const RegistryValue many{REG_MULTI_SZ, std::string("a\0\0\0b\0\0\0\0\0", 10)};
    const std::vector<Setting> settings = {{key, "Number", dword(0xFFFFFFFE)},
                                           {key, "Text", text_value("Grüße 漢字")},
                                           {key, "Long", text_value(long_text)},
                                           {key, "Nothing", text_value("")},
                                           {key, "Bytes", binary(std::string("\0\1\2", 3))},
                                           {key, "Many", many},
                                           {key, "", text_value("the default value")}};
    ASSERT_TRUE(registry_.apply(settings));
    for (const auto& setting : settings) EXPECT_EQ(**registry_.find(key, setting.name), *setting.value) << setting.name;
    EXPECT_EQ(registry_.number(key, "Number"), 0xFFFFFFFE);
    EXPECT_EQ(registry_.text(key, "Text"), "Grüße 漢字");
    EXPECT_EQ(registry_.text(key, "Long"), long_text);
    EXPECT_EQ(registry_.text(key, "Number"), std::nullopt);
    EXPECT_EQ(registry_.number(key, "Text"), std::nullopt);
    EXPECT_EQ(texts_in(many), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(registry_.values(key)->size(), settings.size());
}

TEST_F(RegistryTest, AValueWithoutItsEndIsStillText) {
    EXPECT_EQ(text_in({REG_SZ, std::string("a\0b\0", 4)}), "ab");
    EXPECT_EQ(text_in({REG_SZ, std::string("a\0b", 3)}), "a");
    EXPECT_EQ(text_in({REG_SZ, {}}), "");
}

TEST_F(RegistryTest, SettingsAreMadeTogetherOrNotAtAll) {
    device_.set(key, "A", dword(1));
    const auto before = device_.state();
    const std::vector<Setting> settings = {{key, "A", dword(2)},
                                           {below, "B", dword(3)},
                                           {below + "\\Deeper\\Still", "C", text_value("c")},
                                           {key, "A", std::nullopt}};
    int n = 1;
    for (;; ++n) {
        device_.calls().fail(n);
        const auto applied = registry_.apply(settings);
        const bool failed = device_.calls().failed();
        device_.calls().fail(0);
        if (!failed) {
            ASSERT_TRUE(applied);
            break;
        }
        ASSERT_FALSE(applied) << n;
        EXPECT_EQ(applied.error().fault, Fault::io);
        ASSERT_EQ(device_.state(), before) << n;
    }
    EXPECT_GT(n, 20);
    EXPECT_EQ(device_.number(below, "B"), 3U);
    EXPECT_EQ(device_.number(key, "A"), std::nullopt);
}

class OriginalsTest : public RegistryTest {
  protected:
    void manage(const std::vector<Setting>& wanted) {
        const auto managed = originals_.manage(wanted);
        ASSERT_TRUE(managed) << managed.error().what << managed.error().evidence;
    }
    Originals originals_{registry_, "Updates"};
};

TEST_F(OriginalsTest, WhatStoodThereComesBack) {
    device_.set(key, "Number", text_value("once a text"));
    device_.set(key, "Stays", dword(7));
    const auto before = device_.state();
    manage({{key, "Number", dword(5)}, {below, "New", dword(1)}, {key, "Stays", std::nullopt}});
    EXPECT_EQ(device_.number(key, "Number"), 5U);
    EXPECT_EQ(device_.number(key, "Stays"), std::nullopt);
    EXPECT_TRUE(*originals_.manages(below, "New"));
    manage({{key, "Number", dword(6)}});
    EXPECT_EQ(device_.number(key, "Number"), 6U);
    EXPECT_EQ(device_.number(key, "Stays"), 7U);
    EXPECT_FALSE(*registry_.has_key(below));
    manage({});
    EXPECT_EQ(device_.state(), before);
}

TEST_F(OriginalsTest, KeysGoInWhateverOrderTheirValuesDo) {
    const auto before = device_.state();
    manage({{key, "A", dword(1)}});
    manage({{key, "A", dword(1)}, {key, "B", dword(1)}, {below, "C", dword(1)}});
    manage({{key, "B", dword(1)}, {below, "C", dword(1)}});
    manage({{below, "C", dword(1)}});
    EXPECT_EQ(device_.number(below, "C"), 1U);
    manage({});
    EXPECT_EQ(device_.state(), before);
}

TEST_F(OriginalsTest, AKeyInWhichSomebodyElsePutSomethingStays) {
    manage({{below, "Ours", dword(1)}});
    device_.set(key, "Theirs", dword(2));
    manage({});
    EXPECT_EQ(device_.number(key, "Theirs"), 2U);
    EXPECT_FALSE(*registry_.has_key(below));
}

TEST_F(OriginalsTest, ASecondTimeTouchesNothing) {
    manage({{below, "A", dword(1)}});
    const int changes = device_.calls().changes();
    manage({{below, "A", dword(1)}});
    EXPECT_EQ(device_.calls().changes(), changes);
}

TEST_F(OriginalsTest, AfterAnyFailureTheDeviceIsAsBeforeAndASecondTrySucceeds) {
    device_.set(key, "Old", text_value("theirs"));
    const auto pristine = device_.state();
    const std::vector<Setting> wanted = {{key, "Old", dword(5)}, {below, "New", dword(1)}};
    manage(wanted);
    const auto managed = device_.state();
    for (const bool coming : {true, false}) {
        const auto& to = coming ? wanted : std::vector<Setting>();
        const auto& from = coming ? std::vector<Setting>() : wanted;
        for (int n = 1;; ++n) {
            manage(from);
            device_.calls().fail(n);
            const auto outcome = originals_.manage(to);
            const bool failed = device_.calls().failed();
            device_.calls().fail(0);
            if (!failed) break;
            ASSERT_FALSE(outcome) << n;
            ASSERT_EQ(device_.state(), coming ? pristine : managed) << n;
            manage(to);
            ASSERT_EQ(device_.state(), coming ? managed : pristine) << n;
        }
    }
}

TEST_F(OriginalsTest, AfterAPowerCutAnywhereTheValueFromBeforeIsStillKnown) {
    device_.set(key, "Old", text_value("theirs"));
    const auto pristine = device_.state();
    const std::vector<Setting> wanted = {{key, "Old", dword(5)}, {below, "New", dword(1)}};
    for (int n = 1;; ++n) {
        device_.calls().fail(n, FailingRegistry::Then::dead);
        (void)originals_.manage(wanted);
        const bool failed = device_.calls().failed();
        device_.calls().fail(0);
        const auto old = device_.number(key, "Old");
        EXPECT_TRUE(old == 5U || device_.text(key, "Old") == "theirs") << n;
        manage(wanted);
        EXPECT_EQ(device_.number(key, "Old"), 5U);
        manage({});
        EXPECT_EQ(device_.text(key, "Old"), "theirs") << n;
        EXPECT_EQ(device_.number(below, "New"), std::nullopt) << n;
        if (!failed) break;
    }
    EXPECT_EQ(device_.text(key, "Old"), "theirs");
}

TEST_F(OriginalsTest, ADamagedRecordIsSaid) {
    manage({{key, "A", dword(1)}});
    device_.set(R"(SOFTWARE\Steward\Originals\Updates)", key + "|A", binary("x"));
    const auto managed = originals_.manage({});
    ASSERT_FALSE(managed);
    EXPECT_EQ(managed.error().fault, Fault::io);
    EXPECT_EQ(device_.number(key, "A"), 1U);
}

}  // namespace
}  // namespace steward::platform
