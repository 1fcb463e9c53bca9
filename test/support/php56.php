<?php
// Reads PHP files as tokens and names everything that PHP 5.6 would not understand: syntax and types of later versions, and
// functions, constants and arguments that are not on the list below (who adds one looks up in the manual since when it is there).
// Prints a list of {file, line, what}. Runs on any PHP from 8.0 on.
const FUNCTIONS = array(
    'array_diff', 'array_filter', 'array_flip', 'array_intersect_key', 'array_key_exists', 'array_merge', 'array_slice', 'base64_decode', 'base64_encode',
    'bin2hex', 'count', 'dirname', 'explode', 'fclose', 'file_get_contents', 'flock', 'fopen', 'ftruncate', 'function_exists', 'fwrite', 'getenv', 'hash',
    'hash_equals', 'hash_hmac', 'header', 'htmlspecialchars', 'http_build_query', 'http_response_code', 'implode', 'in_array', 'ini_set', 'is_array',
    'is_int', 'is_object', 'is_string', 'json_decode', 'json_encode', 'ksort', 'openssl_random_pseudo_bytes', 'openssl_verify', 'parse_str',
    'password_verify', 'preg_match', 'preg_replace', 'rawurldecode', 'rawurlencode', 'realpath', 'rewind', 'rtrim', 'session_regenerate_id', 'session_start',
    'stream_get_contents', 'strlen', 'strpos', 'strrpos', 'strtr', 'substr', 'substr_count', 'time', 'trim',
);
const CONSTANTS = array('LOCK_EX', 'OPENSSL_ALGO_SHA256', 'SORT_STRING', 'ENT_QUOTES', 'false', 'null', 'true');
const TOKENS = array(
    'T_COALESCE' => '??', 'T_COALESCE_EQUAL' => '??=', 'T_SPACESHIP' => '<=>', 'T_FN' => 'fn', 'T_YIELD_FROM' => 'yield from', 'T_MATCH' => 'match',
    'T_NULLSAFE_OBJECT_OPERATOR' => '?->', 'T_ATTRIBUTE' => '#[', 'T_ENUM' => 'enum', 'T_READONLY' => 'readonly',
);
const NO_ARGUMENTS = array('session_start' => 'arguments of session_start');
const VISIBILITY = array('public', 'protected', 'private', 'static', 'var');

function significant($code)
{
    $tokens = array();
    foreach (PhpToken::tokenize($code) as $token) if (!$token->isIgnorable()) $tokens[] = $token;
    return $tokens;
}

/** Index of the bracket that belongs to the one at $at. */
function partner($tokens, $at, $step)
{
    $depth = 0;
    for ($i = $at; isset($tokens[$i]); $i += $step) {
        if (in_array($tokens[$i]->text, array('(', '[', '{', '${', '#['), true) || $tokens[$i]->is(T_CURLY_OPEN)) $depth++;
        if (in_array($tokens[$i]->text, array(')', ']', '}'), true)) $depth--;
        if ($depth === 0) return $i;
    }
    return $at;
}

/** Whether the [ at $at opens an array, and is no index of something. */
function opens_array($tokens, $at)
{
    $before = $at > 0 ? $tokens[$at - 1] : null;
    return !$before || !($before->is(array(T_VARIABLE, T_STRING, T_CONSTANT_ENCAPSED_STRING)) || in_array($before->text, array(')', ']', '}', '"'), true));
}

function problems_of_function($tokens, $at)
{
    $found = array();
    for ($open = $at; $tokens[$open]->text !== '('; ) $open++;
    $close = partner($tokens, $open, 1);
    for ($i = $open + 1; $i < $close; $i++) {
        if (!$tokens[$i]->is(T_VARIABLE)) continue;
        for ($j = $i - 1, $type = ''; !in_array($tokens[$j]->text, array('(', ','), true); $j--) $type = $tokens[$j]->text . $type;
        $type = trim($type, '&.');
        if (preg_match('/^(int|float|string|bool|iterable|object|mixed|null|false|true|never|void)$|[?|&]|public|private|protected/i', $type)) $found[] = "type $type";
        while ($i < $close && $tokens[$i]->text !== ',') $i = in_array($tokens[$i]->text, array('(', '['), true) ? partner($tokens, $i, 1) + 1 : $i + 1;
    }
    $after = $close + 1;
    if ($tokens[$after]->is(T_USE)) $after = partner($tokens, $after + 1, 1) + 1;
    if ($tokens[$after]->text === ':') $found[] = 'return type';
    return $found;
}

