#!/usr/bin/env bash
# Includes go one way, platform <- csp <- agent <- tests, and third-party headers stay behind our own.
source "$(dirname "$0")/sources.sh"

# Third-party libraries by include prefix. Each may stand in so many .cpp files of the product, and in no header.
libraries='libxml/ sqlite3.h curl/ openssl/ boost/ spdlog/ nlohmann/ systemd/ wbxml p11-kit/ libcryptsetup.h qrencode.h'
most_files=2

# Where two files are too few, with the reason.
most_files_of() {  # library
    case $1 in
        openssl/) echo 8 ;;  # digests, certificates, private keys, those of tokens, those of a TPM, PFX files, TLS and our side of it, each behind a header
        *) echo $most_files ;;
    esac
}

allowed_of() {  # folder -> the folders it may include from
    case $1 in
        platform) echo platform ;;
        csp) echo 'platform csp' ;;
        agent) echo 'platform csp agent' ;;
        tests) echo 'platform csp agent tests' ;;
    esac
}

for folder in platform csp agent tests; do
    [ -d "$folder" ] || continue
    allowed=" $(allowed_of $folder) "
    while IFS=: read -r file line text; do
        path=${text#*\"}
        path=${path%%\"*}
        room=${path%%/*}
        if [ "$room" = "$path" ]; then
            finding "$file:$line: \"$path\" is not a path from the root of the tree"
        elif [[ $allowed != *" $room "* ]]; then
            finding "$file:$line: $folder must not include from $room (\"$path\")"
        elif [[ $file == platform/base/* && $path != platform/base/* ]]; then
            finding "$file:$line: the base stands below everything else (\"$path\")"
        elif [ ! -f "$path" ]; then
            finding "$file:$line: \"$path\" does not exist"
        fi
    done < <(grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' $folder)
done

# The standard library's headers have neither a dot nor a slash in their names. Inside platform/<os> a header that
# only its neighbours include may show the system's types, but no library's.
while IFS=: read -r file line text; do
    if [[ $file == platform/linux/* || $file == platform/windows/* ]]; then
        foreign=no
        for library in $libraries; do [[ $text == *"<$library"* ]] && foreign=yes; done
        [ $foreign = yes ] || continue
    fi
    finding "$file:$line: a header of ours shows a foreign one: ${text#*include }"
done < <(grep -rnE --include='*.h' '^[[:space:]]*#[[:space:]]*include[[:space:]]*<[^>]*[./][^>]*>' platform csp agent 2>/dev/null)

for library in $libraries; do
    users=$(grep -rlE --include='*.cpp' "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$library" platform csp agent 2>/dev/null || true)
    count=$(grep -c . <<<"$users" || true)
    most=$(most_files_of "$library")
    if [ "$count" -gt "$most" ]; then
        finding "$library is included by $count files, $most at most: $(tr '\n' ' ' <<<"$users")"
    fi
done

# What is not named above and has a slash is either a system header of POSIX or a library this lint must learn.
while IFS=: read -r file line text; do
    case $file in platform/linux/* | platform/windows/*) continue ;; esac
    header=${text#*<}
    header=${header%%>*}
    known=no
    for library in $libraries sys/ netinet/ arpa/ linux/; do
        case $header in "$library"*) known=yes ;; esac
    done
    [ $known = yes ] || finding "$file:$line: <$header> belongs to no library that tests/lint/layering.sh knows"
done < <(grep -rnE --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*<[^>]*/[^>]*>' platform csp agent 2>/dev/null)

while IFS=: read -r file line text; do
    case $file in platform/linux/* | platform/windows/*) continue ;; esac
    # A library's version is no platform; its .cpp is where it belongs.
    [[ $file == *.cpp && $text =~ ^#if\ [A-Z0-9]+_VERSION(_NUM|_NUMBER)?\ [\>\<]=?\ [0-9x]+$ ]] && continue
    finding "$file:$line: conditional compilation outside platform/<os>: $text"
done < <(grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef)\b' platform csp agent 2>/dev/null)

finish 'platform <- csp <- agent <- tests; a library is included by two .cpp files at most and by no header of ours'
