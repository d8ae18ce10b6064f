# Options, warnings and the two functions every folder uses.
option(STEWARD_TESTS "Build the tests and steward-testserver" ON)
option(STEWARD_WERROR "Warnings are errors" OFF)
option(STEWARD_FUZZ "Build the libFuzzer targets (clang)" OFF)
option(STEWARD_COVERAGE "Instrument for coverage" OFF)
set(STEWARD_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

# The folder of platform/ and of agent/app/ that is built.
string(TOLOWER ${CMAKE_SYSTEM_NAME} STEWARD_SYSTEM)

find_program(STEWARD_CCACHE ccache)
if(STEWARD_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${STEWARD_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${STEWARD_CCACHE})
endif()

add_library(steward_options INTERFACE)
target_include_directories(steward_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_definitions(steward_options INTERFACE STEWARD_VERSION="${PROJECT_VERSION}")
if(MSVC)
  # As for GCC: sources are UTF-8, C++ is C++, and Windows 10 with wide functions only. A conversion that GCC complains of is
  # complained of there. C4702 follows from what the optimiser leaves of templates.
  target_compile_options(steward_options INTERFACE /W4 /wd4702 /utf-8 /permissive- /EHsc /bigobj /Zc:__cplusplus /Zc:preprocessor
    $<$<BOOL:${STEWARD_WERROR}>:/WX>)
  target_compile_definitions(steward_options INTERFACE
    _WIN32_WINNT=0x0A00 WINVER=0x0A00 UNICODE _UNICODE NOMINMAX WIN32_LEAN_AND_MEAN _CRT_SECURE_NO_WARNINGS)
else()
  target_compile_options(steward_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${STEWARD_WERROR}>:-Werror>)
endif()
if(WIN32)
  # Static libraries say it to their users by definitions, and what they need of Windows comes after all of them.
  target_compile_definitions(steward_options INTERFACE LIBXML_STATIC)
  foreach(library ws2_32 crypt32 bcrypt iphlpapi wtsapi32 userenv netapi32 wbemuuid ncrypt)
    string(APPEND CMAKE_CXX_STANDARD_LIBRARIES " ${CMAKE_LINK_LIBRARY_FLAG}${library}${CMAKE_LINK_LIBRARY_SUFFIX}")
  endforeach()
  set(Boost_USE_STATIC_LIBS ON)
endif()
if(MINGW)
  # The semaphore that libstdc++ 12 makes of atomics loses wake-ups where there is no futex, and the end of a
  # std::stop_callback waits for one: now and then it would wait for ever.
  target_compile_definitions(steward_options INTERFACE _GLIBCXX_USE_POSIX_SEMAPHORE)
  # GCC 12 takes what is within an empty std::optional for something that is read.
  target_compile_options(steward_options INTERFACE -Wno-maybe-uninitialized -ffunction-sections -fdata-sections)
endif()
if(STEWARD_SANITIZE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports moved-from std::function and std::optional members as uninitialised once sanitizers are on.
    target_compile_options(steward_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  add_compile_options(-fsanitize=${STEWARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${STEWARD_SANITIZE})
endif()
if(STEWARD_FUZZ)
  target_compile_options(steward_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(steward_options INTERFACE -fsanitize=address,undefined)
endif()
if(STEWARD_COVERAGE)
  target_compile_options(steward_options INTERFACE --coverage)
  target_link_options(steward_options INTERFACE --coverage)
endif()

# steward_library(NAME [BUSY] SOURCES a.cpp ... [USES targets...] [LIBRARIES external...])
# BUSY is what every command of every message runs through: built for speed, while the rest is built for size.
# USES are our own folders (public), LIBRARIES third-party ones (private: no library type in an interface).
function(steward_library name)
  cmake_parse_arguments(ARG "BUSY" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  if(ARG_BUSY)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O2>)
  endif()
  target_link_libraries(${name} PUBLIC steward_options ${ARG_USES} PRIVATE ${ARG_LIBRARIES})
endfunction()

# steward_reads_sources(FILES ...): tests that read files of this tree at run time. Only these know where it is, so that
# the others are found in the compiler's cache by every clone.
function(steward_reads_sources)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS STEWARD_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
endfunction()

# steward_test(NAME SOURCES ... [USES ...] [LIBRARIES ...] [LABELS ...]): one GoogleTest program per folder.
function(steward_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE steward_options ${ARG_USES} GTest::gmock GTest::gtest_main ${ARG_LIBRARIES})
  target_precompile_headers(${name} REUSE_FROM steward_test_headers)
  if(WIN32)
    # A whole program at once: to start a process under Wine takes longer than most tests do.
    add_test(NAME windows.${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(windows.${name} PROPERTIES TIMEOUT 300 LABELS "windows;${ARG_LABELS}")
    return()
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}")
endfunction()
