// Deleters for objects of C libraries: std::unique_ptr<X509, Freed<X509_free>>.
#pragma once

namespace steward::server {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

}  // namespace steward::server
