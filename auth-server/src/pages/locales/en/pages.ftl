# Every message exists in every language. $name is the name of a client or an owner; where it stands
# alone in a sentence the page sets it in bold.

login-title = Sign in
login-to-continue = Sign in to continue to { $name }
login-username = Username
login-password = Password
login-submit = Sign in
login-cancel = Cancel
login-ended = The request of { $name } has ended: it was answered already, or this page had been open for too long. Start again there.
login-password-stays = Your password is only used here. { $name } never gets to see it.

notice-bad-credentials = The username or the password is not right. Please try again.
notice-too-many-attempts-seconds = { $count ->
    [one] Too many attempts. Please try again in a second.
   *[other] Too many attempts. Please try again in { $count } seconds.
}
notice-too-many-attempts-minutes = { $count ->
    [one] Too many attempts. Please try again in a minute.
   *[other] Too many attempts. Please try again in { $count } minutes.
}
notice-session-expired = This page had been open for too long, or your browser keeps no cookies of this site. Please sign in again.
notice-busy = Many people are signing in at the moment. Please try again in a few seconds.

approval-title = Allow access?
approval-heading = { $name } asks for access to your account
approval-client-id = Client ID
approval-site = Site
approval-registered = Registered
approval-registered-by = Registered by { $name }
approval-policy = Privacy policy of the application
approval-terms = Terms of the application
approval-signed-in-as = Signed in as { $name }
approval-switch = Use another account
approval-scopes = What it wants to do
approval-choose = Decide on each item. Nothing beyond what you allow is granted.
approval-at-once = You allow all of it, or nothing.
approval-everything = It asks for access to your protected resources.
approval-allow = Allow
approval-refuse = Don’t allow
approval-authorize = Authorize
approval-deny = Deny
approval-before = You allowed this before
approval-lasts = What you allow is good for { $span }.
approval-lasts-renewed = A token is good for { $span }, and the application can renew it without asking you, until you take access back in your account.
approval-lasts-without-end = What you allow does not end by itself: take it back in your account when you no longer want it.
approval-remembered = Your decision is remembered for { $span }.
approval-remembered-while-access = You are not asked again while the application has access.
approval-not-remembered = You will be asked again the next time.
approval-redirect = Either way, you will then return to { $name }

logout-title = Sign out
logout-question = Sign out?
logout-signed-in-as = You are signed in as { $name }.
logout-consequence = Applications that you have authorized keep their access, unless you sign out of them, too.
logout-submit = Sign out
logout-applications = Sign out of applications, too: what they hold for you ends, wherever you let them in. What you allowed them stays allowed.
logout-applications-submit = Sign out, of applications too
logout-stay = Stay signed in

signed-out-title = Signed out
signed-out-heading = You are signed out
signed-out-advice = If others use this computer too, close the browser as well.
signed-out-again = Sign in again

home-title = Authorization server
home-heading = Your data, your decision
home-what = When an application wants to use your data, it sends you here. You sign in, see what it asks for, and decide. The application receives a token for what you allowed, and never your password.
home-signed-in-as = You are signed in as { $name }.
home-signed-out = You are not signed in.
home-account = Your account
home-login = Sign in
home-logout = Sign out
home-metadata = For developers: server metadata
home-name = A sýmbolon was a token that the Greeks broke in two. Whoever brought the matching half was believed.

back-to = Back to { $name }
back-by-hand = Go back to { $name } and start again from there.

error-heading = Your request could not be completed
error-for-developers = For the developers of the application
error-description = Details
error-status = Status
error-client = Client ID
error-request-id = Request ID
error-request-id-hint = With the request ID, the administrators of this server can look in their journal for what was refused, and by which rule.
error-time = Time
error-advice-expired = The request has expired or has already been answered. Go back to the application and start again from there.
error-advice-request = Go back to the application and try again. If it keeps happening, show the lines below to the people who run the application: it sent something that this server cannot accept.
error-advice-server = The fault is ours. Please try again in a minute. If it keeps happening, tell the operator of this server.
error-advice-wait = There were too many requests. Please wait a minute, then go back to the application and start again from there.
error-home = Go to the start page

late-title = Sign in again
late-heading = Your session is over
late-advice = Nothing was changed, and what you typed is not lost: it waits on this page. Sign in, which opens a page of its own, then come back to this one and go on.
late-sign-in = Sign in on a new page
late-go-on = I have signed in: show my form again
late-secrets = Passwords are not kept. Where one is asked for, type it again.
late-filled = This form was of a session that is over, so nothing was changed. What you typed is filled in: look it over and send it again.
