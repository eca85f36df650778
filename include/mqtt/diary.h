/*  =========================================================================
    diary - the log of a bridge

    Lines as a server's: time, name, sign, what happened.  All are notices:
    they tell of connections and counts, and never of a device.
    =========================================================================
*/

#ifndef MQTT_DIARY_H
#define MQTT_DIARY_H

#define DIARY_NAME "zherd-mqtt"

//  Bytes of a line, at most: the rest is cut.
#define DIARY_LINE_SIZE_MAX 1024

typedef struct diary_t diary_t;

//  Write to the file, as logfile_new has it, or standard output if it is NULL.
//  Returns NULL, errno set, if it can't be opened.
diary_t *
diary_new (const char *file);

//  Close it and set *self_p to NULL.
void
diary_destroy (diary_t **self_p);

//  Log a line.  What others said is escaped in it.
void
diary_say (diary_t *self, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));

//  Open the file's name again, as after it was renamed.
void
diary_reopen (diary_t *self);

#endif
