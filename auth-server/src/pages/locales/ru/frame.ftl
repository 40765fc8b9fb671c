frame-languages = Язык
frame-support = Поддержка
frame-privacy = Конфиденциальность
frame-terms = Условия
