"""hvac against a vault that coffret serves: python3 hvac_client.py READY_FILE token|certificate

Prints one line of JSON for each step. Runs with Debian's hvac (0.11) and with the newest.
"""

import inspect
import json
import sys
import traceback

import hvac
from hvac.exceptions import InvalidPath, InvalidRequest

ready_file, way = sys.argv[1:3]
with open(ready_file, encoding="utf-8") as file:
    ready = json.load(file)
client = hvac.Client(
    url=ready["address"],
    verify=ready["caFile"],
    **(
        {"cert": (ready["clientCert"], ready["clientKey"])}
        if way == "certificate"
        else {"token": ready["token"]}
    ),
)
v1, v2 = client.secrets.kv.v1, client.secrets.kv.v2
path = f"hvac/{way}/db"
# The newest asks to be told; Debian's does not know the word, and always raises.
knows = "raise_on_deleted_version" in inspect.signature(v2.read_secret_version).parameters
strict = {"raise_on_deleted_version": True} if knows else {}


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"expected {wanted!r}, got {found!r}")


def refused(kind, attempt):
    try:
        attempt()
    except kind as error:
        return error
    raise AssertionError(f"this was to be refused with {kind.__name__}")


def get(version=None):
    return v2.read_secret_version(path, version=version, mount_point="secret", **strict)["data"]


def write(data, cas=None):
    reply = v2.create_or_update_secret(path, data, cas=cas, mount_point="secret")
    return reply["data"]["version"]


def metadata():
    return v2.read_secret_metadata(path, mount_point="secret")["data"]


def state():
    same(client.sys.is_initialized(), True)
    same(client.sys.is_sealed(), False)
    if way == "token":
        same(client.is_authenticated(), True)
    mounts = client.sys.list_mounted_secrets_engines()
    same(mounts["data"]["secret/"]["options"], {"version": "2"})


def put():
    same(write({"login": "admin", "n": 1}), 1)
    same(write({"login": "admin", "n": 2}, cas=1), 2)
    stale = refused(InvalidRequest, lambda: write({}, cas=1))
    assert "did not match the current version" in str(stale), stale


def read():
    same(get()["data"], {"login": "admin", "n": 2})
    same(get(1)["data"], {"login": "admin", "n": 1})
    missing = lambda: v2.read_secret_version("not/there", mount_point="secret", **strict)
    refused(InvalidPath, missing)


def listing():
    keys = lambda at: v2.list_secrets(at, mount_point="secret")["data"]["keys"]
    same(keys(f"hvac/{way}"), ["db"])
    assert "hvac/" in keys(""), keys("")


def patch():
    reply = v2.patch(path, {"s": "é 🔑"}, mount_point="secret")
    same(reply["data"]["version"], 3)
    same(get()["data"], {"login": "admin", "n": 2, "s": "é 🔑"})


def describe():
    v2.update_metadata(path, max_versions=7, delete_version_after="30m0s", mount_point="secret")
    found = metadata()
    same([found["max_versions"], found["delete_version_after"]], [7, "30m0s"])
    v2.update_metadata(path, max_versions=7, delete_version_after="0s", mount_point="secret")
    same([metadata()["delete_version_after"], metadata()["current_version"]], ["0s", 3])


def delete():
    v2.delete_latest_version_of_secret(path, mount_point="secret")
    refused(InvalidPath, get)
    if strict:
        soft = v2.read_secret_version(
            path, mount_point="secret", raise_on_deleted_version=False
        )
        same(soft["data"]["data"], None)
    v2.delete_secret_versions(path, versions=[1], mount_point="secret")
    refused(InvalidPath, lambda: get(1))


def undelete():
    v2.undelete_secret_versions(path, versions=[1, 3], mount_point="secret")
    same(get(1)["data"], {"login": "admin", "n": 1})
    same(get()["data"]["s"], "é 🔑")


def rollback():
    same(write(get(1)["data"], cas=3), 4)
    same(get()["data"], {"login": "admin", "n": 1})


def destroy():
    v2.destroy_secret_versions(path, versions=[2], mount_point="secret")
    refused(InvalidPath, lambda: get(2))
    same(metadata()["versions"]["2"]["destroyed"], True)
    v2.delete_metadata_and_all_versions(path, mount_point="secret")
    refused(InvalidPath, metadata)


def version_1():
    name = f"hvac/{way}/a"
    # Without a method it reads first: POST where nothing is, PUT where something is.
    v1.create_or_update_secret(name, {"user": "u"}, mount_point="kv")
    v1.create_or_update_secret(name, {"user": "u", "ttl": "1h"}, mount_point="kv")
    found = v1.read_secret(name, mount_point="kv")
    same([found["data"], found["lease_duration"]], [{"user": "u", "ttl": "1h"}, 3600])
    same(v1.list_secrets(f"hvac/{way}", mount_point="kv")["data"]["keys"], ["a"])
    v1.delete_secret(name, mount_point="kv")
    refused(InvalidPath, lambda: v1.read_secret(name, mount_point="kv"))


steps = {
    "state": state,
    "put": put,
    "get": read,
    "list": listing,
    "patch": patch,
    "metadata": describe,
    "delete": delete,
    "undelete": undelete,
    "rollback": rollback,
    "destroy": destroy,
    "version 1": version_1,
}
for name, attempt in steps.items():
    try:
        attempt()
        line = {"step": name}
    except Exception:  # whatever it is, the next step is tried
        line = {"step": name, "problem": traceback.format_exc()}
    print(json.dumps(line), flush=True)
