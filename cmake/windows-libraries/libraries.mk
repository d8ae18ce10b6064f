# Run by build.sh in an empty folder, with SOURCES, PREFIX and RECIPE (this folder). One make for all of them, so that
# the one-threaded configuration of a library overlaps with the compilation of another.

# Our variables are no business of the libraries' own makefiles; SQLite's has a name in common.
MAKEOVERRIDES :=
TRIPLE := x86_64-w64-mingw32
CACHED := $(shell command -v ccache)
C := $(CACHED) $(TRIPLE)-gcc-posix
CXX := $(CACHED) $(TRIPLE)-g++-posix
AR := $(TRIPLE)-ar
WINDOWS := -D_WIN32_WINNT=0x0A00 -DWINVER=0x0A00
# Small, and so that the linker can leave out each function that nobody calls.
SMALL := -Os -ffunction-sections -fdata-sections
# Makefiles and not Ninja, as they share this make's job server.
CMAKE := cmake -G "Unix Makefiles" -DCMAKE_TOOLCHAIN_FILE=$(RECIPE)/../mingw-w64-x86_64.cmake -DSTEWARD_WINDOWS_LIBRARIES=$(PREFIX) \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DBUILD_SHARED_LIBS=OFF \
  -DCMAKE_C_FLAGS_RELEASE="$(SMALL) -DNDEBUG" -DCMAKE_CXX_FLAGS_RELEASE="$(SMALL) -DNDEBUG" \
  $(if $(CACHED),-DCMAKE_C_COMPILER_LAUNCHER=$(CACHED) -DCMAKE_CXX_COMPILER_LAUNCHER=$(CACHED))
LOGGED = >$@.log 2>&1 || { tail -n 40 $@.log; exit 1; }

.PHONY: all
all: zlib openssl curl libxml2 sqlite boost fmt spdlog googletest qrencode json

# The DLL's import library, which lies beside it in Debian's package, would be taken first.
zlib:
	cp /usr/$(TRIPLE)/lib/libz.a $(PREFIX)/lib/
	cp /usr/$(TRIPLE)/include/zlib.h /usr/$(TRIPLE)/include/zconf.h $(PREFIX)/include/
	touch $@

UNUSED := no-shared no-tests no-engine no-legacy no-comp no-srp no-idea no-mdc2 no-seed no-rc5 no-camellia no-aria no-gost no-whirlpool no-sm2 \
  no-sm3 no-sm4 no-dtls no-weak-ssl-ciphers no-dso no-bf no-cast no-cmp no-ct no-dsa no-ec2m no-md4 no-nextprotoneg no-ocsp no-psk no-rmd160 \
  no-srtp no-ts
openssl:
	mkdir -p build-openssl
	cd build-openssl && CC="$(C)" RC=$(TRIPLE)-windres AR=$(AR) RANLIB=$(TRIPLE)-ranlib \
	  perl $(SOURCES)/openssl/Configure mingw64 --prefix=$(PREFIX) --libdir=lib $(UNUSED) $(SMALL) $(WINDOWS) >../$@.log 2>&1 || { tail -n 20 ../$@.log; exit 1; }
	+{ $(MAKE) -C build-openssl build_libs && $(MAKE) -C build-openssl install_dev; } $(LOGGED)
	touch $@

# By the makefile for MinGW that it brings, whose settings are fixed: its configuration by CMake takes longer than all of
# its compilation.
CURL_SETTINGS := $(SMALL) -w -DNDEBUG $(WINDOWS) -DUNICODE -D_UNICODE -DBUILDING_LIBCURL -DCURL_STATICLIB -DHTTP_ONLY -DENABLE_IPV6 -DHAVE_LIBZ \
  -DUSE_OPENSSL -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG -DUSE_WINDOWS_SSPI -DUSE_WIN32_IDN -DWANT_IDN_PROTOTYPES -I. -I../include -I$(PREFIX)/include
