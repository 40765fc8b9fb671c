# Mails are plain text. $brand is who runs the server, $name the name of an account.
mail-reset-subject = { $brand }: choose a new password
mail-reset-asked = Somebody, we hope it was you, has said at { $brand } that the password of the account { $name } is forgotten.
mail-reset-asked-several = Somebody, we hope it was you, has said at { $brand } that the password of an account with this address is forgotten. There are several of them. Choose a new password for the one that you mean, or for each:
mail-reset-choose = Choose a new one here:
mail-reset-lasts = This link is good for { $span }, and once. Do not pass it on: whoever has it can choose the password.
mail-reset-not-you = If it was not you, do nothing: your password stays as it is.
mail-sign-up-subject = { $brand }: your account
mail-sign-up-asked = Somebody, we hope it was you, wants an account at { $brand } with this address.
mail-sign-up-choose = Choose its name and its password here:
mail-sign-up-lasts = This link is good for { $span }, and once. Do not pass it on: whoever has it can make the account.
mail-sign-up-not-you = If it was not you, do nothing: then there will be no account.
mail-sign-up-known = Somebody, we hope it was you, wants an account at { $brand } with this address. You have one already: { $name }. Sign in with it. If you have forgotten its password:
mail-sign-up-known-several = Somebody, we hope it was you, wants an account at { $brand } with this address. You have several already. Sign in with one of them, or choose a new password where you have forgotten it:
mail-invitation-subject = { $brand }: you are invited
mail-invitation-what = There is an account for you at { $brand }. Its name is { $name }.
mail-invitation-choose = Choose your password here:
mail-invitation-not-you = If you do not know what this is about, do nothing: until a password is chosen nobody can sign in to the account.
