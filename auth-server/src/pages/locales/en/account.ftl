# $day, $year and $time are written already; $month is a number.
account-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } UTC

account-title = Your account
account-whose = You are signed in as { $name }.
account-applications = Applications with access
account-applications-count = { $count ->
    [0] No application has access to your data.
    [one] One application has access to your data.
   *[other] { $count } applications have access to your data.
}
account-sessions = Where you are signed in
account-sessions-count = { $count ->
    [one] You are signed in in one browser.
   *[other] You are signed in in { $count } browsers.
}

account-applications-lead = You gave these applications access to your data. What you take back ends at once.
account-no-applications = No application has access to your data. When one asks for it, you decide here first.
account-client-id = Client ID
account-since = Access since
account-unknown = unknown
account-last-token = Last got a token
account-access-now = Access now
account-no-access-now = none at present
account-unasked = Gets without asking
account-unasked-until = Until
account-may = It may
account-may-all = use your protected resources
account-remove = Take access back…
account-remove-means = { $name } can do nothing on your behalf any more, from this moment on. When it wants to come back, it has to ask you again.
account-remove-signed = Its tokens are signed: services that check only the signature accept one until it ends by itself.
account-remove-from = Take access back from { $name }
account-removed = { $name } has no access to your data any more.

account-sessions-lead = If you do not know one of these browsers, end its session and change your password.
account-session-ended = That session has ended.
account-this-browser = This browser
account-unknown-device = Unknown device
account-address = Signed in from
account-signed-in = Signed in
account-seen = Last seen
account-end-session = End this session
account-everywhere = Sign out everywhere
account-everywhere-means = This ends all sessions, the one in this browser too. Applications keep their access.
account-everywhere-submit = Sign out everywhere