curl: zlib openssl
	cp -r $(SOURCES)/curl build-curl
	mkdir -p build-curl/lib/$(TRIPLE)
	cd build-curl/lib && $(TRIPLE)-gcc-posix $(CURL_SETTINGS) -x c-header curl_setup.h -o curl_setup.h.gch
	+CC="$(TRIPLE)-gcc-posix" CFLAGS="$(CURL_SETTINGS)" $(MAKE) -C build-curl/lib -f Makefile.mk libcurl.a TRIPLET=$(TRIPLE) AR=$(AR) CFG= CPPFLAGS= $(LOGGED)
	mkdir -p $(PREFIX)/include/curl $(PREFIX)/lib/cmake/CURL
	cp build-curl/lib/libcurl.a $(PREFIX)/lib/
	cp build-curl/include/curl/*.h $(PREFIX)/include/curl/
	cp $(RECIPE)/CURLConfig.cmake $(PREFIX)/lib/cmake/CURL/
	sed -n 's/^#define LIBCURL_VERSION "\(.*\)"/set(PACKAGE_VERSION "\1")\nset(PACKAGE_VERSION_COMPATIBLE TRUE)/p' build-curl/include/curl/curlver.h \
	  >$(PREFIX)/lib/cmake/CURL/CURLConfigVersion.cmake
	touch $@

# LIBXML_STATIC: or its functions are exported by whatever they are linked into, and none of them can be left out.
XML_UNUSED := ICONV LZMA ZLIB PYTHON PROGRAMS TESTS FTP HTTP DOCB LEGACY MODULES CATALOG DEBUG HTML READER WRITER SCHEMAS SCHEMATRON XINCLUDE XPTR
libxml2:
	$(CMAKE) -S $(SOURCES)/libxml2 -B build-libxml2 -DCMAKE_C_FLAGS="$(WINDOWS) -DLIBXML_STATIC" \
	  $(foreach part,$(XML_UNUSED),-DLIBXML2_WITH_$(part)=OFF) $(LOGGED)
	+$(MAKE) -C build-libxml2 install $(LOGGED)
	touch $@

# The amalgamation is made by its own makefile, which wants to be the only make.
SQL_UNUSED := AUTHORIZATION COMPLETE DECLTYPE DEPRECATED DESERIALIZE GET_TABLE JSON LOAD_EXTENSION PROGRESS_CALLBACK SHARED_CACHE TCL_VARIABLE TRACE \
  UTF16 WINDOWFUNC
SQL_SETTINGS := $(SQL_UNUSED:%=-DSQLITE_OMIT_%) -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 -DSQLITE_SECURE_DELETE
sqlite:
	mkdir -p build-sqlite
	cd build-sqlite && env -u MAKEFLAGS -u MFLAGS make -f $(SOURCES)/sqlite3/main.mk TOP=$(SOURCES)/sqlite3 BCC=gcc TCC=gcc OPTS="$(SQL_SETTINGS)" sqlite3.c \
	  >../$@.log 2>&1 || { tail -n 20 ../$@.log; exit 1; }
	cd build-sqlite && $(C) $(SMALL) $(WINDOWS) $(SQL_SETTINGS) -c sqlite3.c
	$(AR) rcs $(PREFIX)/lib/libsqlite3.a build-sqlite/sqlite3.o
	cp build-sqlite/sqlite3.h $(PREFIX)/include/
	touch $@

OPTIONS := $(filter-out winmain,$(basename $(notdir $(wildcard $(SOURCES)/boost/libs/program_options/src/*.cpp))))
boost-headers:
	ln -sfn /usr/include/boost $(PREFIX)/include/boost
	touch $@
options-%.o: $(SOURCES)/boost/libs/program_options/src/%.cpp boost-headers
	$(CXX) -std=c++20 $(SMALL) -w $(WINDOWS) -DBOOST_ALL_NO_LIB -I$(PREFIX)/include -c $< -o $@
boost: $(OPTIONS:%=options-%.o)
	$(AR) rcs $(PREFIX)/lib/libboost_program_options.a $^
	touch $@

fmt:
	$(CMAKE) -S $(SOURCES)/fmtlib -B build-fmt -DFMT_TEST=OFF -DFMT_DOC=OFF $(LOGGED)
	+$(MAKE) -C build-fmt install $(LOGGED)
	touch $@
spdlog: fmt
	$(CMAKE) -S $(SOURCES)/spdlog -B build-spdlog -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_EXAMPLE=OFF -DSPDLOG_BUILD_TESTS=OFF $(LOGGED)
	+$(MAKE) -C build-spdlog install $(LOGGED)
	touch $@

googletest:
	$(CMAKE) -S /usr/src/googletest -B build-googletest -DBUILD_GMOCK=ON $(LOGGED)
	+$(MAKE) -C build-googletest install $(LOGGED)
	touch $@

QR := bitstream mask mmask mqrspec qrencode qrinput qrspec rsecc split
qr-%.o: $(SOURCES)/qrencode/%.c
	$(C) $(SMALL) -w -DSTATIC_IN_RELEASE=static -DMAJOR_VERSION=4 -DMINOR_VERSION=1 -DMICRO_VERSION=1 -DVERSION='"4.1.1"' -c $< -o $@
qrencode: $(QR:%=qr-%.o)
	$(AR) rcs $(PREFIX)/lib/libqrencode.a $^
	cp $(SOURCES)/qrencode/qrencode.h $(PREFIX)/include/
	touch $@

json:
	mkdir -p $(PREFIX)/share/cmake
	cp -r /usr/include/nlohmann $(PREFIX)/include/
	cp -r /usr/share/cmake/nlohmann_json $(PREFIX)/share/cmake/
	touch $@
