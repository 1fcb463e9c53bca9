<?php
// Выход, о котором сообщает мост: PHP 5.6+, без библиотек. Адрес этого файла стоит у моста в connector.logoutUrl.
// Страницы журнала: require 'logout.php'; if (bridge_session_ended($_SESSION['bridge_account']['sid'])) закройте сессию.
// The bridge says that a session has ended. Uses settings.php; remembers the sid for a day beside usedFile.
$bridge_set = require __DIR__ . '/settings.php';

// Adds a line under a lock and drops what is over. Answers whether it was there before.
function bridge_remember($file, $name, $until)
{
    $handle = fopen($file, 'c+');
    if (!$handle || !flock($handle, LOCK_EX)) return true;
    $known = array();
    foreach (explode("\n", stream_get_contents($handle)) as $line) {
        $pair = explode(' ', $line);
        if (count($pair) === 2 && (int) $pair[1] > time()) $known[$pair[0]] = (int) $pair[1];
    }
    $before = isset($known[$name]);
    $known[$name] = $until;
    $text = '';
    foreach ($known as $each => $end) $text .= "$each $end\n";
    rewind($handle);
    $written = fwrite($handle, $text) === strlen($text) && ftruncate($handle, strlen($text));
    fclose($handle);
    return $before || !$written;
}

function bridge_session_ended($sid)
{
    global $bridge_set;
    $ended = @file_get_contents($bridge_set['usedFile'] . '.ended');
    return is_string($ended) && is_string($sid) && strpos("\n$ended", "\ns" . hash('sha256', $sid) . ' ') !== false;
}

// Answers the sid of a logout token that is right in everything, or null.
function bridge_leaving($token, $set)
{
    if (strlen($token) > 8192 || !preg_match('/^([\w-]+)\.([\w-]+)\.([\w-]+)$/D', $token, $m)) return null;
    $part = function ($text) { return base64_decode(strtr($text, '-_', '+/'), true); };
    list($header, $claims) = array(json_decode($part($m[1]), true), json_decode($part($m[2]), true));
    if (!is_array($header) || !is_array($claims)) return null;
    if (!isset($header['alg'], $header['typ']) || $header['alg'] !== $set['alg'] || $header['typ'] !== 'logout+jwt') return null;
    $right = $set['alg'] === 'HS256'
        ? hash_equals(hash_hmac('sha256', "$m[1].$m[2]", $set['key'], true), (string) $part($m[3]))
        : $set['alg'] === 'RS256' && openssl_verify("$m[1].$m[2]", $part($m[3]), $set['key'], OPENSSL_ALGO_SHA256) === 1;
    if (!$right || !isset($claims['iss'], $claims['aud'], $claims['jti'], $claims['sid'], $claims['iat'], $claims['exp'])) return null;
    if ($claims['iss'] !== $set['bridge'] || $claims['aud'] !== $set['audience'] || isset($claims['nonce'])) return null;
    if (!is_string($claims['jti']) || !is_string($claims['sid']) || !is_int($claims['iat']) || !is_int($claims['exp'])) return null;
    if (!isset($claims['events']['http://schemas.openid.net/event/backchannel-logout'])) return null;
    if ($claims['iat'] > time() + 30 || $claims['exp'] + 30 <= time()) return null; // 30 s: the clocks of two servers differ
    return bridge_remember($set['usedFile'], 'j' . hash('sha256', $claims['jti']), $claims['exp'] + 30) ? null : $claims['sid'];
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    header('Cache-Control: no-store');
    $token = isset($_POST['logout_token']) && is_string($_POST['logout_token']) ? $_POST['logout_token'] : '';
    $sid = bridge_leaving($token, $bridge_set);
    if ($sid !== null) bridge_remember($bridge_set['usedFile'] . '.ended', 's' . hash('sha256', $sid), time() + 86400);
    http_response_code($sid === null ? 400 : 200);
}
