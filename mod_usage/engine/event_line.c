/* SPDX-License-Identifier: Apache-2.0 */
/* Takes a header's value apart. Runs in every thread of every child. */
#include "event_line.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>
#include <apr_cstr.h>

typedef usage_event_reader_t reader_t;

usage_event_reader_t usage_event_read(const char *line,
                                      usage_event_line_t *room)
{
    return (reader_t){ .at = line,
                       .to = room->text,
                       .end = room->text + sizeof room->text };
}

static void skip_any(reader_t *reader, const char *bytes)
{
    reader->at += strspn(reader->at, bytes);
}

static bool put(reader_t *reader, char c)
{
    bool has_room = reader->to < reader->end;
    if (has_room) {
        *reader->to++ = c;
    }
    return has_room;
}

/* Behind its first quote; false if it has no other. */
static bool read_quoted(reader_t *reader)
{
    for (; *reader->at != '"'; reader->at++) {
        if (*reader->at == '\\' && reader->at[1] != '\0') {
            reader->at++;
        }
        if (*reader->at == '\0' || !put(reader, *reader->at)) {
            return false;
        }
    }
    reader->at++;
    skip_any(reader, " \t");
    return true;
}

static bool read_plain(reader_t *reader, const char *ends)
{
    apr_size_t length = strcspn(reader->at, ends);
    for (apr_size_t i = 0; i < length; i++) {
        if (!put(reader, reader->at[i])) {
            return false;
        }
    }
    reader->at += length;
    return true;
}

/* A text that one of @a ends, or the line's end, comes after. */
static bool read_text(reader_t *reader, const char *ends, usage_text_t *text)
{
    char *begin = reader->to;
    skip_any(reader, " \t");
    bool is_quoted = *reader->at == '"';
    reader->at += is_quoted;
    if (!(is_quoted ? read_quoted(reader) : read_plain(reader, ends))) {
        return false;
    }
    char *end = reader->to;
    while (!is_quoted && end > begin && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    *text = (usage_text_t){ begin, (apr_size_t)(end - begin) };
    return *reader->at == '\0' || strchr(ends, *reader->at) != NULL;
}

static bool is_word(usage_text_t text, const char *word)
{
    return text.length == strlen(word)
           && apr_cstr_casecmpn(text.data, word, text.length) == 0;
}

static bool read_count(usage_text_t text, apr_int64_t *count)
{
    apr_int64_t number = 0;
    for (apr_size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c < '0' || c > '9' || number > USAGE_EVENT_COUNT_MAX) {
            return false;
        }
        number = number * 10 + (c - '0');
    }
    *count = number;
    return text.length > 0 && number <= USAGE_EVENT_COUNT_MAX;
}

static bool read_parameter(reader_t *reader, usage_event_words_t *words)
{
    usage_text_t key;
    usage_text_t value;
    reader->at++;
    if (!read_text(reader, "=;,", &key) || *reader->at != '=') {
        return false;
    }
    reader->at++;
    if (!read_text(reader, ";,", &value)) {
        return false;
    }
    if (is_word(key, "category")) {
        words->category = value;
        return true;
    }
    return is_word(key, "count") && read_count(value, &words->count);
}

static const char *behind_quoted(const char *at)
{
    for (at++; *at != '\0' && *at != '"'; at++) {
        at += *at == '\\' && at[1] != '\0';
    }
    return *at == '"' ? at + 1 : at;
}

/* To the comma after an event that can't be read: one in quotes is none. */
static void skip_event(reader_t *reader)
{
    while (*reader->at != '\0' && *reader->at != ',') {
        reader->at =
            *reader->at == '"' ? behind_quoted(reader->at) : reader->at + 1;
    }
}

apr_status_t usage_event_next(usage_event_reader_t *reader,
                              usage_event_words_t *words)
{
    *words = (usage_event_words_t){ .name = { "", 0 },
                                    .category = { "", 0 },
                                    .count = 1 };
    skip_any(reader, " \t,");
    if (*reader->at == '\0') {
        return APR_EOF;
    }
    bool is_good = read_text(reader, ";,", &words->name);
    while (is_good && *reader->at == ';') {
        is_good = read_parameter(reader, words);
    }
    if (!is_good) {
        skip_event(reader);
    }
    return is_good ? APR_SUCCESS : APR_EINVAL;
}
