second-factor-title = Second factor
second-factor-lead = With a second factor your password alone opens nothing: whoever signs in also types a code that an app on your phone shows.
second-factor-scan = 1. Add your account to an authenticator app
second-factor-image = QR code for the app
second-factor-type = Scan the image with the app, or type this key into it:
second-factor-open = Open an app on this device
second-factor-confirm = 2. Show that it works
second-factor-code = Code
second-factor-consequence = You are signed out in all other browsers. Then you get recovery codes for the day when you have no phone.
second-factor-enrol = Switch on
second-factor-refused = Nothing has been changed.
second-factor-wrong-code = This code is not good. A code is good for half a minute, and once: please type the one that the app shows now.
second-factor-on = Signing in asks for your password and for a code.
second-factor-off = Signing in asks for your password only.
second-factor-since = Since
second-factor-recovery-codes = Recovery codes
second-factor-left = { $count ->
    [0] none is left
    [one] one is left
   *[other] { $count } are left
}
second-factor-renew = Make new recovery codes…
second-factor-renew-means = Those that you have are good no more.
second-factor-renew-submit = Make new recovery codes
second-factor-remove = Switch off…
second-factor-remove-means = Then your password alone is enough to sign in.
second-factor-remove-submit = Switch off
second-factor-removed = The second factor has been switched off.
second-factor-codes-once = These codes are shown once. Print them, or keep them where you keep your passwords.
second-factor-codes-use = When you do not have your phone, type one of them in the place of a code. Each is good once.
second-factor-codes-done = I have them
second-factor-step = One more step
second-factor-for = You sign in as { $name }.
second-factor-code-hint = Six digits that your authenticator app shows. Without your phone, type a recovery code here instead.
second-factor-go-on = Sign in
second-factor-other-account = Sign in with another account
