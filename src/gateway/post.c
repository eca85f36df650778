/*  =========================================================================
    post - the connection to NATS, and the threads that have it
    =========================================================================
*/

#include "gateway/post.h"

#include "config/zpl.h"
#include "gateway/dialer.h"
#include "loop/clock.h"
#include "loop/thread.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <nats/nats.h>
#include <sodium/randombytes.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

//  Bytes on their way between the threads
#define IN_SIZE_MAX 4194304
#define OUT_SIZE_MAX 1048576

//  What libnats holds of what came, beyond which it drops: more than a gateway
//  ever asks for at once
#define PENDING_MESSAGES 65536
#define PENDING_SIZE 67108864

//  Between attempts to connect
#define RETRY_MS 1000

//  For the thread, and libnats, to end what they do with a connection
#define PATIENCE_MS 5000

#define INBOX_SIZE 48
#define WHY_SIZE 256
#define SERVER_ID_SIZE 128

struct post_t {
    poller_t *poller;
    watcher_t told;  //  An eventfd
    natsOptions *options;
    mailbox_t *in;
    mailbox_t *out;
    pthread_t thread;
    bool has_thread;
    char inbox [INBOX_SIZE];  //  The thread's own
    uint64_t connection;      //  Its number; the same
    pthread_mutex_t lock;     //  For what follows
    pthread_cond_t changed;
    bool closing;
    bool is_lost;      //  libnats has closed the connection,
    bool is_closed;    //  and calls s_closed no more
    bool is_complete;  //  It calls s_came no more
    bool is_over;      //  The thread has ended
};


static void
s_set (post_t *self, bool *flag, bool value)
{
    pthread_mutex_lock (&self->lock);
    *flag = value;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}


static bool
s_is (post_t *self, const bool *flag)
{
    pthread_mutex_lock (&self->lock);
    bool value = *flag;
    pthread_mutex_unlock (&self->lock);
    return value;
}


//  Return false if it did not come true in time

static bool
s_await (post_t *self, const bool *flag, int64_t until_ms)
{
    pthread_mutex_lock (&self->lock);
    while (!*flag && thread_wait (&self->changed, &self->lock, until_ms))
        ;
    bool value = *flag;
    pthread_mutex_unlock (&self->lock);
    return value;
}


//  Hand a letter to the loop

static void
s_hand (post_t *self, letter_t *letter)
{
    uint64_t one = 1;
    mailbox_put (self->in, &letter);
    (void) !write (self->told.fd, &one, sizeof one);
}


//  A status is a message of the server's own

static void
s_read_status (natsMsg *message, letter_t *letter)
{
    const char *value = NULL;
    uint64_t number;
    if (natsMsgHeader_Get (message, "Status", &value) == NATS_OK && value &&
        span_number (span_of (value), 999, &number))
        letter->status = (int) number;
    if (letter->status &&
        natsMsgHeader_Get (message, "Nats-Pending-Messages", &value) ==
            NATS_OK &&
        value && span_number (span_of (value), UINT64_MAX, &number))
        letter->pending = number;
}


//  In a thread of libnats

static void
s_came (natsConnection *connection, natsSubscription *subscription,
    natsMsg *message, void *context)
{
    post_t *self = context;
    int size = natsMsg_GetDataLength (message);
    bool fits = size >= 0 && size <= POST_TEXT_SIZE_MAX;
    (void) connection;
    (void) subscription;
    letter_t *letter = letter_new (LETTER_MESSAGE, self->connection,
        natsMsg_GetSubject (message), natsMsg_GetReply (message),
        (span_t){natsMsg_GetData (message), fits ? (size_t) size : 0});
    if (size == 0)
        s_read_status (message, letter);
    natsMsg_Destroy (message);
    s_hand (self, letter);
}


static void
s_completed (void *context)
{
    post_t *self = context;
    s_set (self, &self->is_complete, true);
}


