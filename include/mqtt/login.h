/*  =========================================================================
    login - as whom a broker is used

    In a file of one line, USER:PASSWORD, which belongs to our user and is
    closed to others: so the password is in no argument and no environment.
    =========================================================================
*/

#ifndef MQTT_LOGIN_H
#define MQTT_LOGIN_H

#include <stdbool.h>

//  The longest user and password, in bytes.
#define LOGIN_SIZE_MAX 255

//  Strings.
typedef struct {
    char user [LOGIN_SIZE_MAX + 1];
    char password [LOGIN_SIZE_MAX + 1];
} login_t;

//  Read the file.  Returns NULL or, in words, what is wrong with it: to be
//  printed after its name.
const char *
login_read (login_t *self, const char *file);

//  Wipe it.
void
login_forget (login_t *self);

#endif
