"""Who asks: a JWT on each request of the Django peer."""

import jwt
from django.conf import settings
from rest_framework import authentication, exceptions


class User:
    """Whom the token names; nothing is looked up."""

    is_authenticated = True

    def __init__(self, id):
        self.id = id


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        text = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(text, settings.SECRET_KEY, algorithms=["HS256"], options={"require": ["exp", "sub"]})
            return User(int(claims["sub"])), None
        except (jwt.InvalidTokenError, ValueError):
            raise exceptions.AuthenticationFailed()

    def authenticate_header(self, request):
        return "Bearer"
