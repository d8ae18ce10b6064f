// libcurl's functions, each handed on to the library, which is opened at the first call: with the twenty libraries that
// Debian's libcurl needs it is a quarter of the memory of a service whose sessions the courier conducts. Without the
// library nothing can be begun: curl_easy_init and curl_url say null, and no other function gets anything to work on.
#include <curl/curl.h>

#include <cstdarg>

#include "platform/library.h"

namespace {

template <class Function>
steward::platform::Imported<Function> handed_on(const char* name, Function*) {
    static const steward::platform::Library libcurl("libcurl.so.4");
    return {libcurl, name};
}

// A CURLU that newer headers promise not to change and older ones do not.
template <class Answer, class First, class... Rest>
First first_of(Answer (*)(First, Rest...));
using ReadUrl = decltype(first_of(&curl_url_get));

constexpr int kinds_apart = 10000;  // an option's number says of what type its value is (curl.h, CURLOPTTYPE_*)

}  // namespace

// An enumeration before the dots: clang warns, and every libcurl is built like that.
#pragma GCC diagnostic ignored "-Wvarargs"

extern "C" {

CURLcode curl_global_init(long flags) {
    static const auto function = handed_on("curl_global_init", &curl_global_init);
    return function ? function(flags) : CURLE_FAILED_INIT;
}
curl_version_info_data* curl_version_info(CURLversion age) {
    static const auto function = handed_on("curl_version_info", &curl_version_info);
    return function(age);
}
void curl_free(void* memory) {
    static const auto function = handed_on("curl_free", &curl_free);
    function(memory);
}

curl_slist* curl_slist_append(curl_slist* list, const char* line) {
    static const auto function = handed_on("curl_slist_append", &curl_slist_append);
    return function(list, line);
}
void curl_slist_free_all(curl_slist* list) {
    static const auto function = handed_on("curl_slist_free_all", &curl_slist_free_all);
    function(list);
}

CURLU* curl_url() {
    static const auto function = handed_on("curl_url", &curl_url);
    return function();
}
void curl_url_cleanup(CURLU* url) {
    static const auto function = handed_on("curl_url_cleanup", &curl_url_cleanup);
    function(url);
}
CURLUcode curl_url_get(ReadUrl url, CURLUPart what, char** part, unsigned int flags) {
    static const auto function = handed_on("curl_url_get", &curl_url_get);
    return function(url, what, part, flags);
}
CURLUcode curl_url_set(CURLU* url, CURLUPart what, const char* part, unsigned int flags) {
    static const auto function = handed_on("curl_url_set", &curl_url_set);
    return function(url, what, part, flags);
}
const char* curl_url_strerror(CURLUcode code) {
    static const auto function = handed_on("curl_url_strerror", &curl_url_strerror);
    return function(code);
}

CURL* curl_easy_init() {
    static const auto function = handed_on("curl_easy_init", &curl_easy_init);
    return function();
}
void curl_easy_cleanup(CURL* handle) {
    static const auto function = handed_on("curl_easy_cleanup", &curl_easy_cleanup);
    function(handle);
}
void curl_easy_reset(CURL* handle) {
    static const auto function = handed_on("curl_easy_reset", &curl_easy_reset);
    function(handle);
}
CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
    static const auto function = handed_on("curl_easy_setopt", &curl_easy_setopt);
    va_list rest;
    va_start(rest, option);
    CURLcode code = CURLE_OK;
    switch (option / kinds_apart * kinds_apart) {
        case CURLOPTTYPE_LONG:  // NOLINT(bugprone-branch-clone): shorter than a curl_off_t on 32 bits
            code = function(handle, option, va_arg(rest, long));
            break;
        case CURLOPTTYPE_OFF_T:
            code = function(handle, option, va_arg(rest, curl_off_t));
            break;
        default:
            code = function(handle, option, va_arg(rest, void*));
            break;  // every other type is a pointer
    }
    va_end(rest);
    return code;
}
CURLcode curl_easy_getinfo(CURL* handle, CURLINFO what, ...) {
    static const auto function = handed_on("curl_easy_getinfo", &curl_easy_getinfo);
    va_list rest;
    va_start(rest, what);
    const CURLcode code = function(handle, what, va_arg(rest, void*));
    va_end(rest);
    return code;
}
CURLcode curl_easy_perform(CURL* handle) {
    static const auto function = handed_on("curl_easy_perform", &curl_easy_perform);
    return function(handle);
}
const char* curl_easy_strerror(CURLcode code) {
    static const auto function = handed_on("curl_easy_strerror", &curl_easy_strerror);
    return function(code);
}

CURLM* curl_multi_init() {
    static const auto function = handed_on("curl_multi_init", &curl_multi_init);
    return function();
}
CURLMcode curl_multi_cleanup(CURLM* multi) {
    static const auto function = handed_on("curl_multi_cleanup", &curl_multi_cleanup);
    return function(multi);
}
CURLMcode curl_multi_add_handle(CURLM* multi, CURL* handle) {
    static const auto function = handed_on("curl_multi_add_handle", &curl_multi_add_handle);
    return function(multi, handle);
}
CURLMcode curl_multi_remove_handle(CURLM* multi, CURL* handle) {
    static const auto function = handed_on("curl_multi_remove_handle", &curl_multi_remove_handle);
    return function(multi, handle);
}
CURLMcode curl_multi_perform(CURLM* multi, int* running) {
    static const auto function = handed_on("curl_multi_perform", &curl_multi_perform);
    return function(multi, running);
}
CURLMcode curl_multi_poll(CURLM* multi, curl_waitfd* more, unsigned int count, int milliseconds, int* ready) {
    static const auto function = handed_on("curl_multi_poll", &curl_multi_poll);
    return function(multi, more, count, milliseconds, ready);
}
CURLMcode curl_multi_wakeup(CURLM* multi) {
    static const auto function = handed_on("curl_multi_wakeup", &curl_multi_wakeup);
    return function(multi);
}
CURLMsg* curl_multi_info_read(CURLM* multi, int* rest) {
    static const auto function = handed_on("curl_multi_info_read", &curl_multi_info_read);
    return function(multi, rest);
}
}
