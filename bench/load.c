// A closed-loop HTTP/1.1 load generator: keeps N connections busy with requests read from a file, and checks every answer.
//
// load --port 8080 --requests list.txt --connections 32 --seconds 5 [--count 100000] [--rate 1000] [--status 200[,503]] [--first 0]
//
// The file holds requests one after the other, each as
//
//     <bytes of the request> <times> <expected text>\n<the request, as it goes over the wire>
//
// and they are sent in that order, round and round. The body of the answer must contain the expected text exactly that many
// times (0 times: the body is not looked at). ############ in a request or in the expected text stands for a number that no
// other request of the run has. The result is one line of JSON. An answer with a status that is not the first of --status but
// another of the list is counted as "refused" and is no error. With --rate, requests are due that often a second, and latency
// counts from when a request was due: a server that is late cannot hide it by being asked less.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MARK_LENGTH = 12,
    REQUEST_LIMIT = 64 * 1024,
    ANSWER_LIMIT = 1024 * 1024,
    EXPECTED_LIMIT = 256,
    STATUS_LIMIT = 4,
    CONNECTION_LIMIT = 1024,
    SAMPLE_LENGTH = 300,
    // A loop has an end even when nobody gives it one.
    COUNT_LIMIT = 20 * 1000 * 1000,
    SECONDS_LIMIT = 3600,
    CONNECT_PAUSE_US = 2000,
};
// A server that says nothing for so long is broken.
static const uint64_t SILENCE_LIMIT = 30 * 1000000000ull;
static const char MARK[] = "############";

typedef struct {
    const char *bytes;
    size_t length;
    const char *mark;  // in the bytes, or null
    const char *expected;
    size_t expected_length;
    const char *expected_mark;
    int times;
} Request;

typedef struct {
    int fd;
    const Request *request;
    uint64_t number;
    uint64_t started;
    size_t to_send, sent;
    size_t received;
    char out[REQUEST_LIMIT];
    char in[ANSWER_LIMIT + 1];
} Connection;

typedef enum { INCOMPLETE, COMPLETE, MALFORMED } Reading;

typedef struct {
    int status;
    const char *body;
    size_t body_length;
    bool closes;
} Answer;

static int port, connection_count = 1, epoll_fd;
static double seconds = SECONDS_LIMIT, rate;
static uint64_t count = COUNT_LIMIT, first;
static int statuses[STATUS_LIMIT], status_count;

static Request *requests;
static size_t request_count, next_request;
static uint64_t started_count, finished, errors, refused;
static uint32_t *latencies;
static char sample[SAMPLE_LENGTH + 1];

static void fail(const char *what) {
    fprintf(stderr, "load: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void read_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    if (!text || fread(text, 1, size, file) != size) fail(path);
    text[size] = 0;
    fclose(file);

    size_t capacity = 0;
    for (char *at = text; at < text + size;) {
        if (request_count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            requests = realloc(requests, capacity * sizeof *requests);
            if (!requests) fail("memory");
        }
        Request *request = &requests[request_count++];
        request->length = strtoul(at, &at, 10);
        request->times = (int)strtol(at, &at, 10);
        char *end = strchr(at, '\n');
        if (*at != ' ' || !end) fail("the file of requests is malformed");
        request->expected = at + 1;
        request->expected_length = (size_t)(end - request->expected);
        request->expected_mark = memmem(request->expected, request->expected_length, MARK, MARK_LENGTH);
        request->bytes = end + 1;
        request->mark = memmem(request->bytes, request->length, MARK, MARK_LENGTH);
        at = end + 1 + request->length;
        if (at > text + size || request->length > REQUEST_LIMIT || request->expected_length > EXPECTED_LIMIT)
            fail("a request is too long or cut off");
    }
    if (request_count == 0) fail("there are no requests");
}

static void write_number(char *at, uint64_t number) {
    for (int digit = MARK_LENGTH - 1; digit >= 0; digit--, number /= 10) at[digit] = (char)('0' + number % 10);
}

static void connect_to_server(Connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0) fail("socket");
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    int one = 1;
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0) fail("epoll_ctl");
}

