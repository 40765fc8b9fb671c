account-date = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
} { $year } г., { $time } UTC

account-title = Ваша учётная запись
account-whose = Вы вошли как { $name }.
account-applications = Приложения с доступом
account-applications-count = { $count ->
    [0] Ни у одного приложения нет доступа к вашим данным.
    [one] Доступ к вашим данным есть у { $count } приложения.
   *[other] Доступ к вашим данным есть у { $count } приложений.
}
account-sessions = Где вы вошли
account-sessions-count = { $count ->
    [one] Вы вошли в { $count } браузере.
   *[other] Вы вошли в { $count } браузерах.
}

account-applications-lead = Этим приложениям вы дали доступ к своим данным. Отозванный доступ прекращается сразу.
account-no-applications = Ни у одного приложения нет доступа к вашим данным. Если приложение попросит о нём, сначала здесь спросят вас.
account-client-id = Идентификатор клиента
account-since = Доступ с
account-unknown = неизвестно
account-last-token = Последний токен выдан
account-access-now = Доступ сейчас
account-no-access-now = пока нет
account-unasked = Получит без вопросов
account-unasked-until = До
account-may = Что можно
account-may-all = пользоваться вашими защищёнными данными
account-remove = Отозвать доступ…
account-remove-means = С этой минуты приложение { $name } больше ничего не сможет делать от вашего имени. Чтобы вернуться, ему придётся снова спросить вас.
account-remove-signed = Его токены подписаны: службы, которые проверяют только подпись, примут токен, пока не истечёт его срок.
account-remove-from = Отозвать доступ приложения { $name }
account-removed = У приложения { $name } больше нет доступа к вашим данным.

account-sessions-lead = Если какой-то браузер вам незнаком, завершите его сеанс и смените пароль.
account-session-ended = Сеанс завершён.
account-this-browser = Этот браузер
account-unknown-device = Неизвестное устройство
account-address = Адрес входа
account-signed-in = Вход выполнен
account-seen = Последняя активность
account-end-session = Завершить сеанс
account-everywhere = Выйти везде
account-everywhere-means = Все сеансы будут завершены, в том числе в этом браузере. Приложения сохранят доступ.
account-everywhere-submit = Выйти везде
