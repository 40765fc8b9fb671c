//! What each step of the protocol is about, in a person's words.

/// What one step of the protocol is about, in a person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    /// What happens, in a few words.
    pub(super) title: &'static str,
    /// Who talks to whom.
    pub(super) route: &'static str,
    /// Why.
    pub(super) text: &'static str,
    /// Where it is written.
    pub(super) rule: Rule,
}

/// A section of an RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The number of the RFC.
    pub(super) rfc: &'static str,
    /// The section in it.
    pub(super) section: &'static str,
}

const BROWSER_TO_SERVER: &str = "Your browser → authorization server";
const SERVER_TO_BROWSER: &str = "Authorization server → your browser → Print Photo";
const CLIENT_TO_SERVER: &str = "Print Photo → authorization server";
const CLIENT_TO_PHOTOS: &str = "Print Photo → Photo Space";

pub(super) const ASK_THE_OWNER: Lesson = Lesson {
    title: "Ask the owner",
    route: BROWSER_TO_SERVER,
    text: "Print Photo sends you to the authorization server with the list of what it \
           wants to do. You sign in there, so Print Photo never sees your password. It \
           keeps a random state and the secret half of the PKCE challenge in your session.",
    rule: Rule {
        rfc: "6749",
        section: "4.1.1",
    },
};

pub(super) const BACK_WITH_A_CODE: Lesson = Lesson {
    title: "Back with a code",
    route: SERVER_TO_BROWSER,
    text: "Your browser brings a one-time code. Print Photo compares state with the one in \
           your session and iss with the server it asked: an answer that somebody else \
           planted stops here. The code alone is worth nothing.",
    rule: Rule {
        rfc: "6749",
        section: "4.1.2",
    },
};

pub(super) const BACK_WITHOUT_A_CODE: Lesson = Lesson {
    title: "Back without a code",
    route: SERVER_TO_BROWSER,
    text: "The authorization server says why there is no code. state matches, so the answer \
           is really for this browser.",
    rule: Rule {
        rfc: "6749",
        section: "4.1.2",
    },
};

pub(super) const AN_ANSWER_THAT_IS_NOT_OURS: Lesson = Lesson {
    title: "An answer that is not ours",
    route: SERVER_TO_BROWSER,
    text: "state, iss or the form of this answer is wrong. Print Photo does not touch the \
           code in it.",
    rule: Rule {
        rfc: "6749",
        section: "4.1.2",
    },
};

pub(super) const A_TOKEN_IS_ALREADY_THERE: Lesson = Lesson {
    title: "A token is already there",
    route: "Print Photo",
    text: "A client that acts for itself needs one token for all its calls. It was \
           obtained by an earlier call and is still good, so nobody is asked.",
    rule: Rule {
        rfc: "6749",
        section: "4.4",
    },
};

pub(super) const EXCHANGE_THE_CODE: Lesson = Lesson {
    title: "Exchange the code",
    route: CLIENT_TO_SERVER,
    text: "Server to server, unseen by the browser: the code, the PKCE verifier and Print \
           Photo’s own credentials buy an access token, and a refresh token for later.",
    rule: Rule {
        rfc: "6749",
        section: "4.1.3",
    },
};

pub(super) const EXCHANGE_NAME_AND_PASSWORD: Lesson = Lesson {
    title: "Exchange name and password",
    route: CLIENT_TO_SERVER,
    text: "The program hands your password to the authorization server and gets tokens. It has \
           seen the password: that is why only programs of the same house may do this.",
    rule: Rule {
        rfc: "6749",
        section: "4.3.2",
    },
};

pub(super) const EXCHANGE_CREDENTIALS: Lesson = Lesson {
    title: "Exchange the client’s own credentials",
    route: CLIENT_TO_SERVER,
    text: "No person is involved: the client shows its own id and secret and gets a token for \
           itself. There is no refresh token, it can always ask again.",
    rule: Rule {
        rfc: "6749",
        section: "4.4.2",
    },
};

pub(super) const RENEW_THE_TOKEN: Lesson = Lesson {
    title: "Renew the token",
    route: CLIENT_TO_SERVER,
    text: "The refresh token buys a new access token without asking you again. The server \
           usually replaces the refresh token as well; the old one is then dead.",
    rule: Rule {
        rfc: "6749",
        section: "6",
    },
};

pub(super) const GIVE_THE_TOKEN_BACK: Lesson = Lesson {
    title: "Give the token back",
    route: CLIENT_TO_SERVER,
    text: "Print Photo needs the token no more and says so. From now on nobody can use it, \
           not even a thief.",
    rule: Rule {
        rfc: "7009",
        section: "2.1",
    },
};

pub(super) const ASK_WHO_THE_OWNER_IS: Lesson = Lesson {
    title: "Ask who the owner is",
    route: CLIENT_TO_PHOTOS,
    text: "The same token, another call: the scope profile lets Print Photo know whose \
           photos these are. Without that scope Photo Space would say no.",
    rule: Rule {
        rfc: "6749",
        section: "3.3",
    },
};

pub(super) const USE_THE_TOKEN: Lesson = Lesson {
    title: "Use the token",
    route: CLIENT_TO_PHOTOS,
    text: "The access token travels in a header. Photo Space checks it: not expired, meant for \
           Photo Space, and with the right scope.",
    rule: Rule {
        rfc: "6750",
        section: "2.1",
    },
};

pub(super) const THE_TOKEN_IS_REFUSED: Lesson = Lesson {
    title: "The token is refused",
    route: CLIENT_TO_PHOTOS,
    text: "Photo Space does not accept the token, for example because it was revoked. Print \
           Photo renews it once and repeats the call once.",
    rule: Rule {
        rfc: "6750",
        section: "3.1",
    },
};

pub(super) const THE_CALL_IS_REFUSED: Lesson = Lesson {
    title: "The call is refused",
    route: CLIENT_TO_PHOTOS,
    text: "Photo Space accepts the token and still says no, for example because its scope does \
           not cover the call.",
    rule: Rule {
        rfc: "6750",
        section: "3.1",
    },
};

pub(super) const NO_ANSWER: Lesson = Lesson {
    title: "No answer",
    route: CLIENT_TO_PHOTOS,
    text: "Photo Space could not be reached. The token stays as it is.",
    rule: Rule {
        rfc: "6750",
        section: "2.1",
    },
};
