passkeys-title = Passkeys
passkeys-lead = With a passkey you sign in without a password: your phone, your computer or a security key finds out that it is you, by fingerprint, face or PIN.
passkeys-since = Since
passkeys-last-used = Last used
passkeys-never-used = not yet
passkeys-add = Add a passkey
passkeys-name = Name
passkeys-name-hint = So that you tell it from others: “Phone”, say, or “Blue key”.
passkeys-no-name = Please give it a name.
passkeys-name-too-long = { $count ->
    [one] At most one character, please.
   *[other] At most { $count } characters, please.
}
passkeys-begin = Go on
passkeys-confirm = The password is right. Now your device makes the passkey { $name }.
passkeys-create = Make the passkey
passkeys-device-failed = Your device gave no passkey. Perhaps you cancelled, it took too long, or this device has one already. You can try again.
passkeys-device-refused = What your device sent could not be accepted, so nothing was added. Please try again.
passkeys-need-script = Adding a passkey needs JavaScript, which is switched off in this browser. Everything else here works without it.
passkeys-unsupported = This browser has no passkeys.
passkeys-enough = You have as many passkeys as an account can have. Remove one that you no longer use.
passkeys-added = The passkey has been added. You can sign in with it from now on.
passkeys-renamed = The passkey has another name.
passkeys-removed = The passkey has been removed. You can delete it on your device, too.
passkeys-rename = Save the name
passkeys-remove = Remove this passkey…
passkeys-remove-means = Nobody signs in with it any more. Who is signed in stays signed in.
passkeys-remove-submit = Remove the passkey
passkeys-back = Back to your passkeys
passkeys-none = You sign in with your password.
passkeys-count = { $count ->
    [one] You can sign in with one passkey.
   *[other] You can sign in with { $count } passkeys.
}
passkeys-sign-in = Sign in with a passkey
passkeys-sign-in-failed = Your device gave no passkey for this site. Perhaps you cancelled, it took too long, or it has none. You can try again, or sign in with your password.
passkeys-sign-in-needs-script = Signing in with a passkey needs JavaScript, which is switched off in this browser.
passkeys-refused = Nobody could be signed in with this passkey. Please try again, or sign in with your password.
