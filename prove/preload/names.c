// The names of a resolver that is not to be trusted. Nothing is asked of any other: names that do not stand here are unknown.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>

static int look_up(const char *address, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    struct addrinfo numeric = {0};
    if (hints) numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST;
    return real(address, service, &numeric, found);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static const char *const names[][2] = {
        {"localhost", "127.0.0.1"},   {"localhost.", "127.0.0.1"},  {"127.0.0.1.", "127.0.0.1"},
        {"ip6-localhost", "::1"},     {"inside.test", "127.0.0.3"}, {"mapped.test", "::ffff:127.0.0.3"},
    };
    static atomic_uint looks;
    if (!name) return look_up(name, service, hints, found);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i][0]) == 0) return look_up(names[i][1], service, hints, found);
    // Another address each time that somebody looks.
    if (strcmp(name, "rebound.test") == 0)
        return look_up(atomic_fetch_add(&looks, 1) % 2 ? "127.0.0.3" : "127.0.0.2", service, hints, found);
    // The inner address first.
    if (strcmp(name, "both.test") == 0) {
        int failure = look_up("127.0.0.3", service, hints, found);
        return failure ? failure : look_up("127.0.0.2", service, hints, &(*found)->ai_next);
    }
    return look_up(name, service, hints, found);
}
