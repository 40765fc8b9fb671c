page-skip = Skip to the content
page-navigation = Main
page-ways = Ways
page-compare = Compare
page-attacks = Attacks
page-own-client = Own client
page-photos = Photos
page-log-out = Log out
page-languages = Language
page-grant = Grant
page-back = Back to the start
page-footer = A demo client of OAuth 2. Photo Space keeps the photos, Print Photo reads them, and only the authorization server knows your password.

grant-code = Authorization code
grant-implicit = Implicit
grant-password = Password
grant-client-credentials = Client credentials
grant-refresh = Refresh token
grant-extension = Extension

access-label = The token in use
access-obtained = Obtained by
access-token = Access token
access-good-for = Good for
access-no-time = no stated time
access-scope = Scope
access-as-asked = as asked
access-refresh-token = Refresh token
access-kept = kept
access-none = none
access-client = Client
access-refresh = Refresh now
access-call = Call Photo Space now
access-expire = End the token and see it renewed

home-title = Start
home-heading = Your photos on paper, your password nowhere but home
home-lead = Xiaoming keeps photos in *Photo Space* and wants prints of them from *Print Photo*. She could tell Print Photo her password. She does not have to: she tells the *authorization server* that Print Photo may look at her photos, and Print Photo gets a token that opens the photos and nothing else, for a while.
home-owner = *Resource owner* you, or Xiaoming
home-client = *Client* Print Photo
home-authorization-server = *Authorization server* signs you in, issues tokens
home-resource-server = *Resource server* Photo Space
home-ways = Five ways to a token
home-code-tag = Use this one
home-code = For web applications with a server. The browser carries a one-time code; the token itself never passes through it.
home-script-tag = Page with a script
home-script-title = Code with PKCE, and implicit
home-script = For pages that have no server of their own: the way of today, and the old one beside it to compare.
home-password-tag = Same house only
home-password = The program asks for name and password itself. Only for programs of those who run the server anyway.
home-backup-tag = No person
home-backup = The nightly backup acts for itself, so nobody is asked.
home-refresh-tag = After any of these
home-refresh = Renews a token without asking again. Get a token first, then press “Refresh now”.
home-more = Then look closer
home-compare = When to use which, who gets to see what, and what today’s advice is.
home-attacks = Replay a code, drop the verifier, use a token where it does not belong, and see what the real servers say.
home-own = Register an application of your own at the authorization server, and have Print Photo be it.

code-lead = You leave for `{ $name }`, sign in there, and see a list of what Print Photo asks for. If you agree, your browser comes back with a code that is good once and for a minute. Print Photo exchanges it for a token, out of your browser’s sight.
code-kind = What the access token shall be
code-handle = A handle: a number that only the authorization server understands
code-jwt = A JWT: signed facts that everybody can read
code-button = Let Print Photo see my photos
code-hint = In the demo you are `xiaoming` with `photos4me`. Print Photo asks for `photo.read` and `profile`.
code-again = Not asked any more, because you have allowed it before? To see it again, withdraw it:
code-account = applications with access, at the authorization server

backup-lead = Every night a backup copies the photos of everybody. Nobody is awake to agree, and nobody has to: the backup is a client with rights of its own. It shows its own id and secret and gets one token for the whole service.
backup-button = Look at what the backup sees
backup-hint = Press it twice: the second time no token is asked for, the first one is still good.

password-lead = The desktop program of Photo Space asks for name and password itself and exchanges them for tokens.
password-notice = *Only for the same house.* Whoever runs this program sees your password. With a program of somebody else you could not know what it does with it, you could not take back one program’s access without changing the password everywhere, and there is no second factor. RFC 9700 §2.4 says not to use this grant; it is here for old programs that still do.
password-name = Name
password-password = Password
password-button = Get a token
password-hint = In the demo: `xiaoming` with `photos4me`. The password is used once and not kept.

photos-heading = Photos to print
photos-hello = Hello,
photos-yours = These are yours, read with your permission.
photos-none = Photo Space answers, but there are no photos in it.
photos-next = And now try to get at them without permission:

refreshed-title = Token renewed
refreshed-heading = The token is new
refreshed-before = Before
refreshed-now = Now
refreshed-left = { $count } s left
refreshed-by-token = You were not asked again: the refresh token did it.
refreshed-by-client = You were not asked again: the client showed its own credentials again.
refreshed-photos = To the photos

called-title = One call
called-crumb = A call with the token as it is
called-good = The token opens the photos
called-good-text = Photo Space asked about it and let Print Photo in. Withdraw what you allowed, at the authorization server, come back and call again: the very next call is refused.
called-dead = The token opens nothing any more
called-dead-text = Photo Space asked about it, and it is not good: it was withdrawn, or has ended. Nothing was renewed here, so that you can see it. (A JWT that is checked by its signature alone stays good until its `exp`; Photo Space asks.)

logged-out-title = Logged out
logged-out-heading = Print Photo has forgotten you
logged-out-revoked = The tokens were given back and the session is gone.
logged-out-not-revoked = The session is gone. The authorization server could not be told, so the tokens die by themselves when they expire; nobody has them any more.
logged-out-still = Who signed in at the authorization server on the way still is: one sign-in serves every client. To end what other applications hold, too, choose there to sign out of applications.
logged-out-there = Sign out there, too

own-title = Bring your own client
own-lead = Print Photo is a client that somebody registered. You can register one, too, and have this page be it: then the names on the approval page are yours.
own-register = Register an application at the authorization server, by its developer pages:
own-redirect-uri = As its redirect URI, say letter by letter:
own-type = Type here what you got. It is kept in your session, in memory, and forgotten with it.
own-secret-hint = Leave it empty if your client keeps no secret. It is sent to the authorization server only, and shown to nobody.
own-button = Ask as this client
own-client-id-fault = Type the client_id that you were given: visible characters, at most 512.
own-secret-fault = A secret has visible characters only, at most 512.
own-scope-fault = Scopes are words, separated by one space: photo.read profile
