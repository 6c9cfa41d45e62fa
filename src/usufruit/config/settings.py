# SPDX-License-Identifier: EUPL-1.2
"""Django's settings; everything an operator may choose comes from the environment.

`docs/reference/reglages.md` lists each variable; a test keeps the two lists equal.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from usufruit.config.database import connection_settings, files_directory, state_directory
from usufruit.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parent.parent
STATE = state_directory(os.environ)

DEBUG = False
SECRET_KEY = secret_key(os.environ, STATE)
ALLOWED_HOSTS = os.environ.get("USUFRUIT_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
IS_HTTPS = os.environ.get("USUFRUIT_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if IS_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "usufruit.ui",
    "usufruit.organizations",  # before allauth, whose pages it replaces by its own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "usufruit.kernel",
    "usufruit.notices",
    "usufruit.inventory",
    "usufruit.imports",
    "usufruit.premises",
    "usufruit.timetable",
    "usufruit.agendas",
    "usufruit.sharing",
    "usufruit.search",
    "usufruit.bookings",
    "usufruit.audits",
    "usufruit.needs",
    "usufruit.privacy",
    "usufruit.exports",
    "usufruit.demo",
    "usufruit.config",
]

MIDDLEWARE = [
    "usufruit.config.health.HealthMiddleware",  # before all that may fail
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "usufruit.config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "usufruit.config.middleware.BodyLimitMiddleware",
    "usufruit.config.middleware.ActingForMiddleware",
    "usufruit.config.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "usufruit.config.middleware.RefusalMiddleware",
    "usufruit.config.middleware.TooSlowMiddleware",
    "usufruit.config.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "usufruit.config.urls"
WSGI_APPLICATION = "usufruit.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "usufruit.config.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = {"default": connection_settings(os.environ)}
# Counts of sign-in attempts, which all processes share; no answer of a page is ever kept.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "organizations_attempts",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organizations.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "usufruit.organizations.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    name: f"usufruit.organizations.forms.{form}"
    for name, form in {
        "login": "SignInForm",
        "reset_password": "ForgottenPasswordForm",
        "reset_password_from_key": "NewPasswordForm",
        "set_password": "FirstPasswordForm",
        "change_password": "ChangePasswordForm",
        "reauthenticate": "ReauthenticateForm",
    }.items()
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Usufruit – "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
MFA_ADAPTER = "usufruit.organizations.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "usufruit.organizations.forms.FirstCodeForm",
    "authenticate": "usufruit.organizations.forms.CodeForm",
    "reauthenticate": "usufruit.organizations.forms.CodeAgainForm",
}
MFA_TOTP_ISSUER = "Usufruit"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ by some seconds
SECOND_FACTOR_REQUIRED = os.environ.get("USUFRUIT_SECOND_FACTOR", "") == "1"
STEWARD_DAYS = int(os.environ.get("USUFRUIT_STEWARD_DAYS", "365"))
ALLAUTH_TRUSTED_PROXY_COUNT = int(IS_HTTPS)  # the address to count by is the one it forwards
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
EMAIL_HOST = os.environ.get("USUFRUIT_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("USUFRUIT_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("USUFRUIT_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("USUFRUIT_SMTP_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("USUFRUIT_FROM_EMAIL", "usufruit@localhost")
_scheme = "https" if IS_HTTPS else "http"
PUBLIC_ADDRESS = os.environ.get("USUFRUIT_ADDRESS", f"{_scheme}://{ALLOWED_HOSTS[0]}").rstrip("/")
# Who writes the letters about an object: the room that owns it, by the path of a function.
NOTICE_WRITERS = {"bookings.bookingline": "usufruit.bookings.letters.write"}

# Who answers for this installation: shown on its pages about privacy and accessibility.
OPERATOR = {
    "name": os.environ.get("USUFRUIT_OPERATOR", ""),
    "privacy": os.environ.get("USUFRUIT_PRIVACY_CONTACT", ""),
    "accessibility": os.environ.get("USUFRUIT_ACCESSIBILITY_CONTACT", ""),
}

LANGUAGE_CODE = "fr-ca"
LANGUAGE_COOKIE_NAME = "langue"
# English joins the list when its catalogue is whole: half a translation reads worse than none.
LANGUAGES = [("fr-ca", _("Français"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["usufruit.ui.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get(
            "USUFRUIT_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEDIA_ROOT = files_directory(os.environ)
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".geojson": "application/geo+json"}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
EVIDENCE_MAX_BYTES = int(os.environ.get("USUFRUIT_EVIDENCE_MAX_MB", "64")) * 1024 * 1024
PHOTO_MAX_BYTES = int(os.environ.get("USUFRUIT_PHOTO_MAX_MB", "15")) * 1024 * 1024
PAPER_MAX_BYTES = int(os.environ.get("USUFRUIT_PAPER_MAX_MB", "20")) * 1024 * 1024
UPLOAD_MAX_BYTES = 4 * EVIDENCE_MAX_BYTES  # all the files of one sending

OPTION_MIN = int(os.environ.get("USUFRUIT_OPTION_MIN", "15"))
OPTIONS_MOST = int(os.environ.get("USUFRUIT_OPTIONS_MOST", "3"))
AGENDA_HOSTS = frozenset(os.environ.get("USUFRUIT_AGENDA_HOSTS", "").replace(",", " ").split())

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# What the public sees of free and busy: by half-days, late, and not far ahead.
PUBLIC_DELAY_H = int(os.environ.get("USUFRUIT_PUBLIC_DELAY_H", "24"))
PUBLIC_DAYS = int(os.environ.get("USUFRUIT_PUBLIC_DAYS", "14"))
BASEMAP_TILES = os.environ.get("USUFRUIT_BASEMAP_TILES", "")
if BASEMAP_TILES.startswith("http"):
    _tile_origin = "/".join(BASEMAP_TILES.split("/")[:3])
    for _directive in ("img-src", "connect-src"):
        CONTENT_SECURITY_POLICY["DIRECTIVES"][_directive].append(_tile_origin)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
# What other names of the body's domain serve is theirs to say: we promise HTTPS for ours alone.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Whoever tries another name has their 400; a trace for each would drown what matters.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("USUFRUIT_LOG_LEVEL", "WARNING")},
}
