<?php
// Приём входа через Госуслуги: PHP 5.6+, без библиотек. Настройки лежат рядом, в settings.php; сам файл не меняйте.
//   receiver.php?login=1     начинает вход: поставьте эту ссылку под кнопку «Войти через Госуслуги»
//   receiver.php?token=…     сюда мост возвращает человека; этот адрес стоит у моста в connector.url
// Receiver of the bridge's signed link. Set everything in settings.php. After it, $_SESSION['bridge_account'] is who came in.
$set = require __DIR__ . '/settings.php';
$now = isset($set['now']) ? $set['now'] : time(); // 'now' only to try the test vector
foreach (array('session.cookie_httponly', 'session.use_strict_mode') as $name) ini_set($name, '1');
ini_set('session.cookie_secure', strpos($set['home'], 'https:') === 0 ? '1' : '0');
// PHP 7.3+. The bridge's form comes from another site. Never left to the browser: some take a cookie without a word for None, for two minutes.
ini_set('session.cookie_samesite', empty($set['post']) ? 'Lax' : 'None');
session_start();
header('Cache-Control: no-store');
header('Referrer-Policy: no-referrer');

function refuse($status, $code)
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    echo '<!doctype html><html lang="ru"><title>Вход не удался</title><h1>Вход не удался</h1>',
        '<p>Вернитесь на страницу журнала и войдите ещё раз.</p><p>Для школы: ', $code, '</p></html>';
    exit;
}

function decode($part)
{
    return base64_decode(strtr($part, '-_', '+/'), true);
}

function count_names($value)
{
    $count = is_object($value) ? count((array) $value) : 0;
    if (is_object($value) || is_array($value)) foreach ((array) $value as $inner) $count += count_names($inner);
    return $count;
}

// As many names as colons outside of strings: one that stands twice is read differently by others.
function read_json($text)
{
    $colons = substr_count(preg_replace('/"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"/', '', $text), ':');
    return count_names(json_decode($text)) === $colons ? json_decode($text, true) : null;
}

// Remembers a token in a file under a lock, so that it opens the journal once. Forgets it when it has expired anyway.
function first_time($file, $id, $until, $now)
{
    $handle = fopen($file, 'c+');
    if (!$handle || !flock($handle, LOCK_EX)) refuse(503, 'store');
    $used = array();
    foreach (explode("\n", stream_get_contents($handle)) as $line) {
        $pair = explode(' ', $line);
        if (count($pair) === 2 && (int) $pair[1] > $now) $used[$pair[0]] = (int) $pair[1];
    }
    $new = !isset($used[$key = 'j' . hash('sha256', $id)]);
    $used[$key] = $until;
    $text = '';
    foreach ($used as $known => $end) $text .= "$known $end\n";
    rewind($handle);
    if (fwrite($handle, $text) !== strlen($text) || !ftruncate($handle, strlen($text))) refuse(503, 'store');
    fclose($handle); // writes out and unlocks
    return $new;
}

$states = isset($_SESSION['bridge_states']) ? $_SESSION['bridge_states'] : array();
if (isset($_GET['login'])) {
    $state = bin2hex(function_exists('random_bytes') ? random_bytes(16) : openssl_random_pseudo_bytes(16));
    $_SESSION['bridge_states'] = array_slice(array_merge($states, array($state)), -5);
    $query = array('journal' => $set['journal'], 'return' => $set['home'], 'state' => $state);
    header('Location: ' . $set['bridge'] . '/login?' . http_build_query($query), true, 303);
    exit;
}
$sent = $_POST + $_GET;
$token = isset($sent['token']) && is_string($sent['token']) ? $sent['token'] : '';
if (strlen($token) > 8192 || !preg_match('/^([\w-]+)\.([\w-]+)\.([\w-]+)$/D', $token, $m)) refuse(400, 'token-form');
$header = read_json(decode($m[1]));
$claims = read_json(decode($m[2]));
if (!is_array($header) || !is_array($claims)) refuse(400, 'token-form');
if (!isset($header['alg']) || $header['alg'] !== $set['alg']) refuse(403, 'token-algorithm');
$right = $set['alg'] === 'HS256'
    ? hash_equals(hash_hmac('sha256', "$m[1].$m[2]", $set['key'], true), (string) decode($m[3]))
    : $set['alg'] === 'RS256' && openssl_verify("$m[1].$m[2]", decode($m[3]), $set['key'], OPENSSL_ALGO_SHA256) === 1;
if (!$right) refuse(403, 'token-signature');
foreach (array('iss', 'aud', 'jti', 'login', 'role', 'school', 'account') as $name) {
    if (!isset($claims[$name]) || !is_string($claims[$name])) refuse(400, 'token-form');
}
if (!isset($header['typ'], $claims['iat'], $claims['exp']) || $header['typ'] !== 'JWT' || !is_int($claims['iat']) || !is_int($claims['exp'])) refuse(400, 'token-form');
if ($claims['iss'] !== $set['bridge']) refuse(403, 'token-issuer');
if ($claims['aud'] !== $set['audience']) refuse(403, 'token-audience');
if ($claims['iat'] > $now + 30) refuse(403, 'token-early'); // 30 s: the clocks of two servers differ
if ($claims['exp'] + 30 <= $now) refuse(403, 'token-expired');
if (isset($claims['state']) ? !in_array($claims['state'], $states, true) : $set['requireState']) refuse(403, 'state-foreign');
if (!first_time($set['usedFile'], $claims['jti'], $claims['exp'] + 30, $now)) refuse(403, 'token-used');

session_regenerate_id(true);
$_SESSION = array('bridge_account' => array_intersect_key($claims, array_flip(array('account', 'login', 'role', 'school', 'child', 'sid'))));
$to = isset($claims['return_to']) && strpos($claims['return_to'], $set['home']) === 0 ? $claims['return_to'] : $set['home'];
header("Location: $to", true, 303); // a clean address: the token stays in no history
