"""Speaks through the real Python SDKs: a question as a line of JSON in, what its SDK made of the answer as a line out.

A question is {"sdk", "base", "prompt", "stream", "tool"}; an answer {"text", "refusal", "finish", "calls"} or {"error"}.
"""

import json
import sys

import anthropic
import boto3
import ollama
import openai
from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials
from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from mistralai.client import Mistral

KEY = "k"
SCHEMA = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
TOOL = "delete_mailbox"


def say(text="", finish=None, calls=(), refusal=None):
    return {"text": text or "", "finish": finish, "calls": list(calls), "refusal": refusal}


def openai_tool():
    return {"type": "function", "function": {"name": TOOL, "parameters": SCHEMA}}


def openai_chat(q):
    client = openai.OpenAI(base_url=q["base"] + "/openai/v1", api_key=KEY)
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": q["prompt"]}]}
    if q["tool"]:
        asked["tools"] = [openai_tool()]
    if not q["stream"]:
        choice = client.chat.completions.create(**asked).choices[0]
        calls = [[c.function.name, c.function.arguments] for c in choice.message.tool_calls or []]
        return say(choice.message.content, choice.finish_reason, calls, choice.message.refusal)
    text, refusal, finish, calls = "", "", None, {}
    for chunk in client.chat.completions.create(**asked, stream=True):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            refusal += choice.delta.refusal or ""
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or []:
                known = calls.setdefault(call.index, ["", ""])
                known[0] += call.function.name or ""
                known[1] += call.function.arguments or ""
    return say(text, finish, calls.values(), refusal or None)


def openai_chat_helper(q):
    """The helper that puts a stream together, as agents use it."""
    client = openai.OpenAI(base_url=q["base"] + "/openai/v1", api_key=KEY)
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": q["prompt"]}]}
    if q["tool"]:
        asked["tools"] = [openai_tool()]
    with client.chat.completions.stream(**asked) as stream:
        for _ in stream:
            pass
        choice = stream.get_final_completion().choices[0]
    calls = [[c.function.name, c.function.arguments] for c in choice.message.tool_calls or []]
    return say(choice.message.content, choice.finish_reason, calls, choice.message.refusal)


def openai_responses(q):
    client = openai.OpenAI(base_url=q["base"] + "/openai/v1", api_key=KEY)
    asked = {"model": "gpt-5.1", "input": q["prompt"]}
    if q["tool"]:
        asked["tools"] = [{"type": "function", "name": TOOL, "parameters": SCHEMA, "strict": False}]
    if q["stream"]:
        with client.responses.stream(**asked) as stream:
            for event in stream:
                if event.type in ("response.completed", "response.incomplete"):
                    response = event.response
    else:
        response = client.responses.create(**asked)
    calls = [[o.name, o.arguments] for o in response.output if o.type == "function_call"]
    parts = [part for o in response.output if o.type == "message" for part in o.content]
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    reason = response.incomplete_details.reason if response.incomplete_details else None
    return say(response.output_text, reason or response.status, calls, refusal or None)


def anthropic_messages(q):
    return ask_claude(q, anthropic.Anthropic(base_url=q["base"] + "/anthropic", api_key=KEY))


def anthropic_vertex(q):
    place = {"project_id": "my-project", "region": "us-east5", "access_token": KEY}
    return ask_claude(q, anthropic.AnthropicVertex(base_url=q["base"] + "/vertex/v1", **place))


def ask_claude(q, client, model="claude-sonnet-5-5"):
    asked = {
        "model": model,
        "max_tokens": 500,
        "messages": [{"role": "user", "content": q["prompt"]}],
    }
    if q["tool"]:
        asked["tools"] = [{"name": TOOL, "input_schema": SCHEMA}]
    if q["stream"]:
        with client.messages.stream(**asked) as stream:
            for _ in stream:
                pass
            message = stream.get_final_message()
    else:
        message = client.messages.create(**asked)
    text = "".join(block.text for block in message.content if block.type == "text")
    calls = [[b.name, json.dumps(b.input)] for b in message.content if b.type == "tool_use"]
    return say(text, message.stop_reason, calls)


