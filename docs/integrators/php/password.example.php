<?php
// Скопируйте в password.php и перепишите под свою базу. / Copy to password.php and adapt to your own tables.
// Отвечает логин, как он записан в списке школы, или null. Считайте неверные пароли так же, как на своей странице входа;
// пароль не записывайте никуда. / Answers the login as the school's list has it, or null. Count wrong passwords as your own form does.
function journal_login($login, $password, $school)
{
    $base = new PDO('mysql:host=localhost;dbname=journal;charset=utf8', 'journal', getenv('JOURNAL_DB_PASSWORD'));
    $base->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $query = $base->prepare('SELECT login, password_hash FROM users WHERE login = ? AND school = ? AND blocked = 0');
    $query->execute(array($login, $school));
    $row = $query->fetch(PDO::FETCH_ASSOC);
    // Когда такого логина нет, проверяем чужой хеш: ответ не должен приходить быстрее. / An unknown login takes as long.
    $hash = $row ? $row['password_hash'] : '$2y$10$usesomesillystringforeXa4UMFm2BN7L3vlHnd0Eh0ggDGQ2fFG';
    return password_verify($password, $hash) && $row ? $row['login'] : null;
}