/** What is wrong at one token; the order of the lines is that of the versions. */
function problems_at($tokens, $i)
{
    $found = array();
    $token = $tokens[$i];
    list($text, $name) = array($token->text, $token->getTokenName());
    $before = $i > 0 ? $tokens[$i - 1] : new PhpToken(T_OPEN_TAG, '');
    $next = isset($tokens[$i + 1]) ? $tokens[$i + 1] : new PhpToken(T_CLOSE_TAG, '');
    if (isset(TOKENS[$name])) $found[] = TOKENS[$name];
    if ($token->is(T_FUNCTION) && !$before->is(T_USE)) $found = array_merge($found, problems_of_function($tokens, $i));
    if ($token->is(T_NEW) && $next->is(T_CLASS)) $found[] = 'anonymous class';
    if ($token->is(T_DECLARE) && stripos($tokens[$i + 2]->text, 'strict_types') === 0) $found[] = 'strict_types';
    if ($token->is(T_NS_SEPARATOR) && $next->text === '{') $found[] = 'group use';
    if ($token->is(array(T_CONSTANT_ENCAPSED_STRING, T_ENCAPSED_AND_WHITESPACE)) && $text[0] !== "'" && preg_match('/(?<!\\\\)(?:\\\\\\\\)*\\\\u\{/', $text)) $found[] = '\u{}';
    if ($text === '(' && $before->text === ')') $found[] = 'call of a result';
    if (in_array(strtolower($text), VISIBILITY, true) && $next->is(T_CONST)) $found[] = 'visibility of a constant';
    if ($token->is(T_CATCH) && array_intersect(array('|'), array_column(array_slice($tokens, $i, partner($tokens, $i + 1, 1) - $i), 'text'))) $found[] = 'catch of several';
    if ($token->is(T_CATCH) && !$tokens[partner($tokens, $i + 1, 1) - 1]->is(T_VARIABLE)) $found[] = 'catch without a variable';
    if ($text === '[' && opens_array($tokens, $i)) {
        $after = $tokens[partner($tokens, $i, 1) + 1]->text;
        if ($after === '=' || $before->is(T_AS) || $before->is(T_DOUBLE_ARROW) && $after === ')' && as_before($tokens, $i)) $found[] = 'short list';
        for ($j = $i + 1; $j < partner($tokens, $i, 1); $j++) if ($tokens[$j]->is(T_ELLIPSIS) && in_array($tokens[$j - 1]->text, array('[', ','), true)) $found[] = 'spread in an array';
    }
    if ($token->is(T_LIST) && array_intersect(array('=>'), array_column(array_slice($tokens, $i, partner($tokens, $i + 1, 1) - $i), 'text'))) $found[] = 'list with keys';
    if ($token->is(T_END_HEREDOC) && preg_match('/^\s/', $text)) $found[] = 'indented heredoc';
    if ($text === ',' && $next->text === ')' && !$tokens[max(0, partner($tokens, $i + 1, -1) - 1)]->is(array(T_ARRAY, T_LIST))) $found[] = 'comma before a bracket';
    if ($token->is(array(T_LNUMBER, T_DNUMBER)) && preg_match('/_|^0o/i', $text)) $found[] = 'number';
    if (in_array(strtolower($text), VISIBILITY, true) && !$next->is(array(T_VARIABLE, T_FUNCTION, T_CONST, T_PUBLIC, T_PRIVATE, T_PROTECTED, T_STATIC, T_ABSTRACT, T_FINAL, T_PAAMAYIM_NEKUDOTAYIM, T_FN)) && $next->text !== '(') $found[] = 'typed property';
    if ($token->is(T_STRING) && $next->text === ':' && in_array($before->text, array('(', ','), true)) $found[] = 'named argument';
    if ($token->is(T_THROW) && !in_array($before->text, array('', ';', '{', '}', ')', 'else', 'do'), true) && !($before->text === ':' && is_label($tokens, $i - 1))) $found[] = 'throw as a value';
    if ($token->is(T_VARIABLE) && $next->is(T_PAAMAYIM_NEKUDOTAYIM) && $tokens[$i + 2]->is(T_CLASS)) $found[] = '::class of an object';
    if ($token->is(T_ELLIPSIS) && $before->text === '(' && $next->text === ')') $found[] = 'f(...)';
    return $found;
}

