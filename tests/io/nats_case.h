/*  =========================================================================
    nats_case - how NATS, and the two gateways of a test, may be set up
    =========================================================================
*/

#ifndef TESTS_IO_NATS_CASE_H
#define TESTS_IO_NATS_CASE_H

#include "io/nats_jwt.h"

#define OPENSSL "/usr/bin/openssl"

//  What a gateway must be permitted, where each may publish its own region
//  alone.  Without STREAM.CREATE it uses a stream that is there; without
//  CONSUMER.DELETE the consumers that it leaves end half a minute later.
#define MAY(region)                                                            \
    "permissions: { subscribe: \"_INBOX.>\", publish: [ "                      \
    "\"herd." region "\", \"herd." region ".>\", "                             \
    "\"$JS.API.STREAM.INFO.herd\", \"$JS.API.STREAM.CREATE.herd\", "           \
    "\"$JS.API.CONSUMER.CREATE.herd\", "                                       \
    "\"$JS.API.CONSUMER.MSG.NEXT.herd.*\", "                                   \
    "\"$JS.API.CONSUMER.DELETE.herd.*\" ] }"

//  An example of NATS' documentation
#define NKEY "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"
#define SEED "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"

//  An authority, another of the same name, and who the first vouches for
#define CERTIFY                                                                \
    OPENSSL " req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "     \
            "-nodes -days 2 -keyout $name.key -out $name.pem "
#define CERTIFY_ALL                                                            \
    "exec 2>/dev/null; cd %s && for name in ca other; do " CERTIFY             \
    "-subj /CN=ca; done && for name in nats gate; do " CERTIFY                 \
    "-subj /CN=$name -CA ca.pem -CAkey ca.key -addext "                        \
    "subjectAltName=IP:127.0.0.1 -addext basicConstraints=CA:FALSE; done"

#define TLS(verify)                                                            \
    "tls { cert_file: nats.pem, key_file: nats.key, ca_file: ca.pem, "         \
    "verify: " verify " }\n"

#define TRUST "    ca = ca.pem\n"
#define CERTIFIED TRUST "    cert = gate.pem\n    key = gate.key\n"

//  How NATS is set up, and each side: where it connects to, without a port,
//  and what else its section nats has.  NULL is nothing particular.  And what
//  each side is to say.
typedef struct {
    const char *nats;
    const char *url [2];
    const char *keys [2];
    unsigned ttl_seconds [2];
    const char *says;
} variant_t;

static variant_t s_plain = {.nats = NULL}, s_brief = {.ttl_seconds = {4, 4}},
                 s_uneven = {.ttl_seconds = {2, 1000}};
static variant_t s_secured = {
    .nats = TLS ("true") "authorization { users: [ { nkey: " NKEY ", " MAY (
        "east") " }, { user: west, password: secret, " MAY ("west") " } ] }",
    .url = {"tls://127.0.0.1", "tls://west:secret@127.0.0.1"},
    .keys = {CERTIFIED "    nkey = " NKEY "\n    seed = seed\n", CERTIFIED}};
static variant_t s_distrusted = {.nats = TLS ("false"),
    .url = {"tls://localhost", "tls://127.0.0.1"},
    .keys = {TRUST, "    ca = other.pem\n"},
    .says = "SSL handshake error"};
static variant_t s_unknown = {
    .nats = "authorization { user: west, password: secret }",
    .url = {NULL, "nats://west:guess@127.0.0.1"},
    .says = "Authorization Violation"};
static variant_t s_vouched = {.nats = BY_TOKENS,
    .keys = {"    credentials = user\n", "    credentials = stranger\n"},
    .says = "Authorization Violation"};
static variant_t s_denied = {
    .nats = "authorization { users: [ { user: any, password: secret, "
            "permissions: { publish: { deny: \"$JS.>\" } } } ] }",
    .url = {"nats://any:secret@127.0.0.1", "nats://any:secret@127.0.0.1"},
    .says = "Permissions Violation for Publish to \"$JS.API.STREAM.INFO.herd"};

#endif
