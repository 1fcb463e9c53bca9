<?php
// Приём входа от соединителей form-post и hmac-query: PHP 5.6+, без библиотек. Настройки лежат рядом, в settings.php:
// к тем, что в settings.example.php, добавьте те, что в signed-fields.example.php; сам файл не меняйте.
//   signed-fields.php?bridge=login   начинает вход: поставьте эту ссылку под кнопку «Войти через Госуслуги»
//   signed-fields.php                сюда мост приводит человека; этот адрес стоит у моста в connector.url
// Receiver of signed fields. After it, $_SESSION['bridge_account'] is who came in, in the charset of the form.
$set = (require __DIR__ . '/settings.php') + array('shape' => 'form', 'separator' => '|', 'names' => array());
$now = isset($set['now']) ? $set['now'] : time(); // 'now' only to try the test vectors
// Наше имя поля => имя у журнала. / Our name of a field => the name in this journal.
$names = $set['names'] + array('login' => 'login', 'role' => 'role', 'school' => 'school', 'child' => 'child', 'sid' => 'sid',
    'audience' => 'aud', 'returnTo' => 'return_to', 'state' => 'state', 'ts' => 'ts', 'nonce' => 'nonce', 'signature' => 'sig');
$https = strpos($set['home'], 'https:') === 0;
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

// Remembers a nonce in a file under a lock, so that it opens the journal once. Forgets it when it has expired anyway.
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

// What was signed: the octets as they arrived.
function signed_text($fields, $set, $signature)
{
    if ($set['shape'] === 'query') { // everything before the signature, which stands last
        $query = $_SERVER['QUERY_STRING'];
        return substr($query, 0, (int) strrpos($query, "&$signature="));
    }
    unset($fields[$signature]);
    if ($set['shape'] === 'values') { // in the order of the bridge's `parameters`
        $values = array();
        foreach ($set['order'] as $name) $values[] = isset($fields[$name]) ? $fields[$name] : '';
        return implode($set['separator'], $values);
    }
    ksort($fields, SORT_STRING); // form and lines
    $lines = array();
    foreach ($fields as $name => $value) $lines[] = "$name=$value";
    return implode("\n", $lines);
}

// The cookie comes along with the bridge's form, which is a post from another site: SameSite=None, and so https.
function keep_states($states, $name, $https)
{
    $value = implode('.', array_slice($states, -5));
    header("Set-Cookie: $name=$value; Path=/; HttpOnly; " . ($https ? 'Secure; SameSite=None' : 'SameSite=Lax'), false);
}

$cookie = $https ? '__Host-bridge-states' : 'bridge-states';
$states = isset($_COOKIE[$cookie]) && is_string($_COOKIE[$cookie]) ? array_filter(explode('.', $_COOKIE[$cookie]), 'strlen') : array();
if (isset($_GET['bridge']) && $_GET['bridge'] === 'login') {
    $state = bin2hex(function_exists('random_bytes') ? random_bytes(16) : openssl_random_pseudo_bytes(16));
    keep_states(array_merge($states, array($state)), $cookie, $https);
    $query = array('journal' => $set['journal'], 'return' => $set['home'], 'state' => $state);
    header('Location: ' . $set['bridge'] . '/login?' . http_build_query($query), true, 303);
    exit;
}
$fields = $set['shape'] === 'form' ? $_POST : $_GET;
foreach ($fields as $value) if (!is_string($value)) refuse(400, 'fields-form');
// Nothing counts that the signature does not cover: with it, the query ends; beside the values of `order`, none is read.
if ($set['shape'] === 'query' && !preg_match("/&$names[signature]=[^&]*$/D", $_SERVER['QUERY_STRING'])) refuse(400, 'fields-form');
if ($set['shape'] === 'values') $fields = array_intersect_key($fields, array_flip(array_merge($set['order'], array($names['signature']))));
$get = function ($name) use ($fields, $names) { return isset($fields[$names[$name]]) ? $fields[$names[$name]] : ''; };
if ($get('signature') === '') refuse(400, 'fields-form');
$right = false;
foreach (array('key', 'otherKey') as $which) {
    if (!isset($set[$which])) continue;
    $mac = hash_hmac('sha256', signed_text($fields, $set, $names['signature']), $set[$which], true);
    $hex = bin2hex($mac);
    $base64url = rtrim(strtr(base64_encode($mac), '+/', '-_'), '=');
    $right = hash_equals($hex, $get('signature')) || hash_equals($base64url, $get('signature')) || $right;
}
if (!$right) refuse(403, 'fields-signature');
if ($get('audience') !== $set['audience']) refuse(403, 'fields-audience');
if (!preg_match('/^[0-9]{1,12}$/D', $get('ts')) || strlen($get('nonce')) < 22 || $get('login') === '') refuse(400, 'fields-form');
if ($get('ts') > $now + 30) refuse(403, 'fields-early'); // 30 s: the clocks of two servers differ
if ($get('ts') + 60 + 30 <= $now) refuse(403, 'fields-expired');
$state = $set['shape'] === 'form' ? rawurldecode($get('state')) : $get('state');
if ($state !== '' ? !in_array($state, $states, true) : $set['requireState']) refuse(403, 'state-foreign');
if (!first_time($set['usedFile'], $get('nonce'), $get('ts') + 90, $now)) refuse(403, 'fields-used');

keep_states(array_diff($states, array($state)), $cookie, $https);
foreach (array('session.cookie_httponly', 'session.use_strict_mode') as $name) ini_set($name, '1');
ini_set('session.cookie_secure', $https ? '1' : '0');
session_start();
session_regenerate_id(true);
$_SESSION = array('bridge_account' => array());
foreach (array('login', 'role', 'school', 'child', 'sid') as $name) $_SESSION['bridge_account'][$name] = $get($name);
if (isset($set['more'])) foreach ($set['more'] as $name) $_SESSION['bridge_account'][$name] = isset($fields[$name]) ? $fields[$name] : '';
$to = strpos($get('returnTo'), $set['home']) === 0 ? $get('returnTo') : $set['home'];
header("Location: $to", true, 303); // a clean address: what was signed stays in no history