/// A request of a few hundred bytes fits into the socket's buffer; a partial send waits for epoll all the same.
static void send_rest(Connection *connection) {
    while (connection->sent < connection->to_send) {
        ssize_t n = send(connection->fd, connection->out + connection->sent, connection->to_send - connection->sent,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0) return;  // The connection is gone; reading from it will say so.
        connection->sent += (size_t)n;
    }
    struct epoll_event event = {
        .events = EPOLLIN | (connection->sent < connection->to_send ? EPOLLOUT : 0), .data.ptr = connection};
    if (connection->sent < connection->to_send) epoll_ctl(epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

static void start_request(Connection *connection, uint64_t due) {
    const Request *request = &requests[next_request];
    next_request = next_request + 1 == request_count ? 0 : next_request + 1;
    connection->request = request;
    connection->number = first + started_count++;
    memcpy(connection->out, request->bytes, request->length);
    if (request->mark) write_number(connection->out + (request->mark - request->bytes), connection->number);
    connection->to_send = request->length;
    connection->sent = 0;
    connection->received = 0;
    connection->started = due;
    send_rest(connection);
}

/// The value of a header, whatever its case, or null.
static const char *header(const char *head, const char *end, const char *name) {
    size_t length = strlen(name);
    for (const char *line = head; line && line < end; line = memchr(line, '\n', (size_t)(end - line))) {
        if (*line == '\n') line++;
        if ((size_t)(end - line) > length && line[length] == ':' && strncasecmp(line, name, length) == 0) {
            const char *value = line + length + 1;
            while (*value == ' ') value++;
            return value;
        }
    }
    return NULL;
}

/// Puts the chunks together in their own place.
static Reading join_chunks(char *body, char *end, size_t *length) {
    char *to = body;
    for (char *at = body;;) {
        char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
        if (!line_end) return INCOMPLETE;
        size_t size = strtoul(at, NULL, 16);
        at = line_end + 2;
        if (size > ANSWER_LIMIT) return MALFORMED;
        if ((size_t)(end - at) < size + 2) return INCOMPLETE;
        memmove(to, at, size);
        to += size;
        at += size + 2;
        if (size == 0) break;
    }
    *length = (size_t)(to - body);
    return COMPLETE;
}

static bool ends_with_last_chunk(const char *body, const char *end) {
    return end - body >= 5 && memcmp(end - 5, "0\r\n\r\n", 5) == 0;
}

static Reading read_answer(Connection *connection, Answer *answer) {
    char *end = connection->in + connection->received;
    *end = 0;
    char *head_end = memmem(connection->in, connection->received, "\r\n\r\n", 4);
    if (!head_end) return INCOMPLETE;
    if (strncmp(connection->in, "HTTP/1.1 ", 9) != 0) return MALFORMED;
    answer->status = atoi(connection->in + 9);
    const char *connection_header = header(connection->in, head_end, "connection");
    answer->closes = connection_header && strncasecmp(connection_header, "close", 5) == 0;
    char *body = head_end + 4;
    answer->body = body;
    answer->body_length = 0;
    if (answer->status == 204 || answer->status == 304) return COMPLETE;
    const char *content_length = header(connection->in, head_end, "content-length");
    if (content_length) {
        answer->body_length = strtoul(content_length, NULL, 10);
        return (size_t)(end - body) >= answer->body_length ? COMPLETE : INCOMPLETE;
    }
    if (!header(connection->in, head_end, "transfer-encoding")) return MALFORMED;
    // Joining moves the bytes, so it must wait until all are there.
    return ends_with_last_chunk(body, end) ? join_chunks(body, end, &answer->body_length) : INCOMPLETE;
}

static bool is_as_expected(const Connection *connection, const Answer *answer) {
    const Request *request = connection->request;
    if (answer->status != statuses[0]) return false;
    if (request->times == 0) return true;
    char expected[EXPECTED_LIMIT];
    memcpy(expected, request->expected, request->expected_length);
    if (request->expected_mark) write_number(expected + (request->expected_mark - request->expected), connection->number);
    int times = 0;
    const char *end = answer->body + answer->body_length;
    for (const char *at = answer->body; (at = memmem(at, (size_t)(end - at), expected, request->expected_length)); times++)
        at += request->expected_length;
    return times == request->times;
}

/// Keeps the status and the body of the first bad answer, or what there is of it.
static void note_error(const Connection *connection) {
    if (errors++ > 0) return;
    const char *end = connection->in + connection->received, *body = memmem(connection->in, connection->received, "\r\n\r\n", 4);
    size_t length = 0;
    for (const char *at = connection->in; at < end && length < SAMPLE_LENGTH; at++) {
        if (at + 1 < end && *at == '\r' && body) {
            at = body + 3;
            body = NULL;
        }
        unsigned char byte = (unsigned char)*at;
        sample[length++] = byte == '"' || byte == '\\' ? '\'' : byte < ' ' || byte > '~' ? ' ' : (char)byte;
    }
}

static void finish_request(Connection *connection, const Answer *answer) {
    latencies[finished++] = (uint32_t)((now_ns() - connection->started) / 1000);
    for (int i = 1; i < status_count; i++) {
        if (answer->status == statuses[i]) {
            refused++;
            return;
        }
    }
    if (!is_as_expected(connection, answer)) note_error(connection);
}

/// Whether the connection is done with its request, well or badly; it is open again in both cases.
static bool receive(Connection *connection) {
    ssize_t n = recv(connection->fd, connection->in + connection->received, ANSWER_LIMIT - connection->received, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return false;
    if (n > 0) connection->received += (size_t)n;
    Answer answer = {.closes = true};
    Reading reading = n > 0 ? read_answer(connection, &answer) : MALFORMED;
    if (reading == INCOMPLETE && connection->received < ANSWER_LIMIT) return false;
    if (reading == COMPLETE)
        finish_request(connection, &answer);
    else
        note_error(connection);
    if (reading != COMPLETE || answer.closes) {
        close(connection->fd);
        connect_to_server(connection);
    }
    return true;
}

static void wait_and_receive(uint64_t until, Connection **idle, int *idle_count) {
    uint64_t now = now_ns(), wait = until > now ? until - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(wait / 1000000000), .tv_nsec = (long)(wait % 1000000000)};
    struct epoll_event events[64];
    int n = epoll_pwait2(epoll_fd, events, 64, &timeout, NULL);
    if (n < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < n; i++) {
        Connection *connection = events[i].data.ptr;
        if (events[i].events & EPOLLOUT) send_rest(connection);
        if ((events[i].events & ~EPOLLOUT) && receive(connection)) idle[(*idle_count)++] = connection;
    }
}

static void run(Connection *connections) {
    Connection *idle[CONNECTION_LIMIT];
    int idle_count = 0;
    for (; idle_count < connection_count; idle_count++) {
        connect_to_server(&connections[idle_count]);
        // One after the other: of a bunch, a single worker process of the server would take all, and keep them.
        usleep(CONNECT_PAUSE_US);
        idle[idle_count] = &connections[idle_count];
    }
    uint64_t begin = now_ns(), end = begin + (uint64_t)(seconds * 1e9), last_answer = begin, answered = 0;
    for (;;) {
        uint64_t now = now_ns(), due = rate > 0 ? begin + (uint64_t)((double)started_count * 1e9 / rate) : now;
        bool is_over = started_count == count || now >= end;
        if (is_over && idle_count == connection_count) break;
        if (!is_over && idle_count > 0 && due <= now) {
            start_request(idle[--idle_count], due);
            continue;
        }
        bool waits_for_time = !is_over && idle_count > 0;
        wait_and_receive(waits_for_time && due < last_answer + SILENCE_LIMIT ? due : last_answer + SILENCE_LIMIT, idle, &idle_count);
        if (finished + errors > answered || idle_count == connection_count) {
            answered = finished + errors;
            last_answer = now_ns();
        } else if (now_ns() > last_answer + SILENCE_LIMIT) {
            errno = 0;
            fail("the server does not answer");
        }
    }
    seconds = (double)(now_ns() - begin) / 1e9;
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t percentile(double share) {
    if (finished == 0) return 0;
    return latencies[(uint64_t)((double)(finished - 1) * share)];
}

static void print_result(void) {
    qsort(latencies, finished, sizeof *latencies, compare);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"requests\": %llu, \"errors\": %llu, \"refused\": %llu, \"seconds\": %.3f, \"rps\": %.1f, \"p50\": %u, \"p90\": %u, "
           "\"p99\": %u, \"max\": %u, \"load_cpu\": %.2f, \"sample\": \"%s\"}\n",
           (unsigned long long)finished, (unsigned long long)errors, (unsigned long long)refused, seconds, (double)finished / seconds,
           percentile(0.5), percentile(0.9), percentile(0.99), percentile(1), cpu, sample);
}

static void read_arguments(int argc, char **argv) {
    static const struct option options[] = {
        {"port", required_argument, 0, 'p'},   {"requests", required_argument, 0, 'r'}, {"connections", required_argument, 0, 'c'},
        {"seconds", required_argument, 0, 's'}, {"count", required_argument, 0, 'n'},    {"status", required_argument, 0, 't'},
        {"first", required_argument, 0, 'f'},  {"rate", required_argument, 0, 'a'},     {0, 0, 0, 0},
    };
    const char *path = NULL, *accepted = "200";
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
            case 'p': port = atoi(optarg); break;
            case 'r': path = optarg; break;
            case 'c': connection_count = atoi(optarg); break;
            case 's': seconds = atof(optarg); break;
            case 'n': count = strtoull(optarg, NULL, 10); break;
            case 't': accepted = optarg; break;
            case 'a': rate = atof(optarg); break;
            case 'f': first = strtoull(optarg, NULL, 10); break;
            default: exit(2);
        }
    }
    errno = 0;
    if (!path || port < 1 || connection_count < 1 || connection_count > CONNECTION_LIMIT) fail("say --port, --requests, --connections");
    if (!(seconds > 0 && seconds <= SECONDS_LIMIT) || count < 1 || count > COUNT_LIMIT) fail("--seconds or --count is out of bounds");
    for (const char *at = accepted; *at && status_count < STATUS_LIMIT; at += *at == ',')
        statuses[status_count++] = (int)strtol(at, (char **)&at, 10);
    read_requests(path);
}

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    latencies = malloc(count * sizeof *latencies);
    Connection *connections = calloc((size_t)connection_count, sizeof *connections);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!latencies || !connections || epoll_fd < 0) fail("set-up");
    run(connections);
    print_result();
    return 0;
}
