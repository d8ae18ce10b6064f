// What an attacker would try who has taken over the process with the network. Runs in its place, in its sandbox, and
// tells for each thing whether it can.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void tell(bool can, const char* what) {
    std::printf("%s %s\n", can ? "can" : "can not", what);
    std::fflush(stdout);
}

bool opens(const char* path, int how) {
    const int file = ::open(path, how, 0600);
    if (file >= 0) ::close(file);
    return file >= 0;
}

bool connects_to(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
    return ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// In a child, for what costs a process its life.
template <class Attempt>
bool survives(Attempt attempt) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(attempt() ? 0 : 99);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool starts(const char* program) {
    return survives([program] { return ::execl(program, program, static_cast<char*>(nullptr)) == 0; });
}

bool reaches(const char* host, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<unsigned short>(port));
    ::inet_pton(AF_INET, host, &address.sin_addr);
    const int made = ::socket(AF_INET, SOCK_STREAM, 0);
    return ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

int main(int, char** words) {
    tell(reaches(words[1], std::atoi(words[2])), "reach the server");
    tell(opens("/etc/hijacked", O_WRONLY | O_CREAT), "write to /etc");
    tell(opens("/var/lib/steward/steward.db", O_RDONLY), "read the desired state");
    tell(opens("/var/lib/steward", O_RDONLY | O_DIRECTORY), "list our directory");
    tell(opens("/etc/shadow", O_RDONLY), "read the password file");
    tell(starts("/bin/true"), "start a program");
    tell(connects_to("/run/steward/control"), "speak to the service as a person");
    tell(connects_to("/run/dbus/system_bus_socket"), "speak to the system bus");
    tell(survives([] { return ::setuid(0) == 0; }), "become root");
    tell(survives([] { return ::ptrace(PTRACE_ATTACH, 1, nullptr, nullptr) == 0; }), "take hold of another process");
    ::sleep(5);
}
