"""The signature (SigV4) that AWS's own library gives a request: {"method", "url", "headers", "body", "region", "date"} in, hex out."""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

asked = json.load(sys.stdin)
request = AWSRequest(method=asked["method"], url=asked["url"], headers=asked["headers"], data=asked["body"].encode())
request.context["timestamp"] = asked["date"]
auth = SigV4Auth(Credentials(asked["key"], asked["secret"]), "bedrock", asked["region"])
print(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
