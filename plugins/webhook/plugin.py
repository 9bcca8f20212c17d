"""Events of cases to other systems: CloudEvents 1.0 over HTTP, signed as Standard Webhooks says.

Everything comes from the environment, one endpoint a name in LINGBAN_WEBHOOKS (docs/webhooks.md). Each endpoint is a
listener of its own: what one does not take waits for that one only.
"""

import base64
import functools
import hashlib
import hmac
import json
import time

from lingban import hookimpl, post


@hookimpl
def notifiers(environment):
    names = [name.strip() for name in environment.get("LINGBAN_WEBHOOKS", "").split(",") if name.strip()]
    return {name: functools.partial(send, name) for name in names}


async def send(name, event, environment):
    """One event to one endpoint. Raises where it was not taken; the core tries again."""
    url, secrets = setting(name, "URL", environment), setting(name, "SECRET", environment).split()
    wanted = environment.get(variable(name, "TYPES"), "").replace(",", " ").split()
    if wanted and event["type"] not in wanted:
        return
    allow = environment.get(variable(name, "ALLOW"), "").replace(",", " ").split()
    body = cloud_event(event, environment.get("LINGBAN_WEBHOOK_SOURCE", "/lingban"))
    now = str(int(time.time()))
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "lingban-webhook",
        "webhook-id": event["id"],
        "webhook-timestamp": now,
        "webhook-signature": " ".join(signature(secret, event["id"], now, body) for secret in secrets),
    }
    await post(url, body, headers, private="private" in allow, plain="plain" in allow)


def cloud_event(event, source):
    """Structured mode of the HTTP binding. `id` is the same however often it is sent: receivers drop doubles by it."""
    said = {
        "specversion": "1.0",
        "id": event["id"],
        "source": source,
        "type": f"cn.lingban.case.{event['type']}",
        "subject": event["case"],
        "time": event["at"],
        "datacontenttype": "application/json",
        "data": event,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret, id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    made = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(made).decode()


def variable(name, what):
    return f"LINGBAN_WEBHOOK_{name.upper().replace('-', '_')}_{what}"


def setting(name, what, environment):
    value = environment.get(variable(name, what), "").strip()
    if not value:
        raise ValueError(f"{variable(name, what)} is not set")
    return value
