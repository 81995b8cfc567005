"""Second opinion on a Signature Version 4: recomputes with botocore what each request on stdin is signed with.

Reads a JSON list of {method, url, headers, access_key, secret_key}; prints one line a request: equal, or both signatures.
"""

import json
import re
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for request in json.load(sys.stdin):
    headers = {name.lower(): value for name, value in request["headers"].items()}
    authorization = headers.pop("authorization")
    scope, signed, signature = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", authorization
    ).groups()
    _, _, region, service, _ = scope.split("/")
    signer = SigV4Auth(Credentials(request["access_key"], request["secret_key"]), service, region)
    aws_request = AWSRequest(request["method"], request["url"])
    for name in signed.split(";"):
        aws_request.headers[name] = headers[name]
    aws_request.context["timestamp"] = headers["x-amz-date"]
    to_sign = signer.string_to_sign(aws_request, signer.canonical_request(aws_request))
    expected = signer.signature(to_sign, aws_request)
    print("equal" if expected == signature else f"{expected} {signature}")
