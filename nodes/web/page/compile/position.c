/* SPDX-License-Identifier: Apache-2.0 */
#include "position.h"

#include <string.h>

#include "memory.h"

enum holds { HOLDS_NO_VALUE, HOLDS_TEXT, HOLDS_LINK };

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

static bool grow(char word[static TEMPLATE_WORD_MAX], char c)
{
    size_t n = strlen(word);

    if (n + 1 >= TEMPLATE_WORD_MAX)
        return false;
    word[n] = c;
    word[n + 1] = 0;
    return true;
}

/* ---- what the HTML itself may hold -------------------------------------------------------------------- */

/* What another grammar than HTML's reads, or what moves every link of the page. */
static bool is_refused_element(const char *name)
{
    static const char *const NAMES[] = {"script", "style", "iframe", "object", "embed",
        "base", "svg", "math", "noscript", "template", "plaintext", "xmp", "noembed",
        "noframes", "frame", "frameset", "applet", "listing", "portal"};

    return is_one_of(name, NAMES, ARRAY_LENGTH(NAMES));
}

static bool is_flat_element(const char *name)
{
    static const char *const NAMES[] = {"title", "textarea", "option"};

    return is_one_of(name, NAMES, ARRAY_LENGTH(NAMES));
}

static enum holds attribute_holds(const char *name)
{
    static const char *const TEXTS[] = {"value", "title", "id", "for", "class", "lang",
        "dir", "name", "placeholder", "alt", "label", "datetime", "min", "max",
        "maxlength", "headers"};
    static const char *const LINKS[] = {"href", "action", "src"};

    if (is_one_of(name, LINKS, ARRAY_LENGTH(LINKS)))
        return HOLDS_LINK;
    if (is_one_of(name, TEXTS, ARRAY_LENGTH(TEXTS)) || strncmp(name, "aria-", 5) == 0 ||
        strncmp(name, "data-", 5) == 0)
        return HOLDS_TEXT;
    return HOLDS_NO_VALUE;
}

static bool is_refused_attribute(const char *name)
{
    static const char *const NAMES[] = {"style", "srcdoc", "http-equiv", "formaction",
        "ping", "srcset", "background", "manifest"};

    return strncmp(name, "on", 2) == 0 || is_one_of(name, NAMES, ARRAY_LENGTH(NAMES));
}

/* ---- the machine --------------------------------------------------------------------------------------- */

static const char *end_tag(struct position *now)
{
    if (is_refused_element(now->element))
        return "this element is not allowed in a page: scripts and styles stand in files "
               "of "
               "their own, and no page holds another";
    now->flat = !now->closing && is_flat_element(now->element);
    now->place = now->flat ? PLACE_FLAT : PLACE_TEXT;
    if (now->flat)
        memcpy(now->inside, now->element, sizeof(now->inside));
    now->closing = false;
    now->attribute[0] = 0;
    if (!now->flat)
        now->element[0] = 0;
    return NULL;
}

static const char *start_tag(struct position *now, char c)
{
    now->closing = c == '/';
    if (now->flat && !now->closing)
        return "no element may stand inside title, textarea or option: write &lt;";
    if (c == '!') {
        now->place = PLACE_DECLARATION;
        return NULL;
    }
    if (!now->closing && !(c >= 'a' && c <= 'z'))
        return "a lone '<': write &lt;, and elements in lower case";
    now->element[0] = 0;
    now->place = PLACE_TAG_NAME;
    if (!now->closing)
        (void)grow(now->element, c);
    return NULL;
}

static const char *in_name(struct position *now, char c)
{
    if (html_is_word(c))
        return grow(now->element, c) ? NULL : "the element's name is long";
    if (now->flat && now->closing && strcmp(now->element, now->inside) != 0)
        return "title, textarea or option must end first";
    if (is_refused_element(now->element) || c == '>')
        return end_tag(now);
    if (!html_is_space(c) && c != '/')
        return "the element's name holds an odd character";
    now->place = PLACE_IN_TAG;
    return NULL;
}

static const char *in_attribute(struct position *now, char c)
{
    if (html_is_word(c))
        return grow(now->attribute, c) ? NULL : "the attribute's name is long";
    if (is_refused_attribute(now->attribute))
        return "this attribute is not allowed in a page: style goes into style.css, and "
               "nothing runs from an attribute";
    if (c == '>')
        return end_tag(now);
    if (c == '=') {
        now->place = PLACE_BEFORE_VALUE;
        now->value_n = 0;
        memset(now->value, 0, sizeof(now->value));
        now->path_used = false;
    } else if (html_is_space(c)) {
        now->place = PLACE_IN_TAG;
    } else {
        return "the attribute's name holds an odd character";
    }
    return NULL;
}

