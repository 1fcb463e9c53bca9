<?php
// Строки для settings.php к приёмнику signed-fields.php. / Lines for settings.php of the receiver signed-fields.php.
return array(
    'shape' => 'form',                // form: kind form-post; query, values, lines: kind hmac-query, как в connector.sign
    'separator' => '|',               // values: connector.separator
    'order' => array('uid', 'school', 'aud', 'ts', 'nonce'), // values: имена из connector.parameters, в том же порядке
    'names' => array('login' => 'uid'), // наше имя => имя в журнале, где они разные
    'more' => array('fio'),           // какие ещё поля положить в $_SESSION['bridge_account']
    'otherKey' => 'the-second-key-while-it-is-being-changed', // пока меняется ключ; обычно этой строки нет
);
