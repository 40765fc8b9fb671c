developer-heading = Your applications
developer-lead = These applications are registered by you. Whoever uses them sees the name that you have given them.
developer-none = You have registered no application yet. Register one, and it can ask people for access to their data.
developer-more = More applications
developer-new = Register an application
developer-new-intro = It gets a client ID and a secret, by which this server knows it.
developer-all = All applications
developer-client-id = Client ID
developer-register = Register
developer-save = Save changes
developer-cancel = Cancel
developer-go-on = To the application
developer-refused = Nothing was saved yet. Please look at what is said beside the fields.
developer-further = Logo, policy, terms, contacts
developer-approval = An administrator has to let the application in before it can be used.
developer-approval-anew = Another name, logo or link, and whatever the application wants in addition, has to be let in by an administrator again. Until then the application cannot be used.

developer-state-active = In use
developer-state-awaiting = Waits for an administrator
developer-state-suspended = Suspended

developer-client-name = Name
developer-client-name-hint = People read it when they are asked for access.
developer-client-uri = Web site
developer-client-uri-hint = Where people read about the application, with https.
developer-redirect-uris = Redirect URIs
developer-redirect-uris-hint = Where browsers return to, one a line: https://app.example/callback, http://localhost:8080/callback on your own machine, or com.example.app:/callback for a program.
developer-logo-uri = Logo
developer-logo-uri-hint = The address of a picture, with https.
developer-policy-uri = Privacy policy
developer-tos-uri = Terms of service
developer-contacts = Contacts
developer-contacts-hint = E-mail addresses of those who answer for the application, one a line.
developer-kind = What kind of application is it?
developer-kind-confidential = It runs on a server of ours and can keep a secret.
developer-kind-public = It runs in browsers or on people’s devices and gets no secret.
developer-grants = How it gets access
developer-grant-authorization-code = People are asked, and it gets a code
developer-grant-refresh-token = It renews its access without asking again
developer-grant-client-credentials = It acts for itself, without people
developer-scopes = What it may ask for

developer-secret = Client secret
developer-secret-once = Copy the secret now. It is shown once and kept here only as a hash.
developer-secret-none = The application has no secret. It uses PKCE.
developer-secret-rotation = { $count ->
    [0] A new secret takes the place of the one before at once.
    [one] A new secret takes the place of the one before, which is good for one more hour.
   *[other] A new secret takes the place of the one before, which is good for { $count } more hours.
}
developer-secret-retiring = { $count ->
    [one] The secret before is still good for less than an hour.
   *[other] The secret before is still good for { $count } hours.
}
developer-secret-rotate = Make a new secret
developer-secret-replaced = { $name } has a new secret
developer-registered = { $name } is registered

developer-remove = Remove this application
developer-remove-consequence = { $name } gets nothing any more, and what people have allowed it is good for nothing at once. This cannot be taken back.
developer-remove-for-good = Remove for good

developer-notice-removed = The application is removed.
developer-notice-saved = Your changes are saved.
developer-notice-changed = The application was changed elsewhere in the meantime. Please look at it and try again.
developer-notice-registered = This form was sent before, and the application is registered. Its secret was shown once; if it is lost, make a new one.
developer-notice-too-many = You have as many applications as one may have. Remove one first.

developer-fault-empty = Something has to be written here.
developer-fault-blank = There is a blank at the beginning or the end.
developer-fault-unseen = It holds { $name }, a character that nobody sees.
developer-fault-control = It holds a character that cannot be shown.
developer-fault-too-long = It is too long: { $name } bytes are possible.
developer-fault-too-many = There are too many: { $name } are possible.
developer-fault-no-address = { $name } cannot be followed as it is written. Write it as https://app.example/callback.
developer-fault-relative = { $name } does not begin with a scheme. Write it as https://app.example/callback.
developer-fault-fragment = { $name } has a fragment. Leave out what begins with #.
developer-fault-pattern = { $name } is a pattern. Write each whole address on a line of its own.
developer-fault-scheme = { $name } leads to no place that an answer can be brought to.
developer-fault-name-of-answer = { $name } holds a parameter that the answer will have. Leave it out.
developer-fault-plain-http = { $name } is not encrypted. Use https; http is only for your own machine.
developer-fault-scheme-of-nobody = { $name } begins with a scheme that any other program can take. Use a domain name of yours in reverse: com.example.app:/callback.
developer-fault-link = { $name } is no address that people can be sent to. It has to be an https address.
developer-fault-no-redirect-uri = At least one is needed, because people are sent back with a code.
developer-fault-no-grant = Choose at least one.
developer-fault-grant = { $name } is not given here.
developer-fault-refresh-alone = Access is renewed only where it was got with a code.
developer-fault-grant-needs-secret = { $name } needs a secret, which this kind of application has not.
developer-fault-no-scope = Choose at least one.
developer-fault-scope-not-given = { $name } is not given here.

developer-held = What it holds now
developer-held-means = Grants whose codes or tokens are still good. They end on their own, or when somebody takes them back.
developer-held-from-owners = From people
developer-held-for-itself = For itself
developer-held-count = { $count }
developer-held-at-least = { $count } or more: not everything was counted

developer-refusals = What was refused lately
developer-refusals-lead = The last requests of this application that were refused, at most five of each kind, the newest first. The request ID is in the answer’s header x-request-id and on the error page.
developer-refusals-none = Nothing was refused lately.
developer-refusals-off = This server keeps no journal of what was refused. Its operator can look into the log.
developer-refusal-path = Endpoint
developer-refusal-error = OAuth error
developer-refusal-parameter = Parameter
developer-refusal-rule = Rule
