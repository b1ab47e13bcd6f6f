// libcurl, and its variadic functions with a type for each kind of option: Swift imports no variadic functions.
#include <curl/curl.h>

static inline CURLcode taskflow_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode taskflow_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode taskflow_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*taskflow_curl_data)(char *bytes, size_t size, size_t count, void *target);

static inline CURLcode taskflow_curl_set_data(CURL *handle, CURLoption option, taskflow_curl_data function) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode taskflow_curl_set_socket(CURL *handle, curl_opensocket_callback function) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, function);
}

static inline CURLcode taskflow_curl_get_number(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