def google_genai(q):
    options = types.HttpOptions(base_url=q["base"] + "/gemini")
    return ask_gemini(q, genai.Client(api_key=KEY, http_options=options))


def google_vertex(q):
    options = types.HttpOptions(base_url=q["base"] + "/vertex")
    place = {"vertexai": True, "project": "my-project", "location": "us-central1"}
    return ask_gemini(q, genai.Client(credentials=Credentials(token=KEY), http_options=options, **place))


def ask_gemini(q, client):
    function = types.FunctionDeclaration(name=TOOL, parameters_json_schema=SCHEMA)
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[function])] if q["tool"] else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    asked = {"model": "gemini-3-flash", "contents": q["prompt"], "config": config}
    if q["stream"]:
        chunks = list(client.models.generate_content_stream(**asked))
    else:
        chunks = [client.models.generate_content(**asked)]
    text, finish, calls = "", None, []
    for chunk in chunks:
        candidate = chunk.candidates[0]
        finish = candidate.finish_reason.value if candidate.finish_reason else finish
        for part in (candidate.content.parts if candidate.content else None) or []:
            text += part.text or ""
            if part.function_call:
                calls.append([part.function_call.name, json.dumps(part.function_call.args)])
    return say(text, finish, calls)


def langchain(q, model, reason):
    bound = model.bind_tools([openai_tool()]) if q["tool"] else model
    if q["stream"]:
        message = None
        for chunk in bound.stream(q["prompt"]):
            message = chunk if message is None else message + chunk
    else:
        message = bound.invoke(q["prompt"])
    calls = [[c["name"], json.dumps(c["args"])] for c in message.tool_calls]
    calls += [[c["name"], c["args"]] for c in message.invalid_tool_calls]
    return say(message.text, message.response_metadata.get(reason), calls, message.additional_kwargs.get("refusal"))


def langchain_openai(q):
    model = ChatOpenAI(model="gpt-4o", base_url=q["base"] + "/openai/v1", api_key=KEY)
    return langchain(q, model, "finish_reason")


def langchain_anthropic(q):
    model = ChatAnthropic(model="claude-sonnet-5-5", base_url=q["base"] + "/anthropic", api_key=KEY, max_tokens=500)
    return langchain(q, model, "stop_reason")


def ollama_chat(q):
    client = ollama.Client(host=q["base"] + "/ollama")
    asked = {"model": "llama3", "messages": [{"role": "user", "content": q["prompt"]}]}
    if q["tool"]:
        asked["tools"] = [openai_tool()]
    said = client.chat(**asked, stream=q["stream"])
    text, finish, calls = "", None, []
    for part in said if q["stream"] else [said]:
        text += part.message.content or ""
        finish = part.done_reason or finish
        calls += [[c.function.name, json.dumps(c.function.arguments)] for c in part.message.tool_calls or []]
    return say(text, finish, calls)


def mistral_chat(q):
    client = Mistral(server_url=q["base"] + "/mistral", api_key=KEY)
    asked = {"model": "mistral-large-latest", "messages": [{"role": "user", "content": q["prompt"]}]}
    if q["tool"]:
        asked["tools"] = [openai_tool()]
    if not q["stream"]:
        choice = client.chat.complete(**asked).choices[0]
        calls = [[c.function.name, c.function.arguments] for c in choice.message.tool_calls or []]
        return say(choice.message.content, choice.finish_reason, calls)
    text, finish, calls = "", None, {}
    for event in client.chat.stream(**asked):
        for choice in event.data.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or []:
                known = calls.setdefault(call.index, ["", ""])
                known[0] += call.function.name or ""
                known[1] += call.function.arguments or ""
    return say(text, finish, calls.values())


def bedrock(q):
    return boto3.client(
        "bedrock-runtime",
        region_name="eu-west-1",
        endpoint_url=q["base"] + "/bedrock",
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
    )


