"""`PUT /consumers/{name}/`: a front end says which change it shows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.journal.sequencer import catch_up
from api.models import Consumer
from api.tokens.access import HasScope, TokenAuthentication


class DeployedSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(min_value=0, max_value=2**62)


class ConsumerDetail(APIView):
    """Needs a token with the scope ``changes``."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasScope,)
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    scope = "changes"
    schema = None
    http_method_names = ["get", "put", "delete", "options"]

    def get(self, request: Request, name: str) -> Response:
        found = Consumer.objects.filter(name=name).first()
        return _answer(found) if found else Response(status=status.HTTP_404_NOT_FOUND)

    def put(self, request: Request, name: str) -> Response:
        given = DeployedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reached = catch_up().sequence
        if given.validated_data["sequence"] > reached:
            raise serializers.ValidationError({"sequence": [f"This server is at {reached}."]})
        found, _ = Consumer.objects.update_or_create(
            name=name, defaults={"sequence": given.validated_data["sequence"], "deployed_at": timezone.now()}
        )
        return _answer(found)

    def delete(self, request: Request, name: str) -> Response:
        Consumer.objects.filter(name=name).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _answer(consumer: Consumer) -> Response:
    fields = {"name": consumer.name, "sequence": consumer.sequence, "deployed_at": consumer.deployed_at}
    return Response(fields, headers={"Cache-Control": "no-store"})
