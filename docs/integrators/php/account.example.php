<?php
// Скопируйте в account.php и перепишите под свою базу. / Copy to account.php and adapt to your own tables.
// Один ключ — одна запись: на bridge_key и на паре (school, bridge_sub) нужны уникальные индексы, тогда две записи не появятся, что бы ни случилось.
// One key is one account: bridge_key, and the pair of school and bridge_sub, need unique indexes.
function journal_new_account($key, $sub, $school, $role, $person)
{
    if ($role !== 'parent') return array('created' => false);
    $base = new PDO('mysql:host=localhost;dbname=journal;charset=utf8', 'journal', getenv('JOURNAL_DB_PASSWORD'));
    $base->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $find = $base->prepare('SELECT login, bridge_key FROM users WHERE bridge_key = ? OR (school = ? AND bridge_sub = ?)');
    for ($try = 0; $try < 2; $try++) {
        $find->execute(array($key, $school, $sub));
        $row = $find->fetch(PDO::FETCH_ASSOC);
        // Тот же ключ: та же запись ещё раз. Другой ключ: человек уже есть. / The same key: the same account again.
        if ($row) return $row['bridge_key'] === $key ? array('created' => true, 'login' => $row['login']) : array('created' => false, 'why' => 'exists');
        $login = 'g-' . bin2hex(openssl_random_pseudo_bytes(5)); // никогда не чужой логин / never a login that somebody has
        $add = $base->prepare('INSERT INTO users (login, school, role, last_name, first_name, bridge_key, bridge_sub) VALUES (?, ?, ?, ?, ?, ?, ?)');
        try {
            $name = function ($field) use ($person) { return isset($person[$field]) ? $person[$field] : ''; };
            $add->execute(array($login, $school, $role, $name('lastName'), $name('firstName'), $key, $sub));
            return array('created' => true, 'login' => $login);
        } catch (PDOException $twice) { // кто-то успел раньше: смотрим ещё раз / somebody was faster: look again
            if ($try > 0) throw $twice;
        }
    }
}