def boto3_converse(q):
    asked = {"modelId": "anthropic.claude-sonnet-5-5-v1:0", "messages": [{"role": "user", "content": [{"text": q["prompt"]}]}]}
    if q["tool"]:
        asked["toolConfig"] = {"tools": [{"toolSpec": {"name": TOOL, "inputSchema": {"json": SCHEMA}}}]}
    if not q["stream"]:
        answer = bedrock(q).converse(**asked)
        content = answer["output"]["message"]["content"]
        calls = [[b["toolUse"]["name"], json.dumps(b["toolUse"]["input"])] for b in content if "toolUse" in b]
        return say("".join(b.get("text", "") for b in content), answer["stopReason"], calls)
    text, finish, calls = "", None, {}
    for event in bedrock(q).converse_stream(**asked)["stream"]:
        if "contentBlockStart" in event:
            begun = event["contentBlockStart"]
            calls[begun["contentBlockIndex"]] = [begun["start"]["toolUse"]["name"], ""]
        if "contentBlockDelta" in event:
            gone_on = event["contentBlockDelta"]
            text += gone_on["delta"].get("text", "")
            if "toolUse" in gone_on["delta"]:
                calls[gone_on["contentBlockIndex"]][1] += gone_on["delta"]["toolUse"]["input"]
        if "messageStop" in event:
            finish = event["messageStop"]["stopReason"]
    return say(text, finish, calls.values())


def claude_body(q):
    asked = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 500,
        "messages": [{"role": "user", "content": q["prompt"]}],
    }
    if q["tool"]:
        asked["tools"] = [{"name": TOOL, "input_schema": SCHEMA}]
    return json.dumps(asked)


def boto3_invoke(q):
    asked = {"modelId": "anthropic.claude-sonnet-5-5-v1:0", "body": claude_body(q)}
    if not q["stream"]:
        message = json.loads(bedrock(q).invoke_model(**asked)["body"].read())
        calls = [[b["name"], json.dumps(b["input"])] for b in message["content"] if b["type"] == "tool_use"]
        return say("".join(b.get("text", "") for b in message["content"]), message["stop_reason"], calls)
    text, finish, calls = "", None, {}
    for chunk in bedrock(q).invoke_model_with_response_stream(**asked)["body"]:
        event = json.loads(chunk["chunk"]["bytes"])
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            calls[event["index"]] = [event["content_block"]["name"], ""]
        if event["type"] == "content_block_delta":
            text += event["delta"].get("text", "")
            if "partial_json" in event["delta"]:
                calls[event["index"]][1] += event["delta"]["partial_json"]
        if event["type"] == "message_delta":
            finish = event["delta"]["stop_reason"]
    return say(text, finish, calls.values())


def anthropic_bedrock(q):
    place = {"aws_region": "eu-west-1", "aws_access_key": KEY, "aws_secret_key": KEY}
    return ask_claude(q, anthropic.AnthropicBedrock(base_url=q["base"] + "/bedrock", **place), "anthropic.claude-sonnet-5-5-v1:0")


SDKS = {
    "boto3 invoke": boto3_invoke,
    "anthropic on Bedrock": anthropic_bedrock,
    "boto3 converse": boto3_converse,
    "mistralai": mistral_chat,
    "ollama": ollama_chat,
    "openai chat": openai_chat,
    "openai chat helper": openai_chat_helper,
    "openai responses": openai_responses,
    "anthropic": anthropic_messages,
    "anthropic on Vertex": anthropic_vertex,
    "google-genai": google_genai,
    "google-genai on Vertex": google_vertex,
    "langchain-openai": langchain_openai,
    "langchain-anthropic": langchain_anthropic,
}


def ask(q):
    try:
        return SDKS[q["sdk"]](q)
    except Exception as error:  # what users' code would catch is what the tests ask about
        kind = type(error)
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        told = getattr(error, "response", None)  # boto3 has it as a dictionary, others as an object
        status = status or (told["ResponseMetadata"]["HTTPStatusCode"] if isinstance(told, dict) else None)
        return {"error": {"class": f"{kind.__module__.split('.')[0]}.{kind.__name__}", "status": status, "message": str(error)}}


def main():
    print(json.dumps({"ready": sorted(SDKS)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(ask(json.loads(line))), flush=True)


main()