static const char *in_value(struct position *now, char c)
{
    if (c == '"') {
        now->place = PLACE_IN_TAG;
        now->attribute[0] = 0;
        return NULL;
    }
    if (now->path_used && strchr(":\\", c))
        return "behind a value, a link may hold '/' and words only";
    if (now->value_n < sizeof(now->value))
        now->value[now->value_n] = c;
    now->value_n++;
    return NULL;
}

static const char *in_tag(struct position *now, char c)
{
    if (c == '>')
        return end_tag(now);
    if (html_is_space(c) || c == '/')
        return NULL;
    if (!(c >= 'a' && c <= 'z'))
        return "attributes are written in lower case";
    now->attribute[0] = 0;
    (void)grow(now->attribute, c);
    now->place = PLACE_ATTRIBUTE;
    return NULL;
}

const char *position_move(struct position *now, char c)
{
    switch (now->place) {
    case PLACE_TEXT:
    case PLACE_FLAT:
        if (c == '<')
            now->place = PLACE_TAG_START;
        return NULL;
    case PLACE_TAG_START:
        return start_tag(now, c);
    case PLACE_TAG_NAME:
        return in_name(now, c);
    case PLACE_DECLARATION:
        if (c == '>')
            now->place = PLACE_TEXT;
        return NULL;
    case PLACE_IN_TAG:
        return in_tag(now, c);
    case PLACE_ATTRIBUTE:
        return in_attribute(now, c);
    case PLACE_BEFORE_VALUE:
        if (c != '"')
            return "the attribute's value needs double quotes";
        now->place = PLACE_VALUE;
        return NULL;
    case PLACE_VALUE:
        return in_value(now, c);
    case PLACE_COMMENT:
        break;
    }
    return NULL;
}

/* ---- what a tag asks ------------------------------------------------------------------------------------ */

static bool is_in_value(const struct position *now, enum holds what)
{
    return now->place == PLACE_VALUE && attribute_holds(now->attribute) == what;
}

const char *position_of_value(const struct position *now, bool *is_flat)
{
    *is_flat = now->place != PLACE_TEXT;
    if (now->place == PLACE_TEXT || now->place == PLACE_FLAT ||
        is_in_value(now, HOLDS_TEXT))
        return NULL;
    if (is_in_value(now, HOLDS_LINK))
        return "a value in a link: write a fixed beginning and {{path name}}, as in "
               "href=\"/referral/{{path reference}}\"";
    if (now->place == PLACE_VALUE)
        return "a value in this attribute: move it into the element's text, or add the "
               "attribute to the list in position.c with a reason";
    if (now->place == PLACE_BEFORE_VALUE)
        return "the attribute's value needs double quotes";
    return "a value inside a tag: values stand in text or in a double-quoted attribute";
}

const char *position_of_link(struct position *now, bool is_asset)
{
    /* {{path name}} prints no '/' and no '\', so that "/" alone is a beginning, too. */
    bool fixed = now->value_n >= 1 && now->value[0] == '/' &&
                 (now->value_n == 1 || (now->value[1] != '/' && now->value[1] != '\\'));

    if (!is_in_value(now, HOLDS_LINK))
        return "this tag stands in href, action or src only";
    if (is_asset && (now->value_n != 0 || now->path_used))
        return "{{asset NAME}} is the whole link";
    if (!is_asset && !fixed)
        return "{{path name}} needs a fixed beginning like \"/referral/\"";
    now->path_used = true;
    return NULL;
}

bool position_end_word(struct position *now)
{
    if (now->place != PLACE_ATTRIBUTE || is_refused_attribute(now->attribute))
        return false;
    now->place = PLACE_IN_TAG;
    now->attribute[0] = 0;
    return true;
}

bool position_takes_blocks(const struct position *now)
{
    return now->place == PLACE_TEXT || now->place == PLACE_FLAT ||
           now->place == PLACE_IN_TAG || is_in_value(now, HOLDS_TEXT);
}

bool position_is_same(const struct position *a, const struct position *b)
{
    return a->place == b->place && a->closing == b->closing && a->flat == b->flat &&
           strcmp(a->element, b->element) == 0 && strcmp(a->attribute, b->attribute) == 0;
}
