<?php
// Приём входа по DiscourseConnect для журнала, который не Discourse: PHP 5.6+, без библиотек. Настройки: settings.php.
//   discourse-connect.php?login=1   начинает вход: ссылка под кнопкой; этот же адрес стоит у моста в connector.startUrl
//   discourse-connect.php?sso=…     сюда мост возвращает человека; этот адрес (без ?…) стоит у моста в connector.url
// Receiver of DiscourseConnect answers. After it, $_SESSION['bridge_account'] is who came in.
$set = require __DIR__ . '/settings.php';
foreach (array('session.cookie_httponly', 'session.use_strict_mode') as $name) ini_set($name, '1');
ini_set('session.cookie_secure', strpos($set['home'], 'https:') === 0 ? '1' : '0');
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

$nonces = isset($_SESSION['bridge_nonces']) ? $_SESSION['bridge_nonces'] : array();
if (isset($_GET['login'])) {
    $nonce = bin2hex(function_exists('random_bytes') ? random_bytes(16) : openssl_random_pseudo_bytes(16));
    $_SESSION['bridge_nonces'] = array_slice($nonces + array($nonce => time()), -5, 5, true);
    // Без return_sso_url мост отвечает на свой connector.url. / Without return_sso_url the bridge answers at connector.url.
    $sso = base64_encode(http_build_query(array('nonce' => $nonce)));
    $query = array('sso' => $sso, 'sig' => hash_hmac('sha256', $sso, $set['key']));
    header('Location: ' . $set['bridge'] . '/discourse-connect/' . $set['journal'] . '?' . http_build_query($query), true, 303);
    exit;
}
$sso = isset($_GET['sso']) && is_string($_GET['sso']) ? $_GET['sso'] : '';
$sig = isset($_GET['sig']) && is_string($_GET['sig']) ? $_GET['sig'] : '';
if ($sso === '' || $sig === '') refuse(400, 'answer-form');
$right = hash_equals(hash_hmac('sha256', $sso, $set['key']), $sig)
    || isset($set['otherKey']) && hash_equals(hash_hmac('sha256', $sso, $set['otherKey']), $sig);
if (!$right) refuse(403, 'answer-signature');
parse_str((string) base64_decode($sso, true), $answer); // custom.role arrives as custom_role
foreach (array('nonce', 'external_id', 'username', 'ts') as $name) {
    if (!isset($answer[$name]) || !is_string($answer[$name]) || $answer[$name] === '') refuse(400, 'answer-form');
}
// Nonces stand in the session, so that the answer counts once, and in the browser that asked; ten minutes for the login.
if (!isset($nonces[$answer['nonce']]) || $nonces[$answer['nonce']] + 600 < time()) refuse(403, 'nonce-foreign');
if ($answer['ts'] > time() + 30) refuse(403, 'answer-early'); // 30 s: the clocks of two servers differ
if ($answer['ts'] + 60 + 30 <= time()) refuse(403, 'answer-expired');

session_regenerate_id(true);
unset($answer['nonce'], $answer['ts']);
$_SESSION = array('bridge_account' => $answer);
header('Location: ' . $set['home'], true, 303); // a clean address: the answer stays in no history
