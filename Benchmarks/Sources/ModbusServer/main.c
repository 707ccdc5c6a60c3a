// A Modbus TCP server on libmodbus with a thread for each connection, as fast as the library goes. Prints its port.
//
// Arguments: how long after its arrival a request is answered, in microseconds. All of a burst arrive together, so that
// this is the delay of a link and not of the instrument. Who connects to 127.0.0.99 is never answered.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long delay_ns;
static modbus_mapping_t *registers;

static void *serve(void *argument) {
    int connection = (int)(long)argument;
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    getsockname(connection, (struct sockaddr *)&own, &size);
    int is_dead = (ntohl(own.sin_addr.s_addr) & 0xFF) == 99;
    modbus_t *context = modbus_new_tcp("127.0.0.1", 1502);
    modbus_set_socket(context, connection);
    prctl(PR_SET_TIMERSLACK, 1);
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    struct timespec due = {0};
    int more = 0;
    for (;;) {
        if (delay_ns > 0 && more == 0) {
            struct pollfd entry = {.fd = connection, .events = POLLIN};
            poll(&entry, 1, -1);
            clock_gettime(CLOCK_MONOTONIC, &due);
            due.tv_nsec += delay_ns;
            due.tv_sec += due.tv_nsec / 1000000000;
            due.tv_nsec %= 1000000000;
        }
        int length = modbus_receive(context, request);
        if (length < 0) break;
        // What is here before this is answered came together with it.
        if (delay_ns > 0) ioctl(connection, FIONREAD, &more);
        if (is_dead) continue;
        if (delay_ns > 0) clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        if (modbus_reply(context, request, length, registers) < 0) break;
    }
    modbus_close(context);
    modbus_free(context);
    return NULL;
}

int main(int count, char **arguments) {
    delay_ns = count > 1 ? 1000 * atol(arguments[1]) : 0;
    registers = modbus_mapping_new(0, 0, 65536, 65536);
    for (int address = 0; address < 65536; address++) registers->tab_registers[address] = (uint16_t)address;

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t size = sizeof any;
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 128) != 0) return 1;
    getsockname(listener, (struct sockaddr *)&any, &size);
    printf("%d\n", ntohs(any.sin_port));
    fflush(stdout);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) continue;
        int on = 1;
        setsockopt(connection, IPPROTO_TCP, 1 /* TCP_NODELAY */, &on, sizeof on);
        pthread_t thread;
        pthread_create(&thread, NULL, serve, (void *)(long)connection);
        pthread_detach(thread);
    }
}
