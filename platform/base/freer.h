// What gives an object of a C library back, as the deleter of a std::unique_ptr: Freer<BIO_free_all>.
#pragma once

namespace steward {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

}  // namespace steward
