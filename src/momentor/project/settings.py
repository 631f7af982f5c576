"""Django's settings, made from the environment. What a host may change is listed in environment.py."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from momentor.project.environment import WrongSetting, read_environment
from momentor.project.logging import logging_settings
from momentor.project.mail import mail_settings

django_stubs_ext.monkeypatch()

ENVIRONMENT = read_environment()
SOURCE = Path(__file__).resolve().parents[1]
DATA = Path(ENVIRONMENT["MOMENTOR_DATA"]).resolve()

SITE_URL: str = ENVIRONMENT["MOMENTOR_URL"]
IS_SECURE = SITE_URL.startswith("https://")
SITE_HOST = SITE_URL.split("://", 1)[1].split("/", maxsplit=1)[0].split(":", maxsplit=1)[0]
IS_DEMO: bool = ENVIRONMENT["MOMENTOR_DEMO"]
DEBUG: bool = ENVIRONMENT["MOMENTOR_DEBUG"]

SECRET_KEY: str = ENVIRONMENT["MOMENTOR_SECRET_KEY"]
SECRET_KEY_FALLBACKS: list[str] = ENVIRONMENT["MOMENTOR_OLD_SECRET_KEYS"]
if len(SECRET_KEY) < 32:
    raise WrongSetting("MOMENTOR_SECRET_KEY", "is too short. Give 32 characters or more, made by chance.")
ALLOWED_HOSTS = [SITE_HOST, "localhost", "127.0.0.1", "[::1]", *ENVIRONMENT["MOMENTOR_ALLOWED_HOSTS"]]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

WIRING = "momentor.project.wiring.WHEN"
ROOT_URLCONF = "momentor.project.urls"
WSGI_APPLICATION = "momentor.project.wsgi.application"

INSTALLED_APPS = [
    "momentor.foundation.apps.FoundationConfig",
    "momentor.people.apps.PeopleConfig",
    "momentor.trust.apps.TrustConfig",
    "momentor.asking.apps.AskingConfig",
    "momentor.sessions.apps.SessionsConfig",
    "momentor.scheduling.apps.SchedulingConfig",
    "momentor.dispatch.apps.DispatchConfig",
    "momentor.learning.apps.LearningConfig",
    "momentor.matches.apps.MatchesConfig",
    "momentor.integrations.webpush.apps.WebpushConfig",
    "momentor.notices.apps.NoticesConfig",
    "momentor.importing.apps.ImportingConfig",
    "momentor.demo.apps.DemoConfig",
    "momentor.api.apps.ApiConfig",
    "momentor.web.apps.WebConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "momentor.foundation.host_pages.HostPagesConfig",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "momentor.web.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "momentor.web.middleware.AtOrganisation",
    "momentor.web.middleware.PersonsLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "momentor.web.middleware.Refusals",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "momentor.web.context.page",
            ],
            "builtins": [
                "momentor.web.templatetags.i18n",
                "django.templatetags.static",
                "momentor.web.templatetags.pages",
            ],
        },
    }
]
FORM_RENDERER = "momentor.foundation.widgets.Renderer"

DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(ENVIRONMENT["DATABASE_URL"]),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
WORKER_DATABASE_URL: str = ENVIRONMENT["MOMENTOR_DIRECT_DATABASE_URL"] or ENVIRONMENT["DATABASE_URL"]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "momentor.people.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "momentor.people.accounts.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = "momentor.people.accounts.display"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
MFA_TOTP_ISSUER = "Momentor"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_SSL_REDIRECT = False  # the proxy in front does it; the API never redirects
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PROXIES: int = ENVIRONMENT["MOMENTOR_BEHIND_PROXY"]
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# project/proxy.py has read X-Forwarded-For before Django sees a request: REMOTE_ADDR is the visitor already.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
MEDIA_ROOT = DATA / "uploads"
MEDIA_URL = None
UPLOAD_BYTES = ENVIRONMENT["MOMENTOR_UPLOAD_MEGABYTES"] * 1_000_000

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "momentor.web.static_files.Storage"},
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
FORMAT_MODULE_PATH = "momentor.project.formats"
LOCALE_PATHS = [SOURCE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

globals().update(mail_settings(ENVIRONMENT["MOMENTOR_MAIL_URL"], DATA))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT["MOMENTOR_MAIL_FROM"]
EMAIL_TIMEOUT = 15

LOGGING = logging_settings(ENVIRONMENT["MOMENTOR_LOG_LEVEL"], ENVIRONMENT["MOMENTOR_LOG_FORMAT"])
LOGGING_CONFIG = "logging.config.dictConfig"

SILENCED_SYSTEM_CHECKS = ["auth.E003", "fields.W904"]

OPEN_QUESTIONS: int = ENVIRONMENT["MOMENTOR_OPEN_QUESTIONS"]
QUESTIONS_A_DAY: int = ENVIRONMENT["MOMENTOR_QUESTIONS_A_DAY"]
OFFERS_A_DAY: int = ENVIRONMENT["MOMENTOR_OFFERS_A_DAY"]
LEARNS: bool = ENVIRONMENT["MOMENTOR_LEARN"]
READ_MEANING: bool = ENVIRONMENT["MOMENTOR_READ_MEANING"]
ENCODER_URL: str = ENVIRONMENT["MOMENTOR_ENCODER_URL"]
ENCODER_MODEL: str = ENVIRONMENT["MOMENTOR_ENCODER_MODEL"]
ENCODER_DIMENSIONS: int = ENVIRONMENT["MOMENTOR_ENCODER_DIMENSIONS"]
ENCODER_KEY: str = ENVIRONMENT["MOMENTOR_ENCODER_KEY"]
ENCODER_IN_HOUSE: bool = ENVIRONMENT["MOMENTOR_ENCODER_IN_HOUSE"]
if ENCODER_URL and not ENCODER_MODEL:
    raise WrongSetting("MOMENTOR_ENCODER_MODEL", "is not set. Name the model to ask for at MOMENTOR_ENCODER_URL.")
METRICS_TOKEN: str = ENVIRONMENT["MOMENTOR_METRICS_TOKEN"]
