"""What the API itself refuses, whatever is asked."""

from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal


class NotSignedIn(Refusal):
    message = _("Show who you are: send a token as “Authorization: Bearer …”, or sign in.")
    status = 401


class NothingHere(Refusal):
    message = _("There is nothing at this address for you.")
    status = 404


class MethodNotAllowed(Refusal):
    message = _("This address does not answer this method. The header Allow says which it answers.")
    status = 405


class NotAcceptable(Refusal):
    message = _("The answer is application/json, which your header Accept does not take.")
    status = 406


class LengthMissing(Refusal):
    message = _("Send the body with its length (the header Content-Length), not in chunks.")
    status = 411


class BodyTooLarge(Refusal):
    message = _("The body is larger than %(most)s bytes. Send less at once.")
    status = 413


class NotJson(Refusal):
    message = _("Send the body as %(wanted)s and say so in the header Content-Type.")
    status = 415


class MalformedJson(Refusal):
    message = _("The body is not JSON in UTF-8, or names a field twice.")
    status = 400


class NoSuchParameter(Refusal):
    message = _("This address knows no query parameter “%(name)s”.")
    status = 422


class ParameterTwice(Refusal):
    message = _("The query parameter “%(name)s” may be given once.")
    status = 422


class NoSuchPart(Refusal):
    message = _("This form knows one part of each name, and none called “%(name)s”.")
    status = 422


class NoBodyWanted(Refusal):
    message = _("This takes no body. Leave it out.")
    status = 422


class NotFromHere(Refusal):
    message = _("This was not sent by a page of this site: send the token of the cookie “csrf” as X-CSRFToken.")
    status = 403


class KeyMalformed(Refusal):
    message = _("An Idempotency-Key is 1 to 255 visible characters without spaces.")
    status = 400


class KeyUsed(Refusal):
    message = _("This Idempotency-Key came with another request before. Make a new one for each thing you create.")
    status = 422


class KeyAtWork(Refusal):
    message = _("The request with this Idempotency-Key is still at work. Ask again in a moment.")
    status = 409


class TooFast(Refusal):
    message = _("You ask faster than %(most)s times a minute. Wait as long as Retry-After says.")
    status = 429


class Away(Refusal):
    message = _("The database is away for a moment. Nothing was changed; please try again.")
    status = 503


class NoMoreTokens(Refusal):
    message = _("You have %(most)s tokens. Take one back to make another.")


class NoNameGiven(Refusal):
    message = _("Give the token a name that tells you later what uses it.")
    status = 422