static void
s_closed (natsConnection *connection, void *context)
{
    post_t *self = context;
    (void) connection;
    s_set (self, &self->is_lost, true);
    mailbox_wake (self->out);
    //  From here on the post may be gone
    s_set (self, &self->is_closed, true);
}


//  What libnats says of its last error begins with "(file:line): "

static void
s_say (natsStatus status, char why [WHY_SIZE])
{
    const char *brief = natsStatus_GetText (status);
    const char *text = nats_GetLastError (NULL);
    const char *end = text && *text == '(' ? strstr (text, "): ") : NULL;
    text = end ? end + strlen ("): ") : text;
    bool more = text && *text && strcmp (text, brief) != 0;
    snprintf (
        why, WHY_SIZE, "%s%s%s", brief, more ? ": " : "", more ? text : "");
}


//  In the same thread as s_closed: the server says that we may not do
//  something.  Once s_closed was called the post may be gone

static void
s_denied (natsConnection *connection, natsSubscription *subscription,
    natsStatus status, void *context)
{
    post_t *self = context;
    char why [WHY_SIZE];
    (void) subscription;
    if (natsConnection_IsClosed (connection) || !mailbox_has_room (self->in))
        return;
    s_say (status, why);
    s_hand (self,
        letter_new (LETTER_DENIED, self->connection, "", NULL, span_of (why)));
}


//  Publish what the loop sends by this connection, until it is lost

static natsStatus
s_publish (post_t *self, natsConnection *connection)
{
    natsStatus status = NATS_OK;
    while (status == NATS_OK && !s_is (self, &self->is_lost) &&
           !s_is (self, &self->closing)) {
        letter_t *letter = mailbox_await (self->out, clock_ms () + RETRY_MS);
        assert (!letter || letter->text.size <= INT_MAX);
        if (letter && letter->connection == self->connection)
            status = letter->reply
                         ? natsConnection_PublishRequest (connection,
                               letter->subject, letter->reply,
                               letter->text.data, (int) letter->text.size)
                         : natsConnection_Publish (connection, letter->subject,
                               letter->text.data, (int) letter->text.size);
        letter_destroy (&letter);
    }
    return status == NATS_OK ? NATS_CONNECTION_CLOSED : status;
}


//  Say by what name replies come, and take them

static natsStatus
s_subscribe (
    post_t *self, natsConnection *connection, natsSubscription **subscription)
{
    char subjects [INBOX_SIZE + 2];
    uint64_t number;
    randombytes_buf (&number, sizeof number);
    snprintf (
        self->inbox, sizeof self->inbox, "_INBOX.zherd%016" PRIx64, number);
    snprintf (subjects, sizeof subjects, "%s.>", self->inbox);
    natsStatus status = natsConnection_Subscribe (
        subscription, connection, subjects, s_came, self);
    if (status == NATS_OK) {
        s_set (self, &self->is_complete, false);
        status =
            natsSubscription_SetOnCompleteCB (*subscription, s_completed, self);
        //  The connection is lost already: nothing came, and nothing will
        if (status != NATS_OK)
            s_set (self, &self->is_complete, true);
    }
    if (status == NATS_OK)
        status = natsSubscription_SetPendingLimits (
            *subscription, PENDING_MESSAGES, PENDING_SIZE);
    return status;
}


//  Use a connection for as long as it lasts.  Returns why it ended

static natsStatus
s_use (post_t *self, natsConnection *connection)
{
    natsSubscription *subscription = NULL;
    s_set (self, &self->is_complete, true);
    char server [SERVER_ID_SIZE] = "";
    natsStatus status = s_subscribe (self, connection, &subscription);
    if (status == NATS_OK)
        status = natsConnection_GetConnectedServerId (
            connection, server, sizeof server);
    if (status == NATS_OK) {
        s_hand (self, letter_new (LETTER_CONNECTED, self->connection, server,
                          NULL, span_of (self->inbox)));
        status = s_publish (self, connection);
    }
    natsConnection_Close (connection);
    natsSubscription_Destroy (subscription);
    natsConnection_Destroy (connection);
    //  However long libnats takes: it calls us until then
    s_await (self, &self->is_complete, INT64_MAX);
    s_await (self, &self->is_closed, INT64_MAX);
    return status;
}


