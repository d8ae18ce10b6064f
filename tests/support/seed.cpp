// steward-debian-root DIRECTORY: fills a directory with the private root that the demonstration manages.
#include <exception>
#include <iostream>

#include "tests/support/debian_root.h"

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: steward-debian-root DIRECTORY\n";
        return 2;
    }
    try {
        steward::test::make_debian_root(words[1]);
    } catch (const std::exception& problem) {
        std::cerr << "steward-debian-root: " << problem.what() << "\n";
        return 1;
    }
    return 0;
}
