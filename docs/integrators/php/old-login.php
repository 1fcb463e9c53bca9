<?php
// Мост спрашивает, подходят ли логин и пароль журнала: PHP 5.6+, без библиотек. Адрес этого файла стоит у моста в oldLogin.url.
// Рядом лежат settings.php, logout.php, message.php и password.php: последний перепишите под свою базу.
// The bridge asks whether a login and a password of the journal fit. Needs settings.php, logout.php, message.php and password.php beside it.
require_once __DIR__ . '/message.php';
require_once __DIR__ . '/password.php'; // journal_login(), yours

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $asked = bridge_message(bridge_field('login_check'), $bridge_set, 'login-check+jwt', array('login', 'password', 'school'));
    $login = $asked === null ? null : journal_login($asked['login'], $asked['password'], $asked['school']);
    bridge_answer($asked === null ? null : ($login === null ? array('valid' => false) : array('valid' => true, 'login' => $login)));
}