static void
s_attempt (post_t *self)
{
    natsConnection *connection = NULL;
    char why [WHY_SIZE];
    self->connection++;
    s_set (self, &self->is_lost, false);
    s_set (self, &self->is_closed, false);
    natsStatus status = natsConnection_Connect (&connection, self->options);
    if (status == NATS_OK)
        status = s_use (self, connection);
    s_say (status, why);
    s_hand (self,
        letter_new (LETTER_LOST, self->connection, "", NULL, span_of (why)));
}


static void *
s_run (void *context)
{
    post_t *self = context;
    int64_t next_ms = 0;
    while (!s_is (self, &self->closing)) {
        letter_t *letter = mailbox_await (self->out, next_ms);
        bool is_due = !letter && clock_ms () >= next_ms;
        letter_destroy (&letter);
        if (is_due) {
            s_attempt (self);
            next_ms = clock_ms () + RETRY_MS;
        }
    }
    nats_ReleaseThreadMemory ();
    s_set (self, &self->is_over, true);
    return NULL;
}


//  In the loop: that alone makes a turn

static void
s_told (void *context, uint32_t events)
{
    const post_t *self = context;
    uint64_t count;
    (void) events;
    (void) !read (self->told.fd, &count, sizeof count);
}


static bool
s_start (post_t *self, const config_t *config, const char *name)
{
    self->options = dialer_options (config, name);
    if (!self->options)
        return false;
    if (natsOptions_SetClosedCB (self->options, s_closed, self) != NATS_OK ||
        natsOptions_SetErrorHandler (self->options, s_denied, self) != NATS_OK)
        return zpl_wrong (config->file, "nats", "there is no memory");
    self->told.fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (self->told.fd >= 0 &&
        poller_add (self->poller, &self->told, EPOLLIN) == 0)
        self->has_thread = thread_start (&self->thread, s_run, self) == 0;
    return self->has_thread ||
           zpl_wrong (config->file, "nats", "there is no thread or descriptor");
}


post_t *
post_new (poller_t *poller, const config_t *config, const char *name)
{
    post_t *self = calloc (1, sizeof (post_t));
    assert (self);
    self->poller = poller;
    self->told = (watcher_t){.fd = -1, .ready = s_told, .context = self};
    self->in = mailbox_new (IN_SIZE_MAX);
    self->out = mailbox_new (OUT_SIZE_MAX);
    pthread_mutex_init (&self->lock, NULL);
    thread_make_condition (&self->changed);
    if (!s_start (self, config, name))
        post_destroy (&self);
    return self;
}


//  A thread that does not end keeps what it has for as long as there is a
//  process

void
post_destroy (post_t **self_p)
{
    post_t *self = *self_p;
    if (!self)
        return;
    *self_p = NULL;
    if (self->told.fd >= 0)
        poller_drop (self->poller, &self->told);
    if (self->has_thread) {
        s_set (self, &self->closing, true);
        mailbox_close (self->in);
        mailbox_close (self->out);
        if (!s_await (self, &self->is_over, clock_ms () + PATIENCE_MS)) {
            pthread_detach (self->thread);
            return;
        }
        pthread_join (self->thread, NULL);
    }
    if (self->told.fd >= 0)
        close (self->told.fd);
    natsOptions_Destroy (self->options);
    mailbox_destroy (&self->in);
    mailbox_destroy (&self->out);
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->changed);
    free (self);
}


bool
post_has_room (post_t *self)
{
    return mailbox_has_room (self->out);
}


void
post_send (post_t *self, uint64_t connection, const char *subject,
    const char *reply, span_t text)
{
    letter_t *letter =
        letter_new (LETTER_MESSAGE, connection, subject, reply, text);
    mailbox_add (self->out, &letter);
}


letter_t *
post_receive (post_t *self)
{
    return mailbox_take (self->in);
}
