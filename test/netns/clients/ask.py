# Asks the provider twice, as an application would: prints the status of each answer. The library is named by the first argument.
import json
import os
import sys

URL = "https://api.openai.com/v1"
HEADERS = {"authorization": "Bearer k"}


def body(content):
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}


def by_urllib(content):
    import urllib.error
    import urllib.request

    headers = HEADERS | {"content-type": "application/json"}
    request = urllib.request.Request(f"{URL}/chat/completions", json.dumps(body(content)).encode(), headers)
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code


def by_requests(content):
    import requests

    return requests.post(f"{URL}/chat/completions", json=body(content), headers=HEADERS).status_code


def by_httpx(content):
    import httpx

    return httpx.post(f"{URL}/chat/completions", json=body(content), headers=HEADERS).status_code


def by_openai(content):
    import openai

    try:
        openai.OpenAI(api_key="k").chat.completions.create(**body(content))
        return 200
    except openai.APIStatusError as error:
        return error.status_code


ask = {"urllib": by_urllib, "requests": by_requests, "httpx": by_httpx, "openai": by_openai}[sys.argv[1]]
print(*[ask(content) for content in ["Hello.", os.environ["MARK"]]])
