developer-heading = Ваши приложения
developer-lead = Эти приложения зарегистрировали вы. Люди видят название, которое вы им дали.
developer-none = Вы ещё не зарегистрировали ни одного приложения. Зарегистрируйте его, и оно сможет просить у людей доступ к их данным.
developer-more = Другие приложения
developer-new = Зарегистрировать приложение
developer-new-intro = Приложение получит идентификатор клиента и секрет, по которым этот сервер его узнаёт.
developer-all = Все приложения
developer-client-id = Идентификатор клиента
developer-register = Зарегистрировать
developer-save = Сохранить изменения
developer-cancel = Отмена
developer-go-on = К приложению
developer-refused = Пока ничего не сохранено. Посмотрите, пожалуйста, на пояснения у полей.
developer-further = Логотип, политика, условия, контакты
developer-approval = Прежде чем приложением можно будет пользоваться, его должен допустить администратор.
developer-approval-anew = Другое название, логотип или ссылку и всё, чего приложение захочет дополнительно, администратор должен допустить снова. До этого приложением нельзя пользоваться.

developer-state-active = Используется
developer-state-awaiting = Ждёт администратора
developer-state-suspended = Приостановлено

developer-client-name = Название
developer-client-name-hint = Его видят люди, когда у них просят доступ.
developer-client-uri = Сайт
developer-client-uri-hint = Страница, где рассказано о приложении, с https.
developer-redirect-uris = Адреса возврата (redirect URI)
developer-redirect-uris-hint = Куда возвращается браузер, по одному на строке: https://app.example/callback, http://localhost:8080/callback на вашем компьютере или com.example.app:/callback для программы.
developer-logo-uri = Логотип
developer-logo-uri-hint = Адрес картинки, с https.
developer-policy-uri = Политика конфиденциальности
developer-tos-uri = Условия использования
developer-contacts = Контакты
developer-contacts-hint = Электронные адреса тех, кто отвечает за приложение, по одному на строке.
developer-kind = Что это за приложение?
developer-kind-confidential = Оно работает на нашем сервере и может хранить секрет.
developer-kind-public = Оно работает в браузере или на устройствах людей и не получает секрета.
developer-grants = Как оно получает доступ
developer-grant-authorization-code = Людей спрашивают, и оно получает код
developer-grant-refresh-token = Оно продлевает доступ, не спрашивая снова
developer-grant-client-credentials = Оно действует от своего имени, без людей
developer-scopes = О чём оно может просить

developer-secret = Секрет клиента
developer-secret-once = Скопируйте секрет сейчас. Он показывается один раз и хранится здесь только в виде хеша.
developer-secret-none = У приложения нет секрета. Оно использует PKCE.
developer-secret-rotation = { $count ->
    [0] Новый секрет сразу заменит прежний.
    [one] Новый секрет заменит прежний; прежний годен ещё { $count } час.
    [few] Новый секрет заменит прежний; прежний годен ещё { $count } часа.
   *[other] Новый секрет заменит прежний; прежний годен ещё { $count } часов.
}
developer-secret-retiring = { $count ->
    [1] Прежний секрет годен ещё меньше часа.
    [one] Прежний секрет годен ещё { $count } час.
    [few] Прежний секрет годен ещё { $count } часа.
   *[other] Прежний секрет годен ещё { $count } часов.
}
developer-secret-rotate = Создать новый секрет
developer-secret-replaced = У приложения { $name } новый секрет
developer-registered = Приложение { $name } зарегистрировано

developer-remove = Удалить это приложение
developer-remove-consequence = { $name } больше ничего не получит, и всё, что люди ему разрешили, сразу потеряет силу. Отменить это нельзя.
developer-remove-for-good = Удалить навсегда

developer-notice-removed = Приложение удалено.
developer-notice-saved = Изменения сохранены.
developer-notice-changed = Тем временем приложение изменили в другом месте. Посмотрите на него и попробуйте ещё раз.
developer-notice-registered = Эта форма уже была отправлена, и приложение зарегистрировано. Секрет показывался один раз; если он потерян, создайте новый.
developer-notice-too-many = У вас столько приложений, сколько можно иметь. Сначала удалите одно.

developer-fault-empty = Здесь нужно что-то написать.
developer-fault-blank = В начале или в конце стоит пробел.
developer-fault-unseen = Здесь есть символ { $name }, которого никто не видит.
developer-fault-control = Здесь есть символ, который нельзя показать.
developer-fault-too-long = Слишком длинно: можно не больше { $name } байт.
developer-fault-too-many = Слишком много: можно не больше { $name }.
developer-fault-no-address = { $name } в таком виде не открыть. Напишите так: https://app.example/callback.
developer-fault-relative = { $name } не начинается со схемы. Напишите так: https://app.example/callback.
developer-fault-fragment = { $name } содержит фрагмент. Уберите всё, начиная с #.
developer-fault-pattern = { $name } — это шаблон. Напишите каждый адрес целиком на отдельной строке.
developer-fault-scheme = { $name } не ведёт туда, куда можно принести ответ.
developer-fault-name-of-answer = { $name } содержит параметр, который будет в ответе. Уберите его.
developer-fault-plain-http = { $name } не шифруется. Используйте https; http годится только для вашего компьютера.
developer-fault-scheme-of-nobody = { $name } начинается со схемы, которую может занять любая другая программа. Используйте свой домен наоборот: com.example.app:/callback.
developer-fault-link = { $name } — не адрес, куда можно отправить людей. Нужен адрес с https.
developer-fault-no-redirect-uri = Нужен хотя бы один: люди возвращаются с кодом.
developer-fault-no-grant = Выберите хотя бы одно.
developer-fault-grant = { $name } здесь не даётся.
developer-fault-refresh-alone = Продлевается только доступ, полученный по коду.
developer-fault-grant-needs-secret = Для { $name } нужен секрет, которого у таких приложений нет.
developer-fault-no-scope = Выберите хотя бы одно.
developer-fault-scope-not-given = { $name } здесь не даётся.

developer-held = Что у него есть сейчас
developer-held-means = Разрешения, коды или токены которых ещё действуют. Они заканчиваются сами или когда их отзывают.
developer-held-from-owners = От людей
developer-held-for-itself = Для себя
developer-held-count = { $count }
developer-held-at-least = { $count } или больше: посчитано не всё

developer-refusals = Что было отклонено недавно
developer-refusals-lead = Последние отклонённые запросы этого приложения, не более пяти каждого вида, сначала новые. ID запроса есть в заголовке ответа x-request-id и на странице ошибки.
developer-refusals-none = Недавно ничего не отклонялось.
developer-refusals-off = Этот сервер не ведёт журнал отклонённого. Его оператор может посмотреть в лог.
developer-refusal-path = Точка доступа
developer-refusal-error = Ошибка OAuth
developer-refusal-parameter = Параметр
developer-refusal-rule = Правило
