// An instrument of Modbus RTU on a pseudo-terminal that keeps the times of a real line: characters of eleven bits both
// ways, 3.5 of them of silence, and the instrument's own delay. Every character is delivered at its own deadline on the
// monotonic clock, so that nothing adds up. Prints the port; registers hold their own addresses.
//
// Arguments: bits per second, delay in microseconds.

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void sleep_until(int64_t due) {
    struct timespec time = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static uint16_t checksum(const uint8_t *bytes, int count) {
    uint16_t crc = 0xFFFF;
    for (int index = 0; index < count; index++) {
        crc ^= bytes[index];
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
    }
    return crc;
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    int64_t character = 11 * 1000000000LL / atoi(arguments[1]);
    int64_t silence = atoi(arguments[1]) > 19200 ? 1750000 : character * 7 / 2;
    int64_t delay = 1000 * atoll(arguments[2]);
    prctl(PR_SET_TIMERSLACK, 1);

    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return 1;
    // Held open, so that the line outlives its masters.
    int own = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct termios settings;
    tcgetattr(own, &settings);
    cfmakeraw(&settings);
    tcsetattr(own, TCSANOW, &settings);
    printf("%s\n", ptsname(master));
    fflush(stdout);

    uint8_t request[8], answer[256];
    int got = 0;
    int64_t began = 0;
    for (;;) {
        struct pollfd entry = {.fd = master, .events = POLLIN};
        if (poll(&entry, 1, got > 0 ? 200 : -1) == 0) {
            got = 0;
            continue;
        }
        int length = (int)read(master, request + got, 8 - got);
        if (length <= 0) continue;
        // The first character is on the line from here on.
        if (got == 0) began = now();
        got += length;
        if (got < 8) continue;
        got = 0;
        uint16_t crc = checksum(request, 6);
        int registers = request[4] << 8 | request[5];
        if (request[6] != (crc & 0xFF) || request[7] != crc >> 8 || registers < 1 || registers > 125) continue;
        int address = request[2] << 8 | request[3], size = 3;
        answer[0] = request[0];
        answer[1] = request[1];
        answer[2] = (uint8_t)(2 * registers);
        for (int index = 0; index < registers; index++) {
            answer[size++] = (uint8_t)((address + index) >> 8);
            answer[size++] = (uint8_t)(address + index);
        }
        crc = checksum(answer, size);
        answer[size++] = crc & 0xFF;
        answer[size++] = crc >> 8;
        int64_t due = began + 8 * character + silence + delay;
        for (int index = 0; index < size; index++) {
            due += character;
            sleep_until(due);
            if (write(master, answer + index, 1) != 1) return 1;
        }
    }
}
