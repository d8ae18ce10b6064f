# Windows on x64 by MinGW-w64 (GCC). The libraries are those of cmake/windows-libraries/build.sh.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_SYSTEM_VERSION 10.0)

# By their full names: the plain one is the variant without std::thread where both are installed.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_AR x86_64-w64-mingw32-gcc-ar-posix CACHE FILEPATH "")
set(CMAKE_RANLIB x86_64-w64-mingw32-gcc-ranlib-posix CACHE FILEPATH "")

if(NOT STEWARD_WINDOWS_LIBRARIES)
  set(STEWARD_WINDOWS_LIBRARIES "$ENV{STEWARD_WINDOWS_LIBRARIES}")
endif()
if(NOT STEWARD_WINDOWS_LIBRARIES AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(STEWARD_WINDOWS_LIBRARIES "$ENV{XDG_CACHE_HOME}/steward/windows-libraries/current")
endif()
if(NOT STEWARD_WINDOWS_LIBRARIES)
  set(STEWARD_WINDOWS_LIBRARIES "$ENV{HOME}/.cache/steward/windows-libraries/current")
endif()
# Or the projects of try_compile would look somewhere else.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES STEWARD_WINDOWS_LIBRARIES)

set(CMAKE_FIND_ROOT_PATH ${STEWARD_WINDOWS_LIBRARIES} /usr/x86_64-w64-mingw32)
list(APPEND CMAKE_PREFIX_PATH ${STEWARD_WINDOWS_LIBRARIES})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Windows 10 and later, wide functions only; the headers' min and max would hide those of C++.
set(steward_windows_definitions "-D_WIN32_WINNT=0x0A00 -DWINVER=0x0A00 -DUNICODE -D_UNICODE -DNOMINMAX -DWIN32_LEAN_AND_MEAN")
set(CMAKE_C_FLAGS_INIT "${steward_windows_definitions}")
set(CMAKE_CXX_FLAGS_INIT "${steward_windows_definitions}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")  # one file to install, and no other version of a DLL to meet

find_program(WINE wine64 HINTS /usr/lib/wine NO_CMAKE_FIND_ROOT_PATH)
if(WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${WINE})
endif()
