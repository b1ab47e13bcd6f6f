// Valgrind 3.19 writes into the set of signals that sigsuspend is given. That of libdispatch stands in memory that is only read.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *set) {
    sigset_t copy = *set;
    return syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
