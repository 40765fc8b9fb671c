menu-name = Your account
menu-skip = Skip to the content
menu-logout = Sign out
menu-account = Overview
menu-applications = Applications
menu-sessions = Signed in
menu-password = Password
menu-developer = For developers
