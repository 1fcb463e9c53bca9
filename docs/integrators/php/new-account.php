<?php
// Мост просит создать учётную запись для человека, который согласился: PHP 5.6+, без библиотек. Адрес стоит у моста в createAccounts.url.
// Рядом лежат settings.php, logout.php, message.php и account.php: последний перепишите под свою базу.
// The bridge asks for an account. Needs settings.php, logout.php, message.php and account.php beside it.
require_once __DIR__ . '/message.php';
require_once __DIR__ . '/account.php'; // journal_new_account(), yours

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $wish = bridge_message(bridge_field('new_account'), $bridge_set, 'new-account+jwt', array('key', 'sub', 'school', 'role'));
    if ($wish !== null && (!isset($wish['person']) || !is_array($wish['person']))) $wish = null;
    bridge_answer($wish === null ? null : journal_new_account($wish['key'], $wish['sub'], $wish['school'], $wish['role'], $wish['person']));
}
