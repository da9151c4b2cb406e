// The tokens that need to look further ahead than one: a brace on a later line, a line that goes on, a unit.
// Nothing is kept between calls.

#include "tree_sitter/parser.h"

#include <string.h>

enum Token { OPEN, GO_ON, UNIT };

// Words that begin a statement: after them no line goes on. The list is that of `starter` in the compiler's grammar.
static const char *const STARTERS[] = {
    "edgeplan", "name", "locale", "param", "platform", "ui", "ram", "device", "offline", "confidence",
    "commercial", "non-commercial", "users", "regions", "region", "feature", "budget", "fleet", "test", "task",
    "languages", "language", "require", "forbid", "use", "pin", "allow", "prefer", "resident", "exclusive",
    "set", "expect", "input", "output", "context", "ttft", "decode", "latency", "cold-start", "cold_start",
    "memory", "download", "storage", "battery", NULL,
};
// Words that are never a unit.
static const char *const RESERVED[] = {
    "and", "or", "not", "in", "has", "is", "because", "on", "share", "of", NULL,
};
// What may follow `/` in a unit.
static const char *const PER[] = {"token", "tok", "sec", "s", "h", NULL};

enum { LONGEST = 24 };

static bool is_alpha(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_wordy(int32_t c) { return is_alpha(c) || (c >= '0' && c <= '9') || c == '_'; }
static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }
static bool is_newline(int32_t c) { return c == '\n' || c == '\r'; }

// Units are told apart by their letters alone, whatever their case: the compiler says how they are written.
static void to_lower(char *word) {
    for (; *word; word++) {
        if (*word >= 'A' && *word <= 'Z') *word += 'a' - 'A';
    }
}

static bool among(const char *const *words, const char *word) {
    for (; *words; words++) {
        if (strcmp(*words, word) == 0) return true;
    }
    return false;
}

// Reads a run of characters into `word`; what is too long to be in any list comes out empty.
static void read_word(TSLexer *lexer, char word[LONGEST], bool dashes) {
    unsigned length = 0;
    while (is_alpha(lexer->lookahead) || (dashes && (is_wordy(lexer->lookahead) || lexer->lookahead == '-'))) {
        if (length < LONGEST - 1) word[length] = (char)lexer->lookahead;
        length++;
        lexer->advance(lexer, false);
    }
    word[length < LONGEST ? length : 0] = '\0';
}

// Passes blanks, comments and line ends.
static void skip_lines(TSLexer *lexer) {
    for (;;) {
        if (is_blank(lexer->lookahead) || is_newline(lexer->lookahead)) {
            lexer->advance(lexer, false);
        } else if (lexer->lookahead == '#') {
            while (!lexer->eof(lexer) && !is_newline(lexer->lookahead)) lexer->advance(lexer, false);
        } else {
            return;
        }
    }
}

static bool scan_open(TSLexer *lexer) {
    skip_lines(lexer);
    if (lexer->lookahead != '{') return false;
    lexer->advance(lexer, false);
    lexer->mark_end(lexer);
    lexer->result_symbol = OPEN;
    return true;
}

static bool scan_go_on(TSLexer *lexer) {
    bool carriage = lexer->lookahead == '\r';
    lexer->advance(lexer, false);
    if (carriage && lexer->lookahead == '\n') lexer->advance(lexer, false);
    lexer->mark_end(lexer);
    skip_lines(lexer);
    char word[LONGEST];
    read_word(lexer, word, true);
    if (lexer->lookahead != '.' && among(STARTERS, word)) return false;
    lexer->result_symbol = GO_ON;
    return true;
}

static bool scan_unit(TSLexer *lexer) {
    lexer->result_symbol = UNIT;
    if (lexer->lookahead == '%') {
        lexer->advance(lexer, false);
        lexer->mark_end(lexer);
        if (lexer->lookahead != '/') return true;
        lexer->advance(lexer, false);
        if (!is_alpha(lexer->lookahead)) return true;
        while (is_alpha(lexer->lookahead)) lexer->advance(lexer, false);
        lexer->mark_end(lexer);
        return true;
    }
    char word[LONGEST];
    read_word(lexer, word, false);
    if (is_wordy(lexer->lookahead) || among(RESERVED, word)) return false;
    lexer->mark_end(lexer);
    if (lexer->lookahead != '/') return true;
    lexer->advance(lexer, false);
    read_word(lexer, word, false);
    to_lower(word);
    if (among(PER, word) && !is_wordy(lexer->lookahead) && lexer->lookahead != '.') lexer->mark_end(lexer);
    return true;
}

bool tree_sitter_edgeplan_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
    (void)payload;
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
    int32_t c = lexer->lookahead;
    if (valid[UNIT] && (c == '%' || is_alpha(c))) return scan_unit(lexer);
    if (valid[GO_ON] && is_newline(c)) return scan_go_on(lexer);
    if (valid[OPEN] && (c == '{' || c == '#' || is_newline(c))) return scan_open(lexer);
    return false;
}

void *tree_sitter_edgeplan_external_scanner_create(void) { return NULL; }
void tree_sitter_edgeplan_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_edgeplan_external_scanner_serialize(void *payload, char *buffer) {
    (void)payload;
    (void)buffer;
    return 0;
}
void tree_sitter_edgeplan_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
    (void)payload;
    (void)buffer;
    (void)length;
}
