# Mails are plain text. $brand is who runs the server, $name the name of an account.
mail-reset-subject = { $brand }: choose a new password
mail-reset-asked = Somebody, we hope it was you, has said at { $brand } that the password of the account { $name } is forgotten.
mail-reset-asked-several = Somebody, we hope it was you, has said at { $brand } that the password of an account with this address is forgotten. There are several of them. Choose a new password for the one that you mean, or for each:
mail-reset-choose = Choose a new one here:
mail-reset-lasts = This link is good for { $span }, and once. Do not pass it on: whoever has it can choose the password.
mail-reset-not-you = If it was not you, do nothing: your password stays as it is.
