// The whole server in a thread of a test.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/options.h"
#include "tests/server/server.h"

namespace steward::server {

// Output that another thread writes and this one waits for.
class Output : public std::stringbuf {
  public:
    std::string first_line() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return closed_ || text_.find('\n') != std::string::npos; });
        return text_.substr(0, text_.find('\n'));
    }
    std::string text() {
        const std::lock_guard lock(mutex_);
        return text_;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

  protected:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        const std::lock_guard lock(mutex_);
        text_.append(bytes, static_cast<std::size_t>(count));
        changed_.notify_all();
        return count;
    }
    int_type overflow(int_type c) override {
        const char byte = traits_type::to_char_type(c);
        xsputn(&byte, 1);
        return c;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string text_;
    bool closed_ = false;
};

// The server in a thread of its own; stops when it goes out of scope.
class Running {
  public:
    explicit Running(std::vector<std::string> words) {
        words.insert(words.begin(), {"steward-testserver", "--port", "0"});
        std::vector<const char*> pointers;
        for (const auto& word : words) pointers.push_back(word.c_str());
        auto options = parse_options(static_cast<int>(pointers.size()), pointers.data());
        EXPECT_TRUE(options) << (options ? "" : options.error().what);
        if (!options) return;
        thread_ = std::thread([this, made = *options] {
            std::ostream out(&out_), errors(&errors_);
            code_ = serve(made, out, errors, stop_, wake_);
            out_.close();
        });
        const auto line = out_.first_line();
        if (line.starts_with("port ")) port_ = static_cast<std::uint16_t>(std::stoi(line.substr(5)));
    }
    ~Running() {
        if (thread_.joinable()) stop();
    }
    int stop() {
        stop_ = true;
        return wait();
    }
    int wait() {  // for a server that ends by itself
        if (thread_.joinable()) thread_.join();
        return code_;
    }
    std::uint16_t port() const { return port_; }
    std::string output() { return out_.text(); }
    std::string errors() { return errors_.text(); }

  private:
    Output out_, errors_;
    std::atomic<bool> stop_{false};
    std::atomic<int> wake_{-1};
    std::thread thread_;
    std::uint16_t port_ = 0;
    int code_ = -1;
};

}  // namespace steward::server
