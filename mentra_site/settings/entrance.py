"""How people sign up and log in: by e-mail address and password, with a second factor for those who want one."""

import environ

env = environ.Env()

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"

ACCOUNT_ADAPTER = "accounts.adapter.Entrance"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
# Of a signed-in person's own matters, those that strangers at an open screen must not do ask for the password again.
ACCOUNT_REAUTHENTICATION_REQUIRED = True

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Open Glasses Cloud"

SIGNUP_IS_OPEN = env.bool("SIGNUP_IS_OPEN", default=True)
OPERATORS_NEED_TWO_FACTOR = env.bool("OPERATORS_NEED_TWO_FACTOR", default=False)

# Without a mail server the messages are printed, which is what a developer at a terminal wants.
vars().update(env.email("EMAIL_URL", default="consolemail://"))
# A page waits for its mail: a server that does not answer must not hold it for ever. Seconds.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Open Glasses Cloud <cloud@localhost>")
