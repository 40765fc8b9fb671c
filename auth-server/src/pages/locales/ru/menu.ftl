menu-name = Ваша учётная запись
menu-skip = Перейти к содержанию
menu-logout = Выйти
menu-account = Обзор
menu-applications = Приложения
menu-sessions = Сеансы
menu-password = Пароль
menu-developer = Разработчику
