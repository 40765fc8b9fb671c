sunset-heading = Вывод из употребления
sunset-lead = Что пора прекратить, кто ещё этим пользуется и чем это заменить. Сведения хранятся 90 дней, время указано с точностью около минуты.
sunset-ends = Объявленный срок окончания
sunset-uses = { $count ->
    [one] { $count } раз за тот день
    [few] { $count } раза за тот день
   *[other] { $count } раз за тот день
}
sunset-allowed = разрешено, не замечено
sunset-no-name = без имени
sunset-nobody = Никто не замечен, и ни одна регистрация этого не разрешает.
sunset-nobody-yet = Пока никто не найден. Просмотрено ещё не всё.
sunset-more = Ещё
sunset-all-clients = Все клиенты
sunset-all-habits = Всё, что пора прекратить
sunset-password-grant = Выдача по паролю
sunset-password-grant-instead = Направляйте людей сюда для входа и запрашивайте код с PKCE: клиент не должен видеть пароль (RFC 9700, раздел 2.4).
sunset-implicit-grant = Неявная выдача
sunset-implicit-grant-instead = Запрашивайте код с PKCE: токен в адресе легко увидеть посторонним (RFC 9700, раздел 2.1.2).
sunset-code-without-pkce = Коды без PKCE
sunset-code-without-pkce-instead = Передавайте code_challenge и code_verifier с методом S256, а затем требуйте от клиента PKCE (RFC 9700, раздел 2.1.1).
sunset-token-by-get = Запросы токенов методом GET
sunset-token-by-get-instead = Используйте POST и передавайте секрет в заголовке Authorization: адреса попадают в журналы (RFC 6749, раздел 2.3.1).
sunset-weak-secret = Секреты в открытом виде или под слабым хешем
sunset-weak-secret-instead = Выдайте клиенту новый секрет или храните хеш, который выводит auth-server hash-secret (RFC 6819, раздел 5.1.4.1.3).
sunset-check-token = check_token из Spring
sunset-check-token-instead = Обращайтесь к /oauth/introspect от имени того же клиента (RFC 7662, раздел 2).
sunset-token-key = token_key из Spring
sunset-token-key-instead = Получайте ключи из /oauth/jwks: у каждого есть имя, и новый публикуется до того, как начнёт подписывать (RFC 7517, раздел 5).
sunset-legacy-token = Токены сервера Spring
sunset-legacy-token-instead = Они заканчиваются сами: при обмене токена обновления или новом запросе выдаётся токен этого сервера (RFC 6749, раздел 6).