/** Whether the : at $at ends `case …`, and is no half of ?: */
function is_label($tokens, $at)
{
    for ($i = $at; $i >= 0 && !in_array($tokens[$i]->text, array(';', '{', '}'), true); $i--) if ($tokens[$i]->is(array(T_CASE, T_DEFAULT))) return true;
    return false;
}

function as_before($tokens, $at)
{
    for ($i = $at; $i > 0 && !in_array($tokens[$i]->text, array('(', ';', '{'), true); $i--) if ($tokens[$i]->is(T_AS)) return true;
    return false;
}

/** A function or constant that is not on the list, unless the same statement asks for it first with function_exists. */
function unknown_name($tokens, $i, $own)
{
    $token = $tokens[$i];
    if (!$token->is(array(T_STRING, T_NAME_FULLY_QUALIFIED, T_NAME_QUALIFIED, T_NAME_RELATIVE))) return array();
    $before = $i > 0 ? $tokens[$i - 1] : new PhpToken(T_OPEN_TAG, '');
    if ($before->is(array(T_FUNCTION, T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_PAAMAYIM_NEKUDOTAYIM, T_NEW, T_CLASS, T_INTERFACE, T_TRAIT, T_CONST, T_EXTENDS, T_IMPLEMENTS, T_INSTANCEOF, T_NAMESPACE, T_USE, T_GOTO))) return array();
    $name = ltrim($token->text, '\\');
    $next = $tokens[$i + 1]->text;
    if ($tokens[$i + 1]->is(array(T_PAAMAYIM_NEKUDOTAYIM, T_VARIABLE)) || $next === ':' || inside_quotes($tokens, $i)) return array();
    if ($next !== '(') return in_array($name, CONSTANTS, true) ? array() : array("constant $name");
    if (isset(NO_ARGUMENTS[$name]) && $tokens[$i + 2]->text !== ')') return array(NO_ARGUMENTS[$name]);
    for ($j = $i; $j > 0 && !in_array($tokens[$j]->text, array(';', '{', '}'), true); $j--) {
        if ($tokens[$j]->text === 'function_exists' && trim($tokens[$j + 2]->text, "'\"") === $name) return array();
    }
    return in_array($name, FUNCTIONS, true) || in_array($name, $own, true) ? array() : array("function $name");
}

/** "$names[signature]" in a string needs no quotes, and is no constant. */
function inside_quotes($tokens, $i)
{
    for ($j = $i - 1, $quotes = 0; $j >= 0 && $tokens[$j]->line === $tokens[$i]->line; $j--) if ($tokens[$j]->text === '"') $quotes++;
    return $quotes % 2 === 1 && $i > 0 && $tokens[$i - 1]->text === '[';
}

$files = array();
foreach (array_slice($argv, 1) as $file) $files[$file] = significant(file_get_contents($file));
// the files lie beside one another, and one calls what another declares
$own = array();
foreach ($files as $tokens) {
    foreach ($tokens as $i => $token) if ($token->is(T_FUNCTION) && $tokens[$i + 1]->is(T_STRING)) $own[] = $tokens[$i + 1]->text;
}
$found = array();
foreach ($files as $file => $tokens) {
    foreach ($tokens as $i => $token) {
        foreach (array_merge(problems_at($tokens, $i), unknown_name($tokens, $i, $own)) as $what) {
            $found[] = array('file' => basename($file), 'line' => $token->line, 'what' => $what);
        }
    }
}
echo json_encode($found);
