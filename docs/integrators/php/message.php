<?php
// Сообщение сервера моста серверу журнала: PHP 5.6+, без библиотек. Нужен для old-login.php и new-account.php, сам ничего не отвечает.
// A message of the bridge's server: needed by old-login.php and new-account.php. Needs settings.php and logout.php beside it.
require_once __DIR__ . '/logout.php'; // $bridge_set, bridge_remember()

// Answers what a message says that is right in everything and came for the first time, or null. Nothing of it is believed before.
function bridge_message($token, $set, $typ, $texts)
{
    if (strlen($token) > 8192 || !preg_match('/^([\w-]+)\.([\w-]+)\.([\w-]+)$/D', $token, $m)) return null;
    $part = function ($text) { return base64_decode(strtr($text, '-_', '+/'), true); };
    list($header, $claims) = array(json_decode($part($m[1]), true), json_decode($part($m[2]), true));
    if (!is_array($header) || !is_array($claims)) return null;
    if (!isset($header['alg'], $header['typ']) || $header['alg'] !== $set['alg'] || $header['typ'] !== $typ) return null;
    $right = $set['alg'] === 'HS256'
        ? hash_equals(hash_hmac('sha256', "$m[1].$m[2]", $set['key'], true), (string) $part($m[3]))
        : $set['alg'] === 'RS256' && openssl_verify("$m[1].$m[2]", $part($m[3]), $set['key'], OPENSSL_ALGO_SHA256) === 1;
    if (!$right) return null;
    foreach (array_merge(array('iss', 'aud', 'jti'), $texts) as $name) {
        if (!isset($claims[$name]) || !is_string($claims[$name])) return null;
    }
    if (!isset($claims['iat'], $claims['exp']) || !is_int($claims['iat']) || !is_int($claims['exp'])) return null;
    if ($claims['iss'] !== $set['bridge'] || $claims['aud'] !== $set['audience']) return null;
    if ($claims['iat'] > time() + 30 || $claims['exp'] + 30 <= time()) return null; // 30 s: the clocks of two servers differ
    return bridge_remember($set['usedFile'], 'c' . hash('sha256', $claims['jti']), $claims['exp'] + 30) ? null : $claims;
}

// The body of the request, one field of it.
function bridge_field($name)
{
    return isset($_POST[$name]) && is_string($_POST[$name]) ? $_POST[$name] : '';
}

function bridge_answer($answer)
{
    header('Cache-Control: no-store');
    header('Content-Type: application/json');
    http_response_code($answer === null ? 400 : 200);
    echo json_encode($answer === null ? array('error' => 'message') : $answer);
}
