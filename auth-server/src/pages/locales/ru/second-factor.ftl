second-factor-title = Второй фактор
second-factor-lead = Со вторым фактором одного пароля мало: при входе нужен ещё код, который показывает приложение на вашем телефоне.
second-factor-scan = 1. Добавьте учётную запись в приложение-аутентификатор
second-factor-image = QR-код для приложения
second-factor-type = Отсканируйте изображение приложением или введите в него этот ключ:
second-factor-open = Открыть приложение на этом устройстве
second-factor-confirm = 2. Покажите, что всё работает
second-factor-code = Код
second-factor-consequence = Во всех других браузерах вы выйдете из учётной записи. Затем вы получите коды восстановления на случай, если телефона не будет под рукой.
second-factor-enrol = Включить
second-factor-refused = Ничего не изменено.
second-factor-wrong-code = Этот код не подходит. Код действует полминуты и только один раз: введите тот, который приложение показывает сейчас.
second-factor-on = При входе нужны пароль и код.
second-factor-off = Для входа достаточно одного пароля.
second-factor-since = С
second-factor-recovery-codes = Коды восстановления
second-factor-left = { $count ->
    [0] не осталось ни одного
    [one] остался { $count }
    [few] осталось { $count }
   *[other] осталось { $count }
}
second-factor-renew = Создать новые коды восстановления…
second-factor-renew-means = Прежние коды перестанут действовать.
second-factor-renew-submit = Создать новые коды
second-factor-remove = Выключить…
second-factor-remove-means = Тогда для входа будет достаточно одного пароля.
second-factor-remove-submit = Выключить
second-factor-removed = Второй фактор выключен.
second-factor-codes-once = Эти коды показываются один раз. Распечатайте их или сохраните там же, где храните пароли.
second-factor-codes-use = Если телефона нет под рукой, введите один из них вместо кода. Каждый действует один раз.
second-factor-codes-done = Коды сохранены
second-factor-step = Ещё один шаг
second-factor-for = Вы входите как { $name }.
second-factor-code-hint = Шесть цифр, которые показывает приложение-аутентификатор. Если телефона нет, введите здесь код восстановления.
second-factor-go-on = Войти
second-factor-other-account = Войти с другой учётной записью
