/*  =========================================================================
    reset - a TCP connection that breaks on its way
    =========================================================================
*/

#include "weather/reset.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#define IP_SIZE 20
#define TCP_SIZE 20
#define TCP_RST 4
#define TCP_ACK 16


static uint32_t
s_sum (const unsigned char *data, size_t size)
{
    uint32_t sum = 0;
    for (size_t index = 0; index < size; index++)
        sum += index % 2 ? data [index] : (uint32_t) data [index] << 8;
    return sum;
}


static void
s_put_check (unsigned char *where, uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    where [0] = (unsigned char) (~sum >> 8);
    where [1] = (unsigned char) ~sum;
}


//  Write a RST with these addresses and ports, from a header as it came

static void
s_write (unsigned char *reset, const unsigned char *ports,
    const unsigned char *sequence, const unsigned char *addresses)
{
    unsigned char *tcp = reset + IP_SIZE;
    memset (reset, 0, IP_SIZE + TCP_SIZE);
    reset [0] = 0x45;
    reset [3] = IP_SIZE + TCP_SIZE;
    reset [8] = 64;
    reset [9] = IPPROTO_TCP;
    memcpy (reset + 12, addresses, 8);
    s_put_check (reset + 10, s_sum (reset, IP_SIZE));
    memcpy (tcp, ports, 4);
    memcpy (tcp + 4, sequence, 4);
    tcp [12] = TCP_SIZE / 4 << 4;
    tcp [13] = TCP_RST;
    s_put_check (tcp + 16,
        s_sum (reset + 12, 8) + s_sum (tcp, TCP_SIZE) + IPPROTO_TCP + TCP_SIZE);
}


bool
reset_write (const unsigned char *data, size_t size, unsigned char *there,
    unsigned char *back)
{
    size_t ip_size = (size_t) (data [0] & 15) * 4;
    const unsigned char *tcp = data + ip_size;
    if (size < IP_SIZE || data [9] != IPPROTO_TCP ||
        size < ip_size + TCP_SIZE ||
        size <= ip_size + (size_t) (tcp [12] >> 4) * 4 || !(tcp [13] & TCP_ACK))
        return false;

    s_write (there, tcp, tcp + 4, data + 12);
    unsigned char ports [4] = {tcp [2], tcp [3], tcp [0], tcp [1]};
    unsigned char addresses [8];
    memcpy (addresses, data + 16, 4);
    memcpy (addresses + 4, data + 12, 4);
    s_write (back, ports, tcp + 8, addresses);
    return true;
}
