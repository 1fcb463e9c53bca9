<?php
// Скопируйте в settings.php и поправьте. / Copy to settings.php and edit.
return array(
    'bridge' => 'https://vhod.school.example',          // адрес моста без косой черты в конце = iss
    'journal' => 'sgo',                                 // id журнала в bridge.yaml
    'audience' => 'sgo',                                // aud: connector.audience, а если его нет, id журнала
    'alg' => 'HS256',                                   // HS256 или RS256, как в connector.alg
    'key' => 'change-me-change-me-change-me-change-me', // HS256: общий ключ, как есть; RS256: открытый ключ моста (PEM)
    'home' => 'https://sgo.school.example/diary/',      // сюда ведёт вход; return_to берётся только ниже этого адреса
    'requireState' => true,                             // true: пускать лишь тех, кто нажал «Войти» в журнале
    'post' => false,                                    // true, если connector.method: post (нужны https и PHP 7.3+)
    'usedFile' => '/var/lib/journal/bridge-used.txt',   // файл, доступный PHP на запись, вне папки сайта
);
