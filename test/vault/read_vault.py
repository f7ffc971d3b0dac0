#!/usr/bin/env python3
"""Reads a Coffret vault, written from src-main/vault/FORMAT.md alone.

Usage: read_vault.py FILE < PASSPHRASE
Prints everything in the vault as JSON; section numbers are those of FORMAT.md.
Needs `cryptography` (44 or newer) and `argon2-cffi`.
"""

import hashlib
import hmac
import json
import sqlite3
import sys
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KINDS = {"state": 1, "mounts": 2, "secret": 3, "version": 4, "draft": 5, "slots": 6, "name": 16}
ONLY = bytes(16)


class Damaged(Exception):
    """The file is not what FORMAT.md says."""


def expect(holds, problem):
    if not holds:
        raise Damaged(problem)


def u32(number):
    return number.to_bytes(4, "big")


def hkdf(secret, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def sha256(data):
    return hashlib.sha256(data).digest()


def padded_length(length):
    """Section 4: multiples of 64 up to 1,024 bytes, above that Padmé."""
    if length <= 1024:
        return -(-length // 64) * 64
    exponent = length.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-length // unit) * unit


def unpad(text):
    length = int.from_bytes(text[:4], "big")
    expect(len(text) == padded_length(4 + length), "padding of another length")
    expect(not any(text[4 + length :]), "padding that is not zero")
    return text[4 : 4 + length]


class Vault:
    def __init__(self, file, passphrase):
        self.rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self.one = lambda sql, *cells: self.rows.execute(sql, cells).fetchone()
        expect(self.one("PRAGMA application_id")[0] == 0x43465254, "no vault")
        expect(self.one("PRAGMA user_version")[0] == 1, "another format")
        body, digest, mac = self.one("SELECT body, digest, mac FROM header WHERE id = 1")
        expect(sha256(body) == digest, "the header is damaged")
        header = json.loads(body)
        self.id = bytes.fromhex(header["vaultId"].replace("-", ""))
        self.epoch = header["keyEpoch"]
        data_key = self.data_key(header["slots"], passphrase)
        self.record_key, self.name_key, header_key = (
            hkdf(data_key, self.id, b"coffret/1/" + purpose, 32)
            for purpose in (b"record", b"name", b"header")
        )
        expect(hmac.digest(header_key, body, "sha256") == mac, "the header does not authenticate")
        epoch, state = self.one("SELECT epoch, body FROM state WHERE id = 1")
        expect(epoch == self.epoch, "another key epoch")
        self.state = json.loads(self.open("state", ONLY, 0, state))
        expect(self.state["headerMac"] == mac.hex(), "the header is not that of the state")
        self.entries = self.prove_tree(bytes.fromhex(self.state["root"]))

    def data_key(self, slots, passphrase):
        """Section 3, for passphrases."""
        secret = unicodedata.normalize("NFC", passphrase).encode()
        for slot in slots:
            if slot["kind"] != "passphrase":
                continue
            salt, kdf = bytes.fromhex(slot["salt"]), slot["kdf"]
            memory, passes, lanes = kdf["memoryKib"], kdf["passes"], kdf["lanes"]
            expect(19 * 1024 <= memory <= 1024 * 1024 and 1 <= passes <= 64, "KDF out of bounds")
            expect(1 <= lanes <= 16 and memory * passes <= 16 * 1024 * 1024, "KDF out of bounds")
            derived = hash_secret_raw(secret, salt, passes, memory, lanes, 32, Type.ID, 0x13)
            place = b"coffret/1/slot" + self.id + bytes.fromhex(slot["id"]) + bytes([1])
            place += u32(memory) + u32(passes) + u32(lanes)
            keys = hkdf(derived, salt, place, 64)
            if not hmac.compare_digest(keys[32:], bytes.fromhex(slot["commitment"])):
                continue
            wrapped = bytes.fromhex(slot["wrapped"])
            return AESGCMSIV(keys[:32]).decrypt(wrapped[:12], wrapped[12:], place)
        raise Damaged("the passphrase opens no key slot")

    def open(self, kind, record_id, version, body):
        """Sections 4 and 5."""
        place = b"coffret/1/record" + self.id + bytes([KINDS[kind]])
        place += u32(self.epoch) + u32(version) + record_id
        return unpad(AESGCMSIV(self.record_key).decrypt(body[:12], body[12:], place))

    # Section 7

    def prove_tree(self, root):
        """All entries, as {group start: {item start: tag}}."""
        bodies = dict(self.rows.execute("SELECT id, body FROM tree"))

        def proved(row, expected):
            body = bodies.pop(row, b"")
            expect((sha256(body) if body else bytes(32)) == expected, f"tree row {row}")
            return body

        def children(body):
            return [body[at : at + 32] for at in range(0, len(body), 32)]

        groups = {}
        for node, node_hash in enumerate(children(proved(0, root))):
            for bucket, bucket_hash in enumerate(children(proved(1 + node, node_hash))):
                for entry in children(proved(65 + 64 * node + bucket, bucket_hash)):
                    expect(entry[0] % 64 == node and entry[8] % 64 == bucket, "misplaced entry")
                    groups.setdefault(entry[:8], {})[entry[8:16]] = entry[16:]
        expect(not bodies, "tree rows that nothing leads to")
        return groups

    def check_group(self, group, rows):
        """Rows are (item, body): exactly the entries of the group."""
        found = {item[:8]: body[-16:] for item, body in rows}
        expect(found == self.entries.pop(group[:8], {}), "rows are missing, older or put back")

    def check_held(self, secret_id, number, body):
        """A version that the tree holds: only one whose number had other data before a merge."""
        group = sha256(b"coffret/1/group/" + str(KINDS["version"]).encode())[:8]
        tag = self.entries.get(group, {}).pop(sha256(secret_id + u32(number))[:8], None)
        expect(tag is None or tag == body[-16:], "another version of this number")

    def records(self, kind):
        rows = self.rows.execute(
            "SELECT id, body FROM records WHERE kind = ? AND version = 0", (KINDS[kind],)
        ).fetchall()
        group = sha256(b"coffret/1/group/" + str(KINDS[kind]).encode())
        self.check_group(group, rows)
        return [json.loads(self.open(kind, record_id, 0, body)) for record_id, body in rows]

    # Section 6

    def opaque(self, kind, parent, segment):
        message = bytes([kind]) + parent + segment.encode()
        return hmac.digest(self.name_key, message, "sha256")[:16]

    def children(self, parent):
        rows = self.rows.execute(
            "SELECT name, body FROM names WHERE parent = ?", (parent,)
        ).fetchall()
        self.check_group(parent, rows)
        for name, body in rows:
            row = json.loads(self.open("name", parent + name, 0, body))
            kind = 1 if row["kind"] == "secret" else 2
            expect(name == self.opaque(kind, parent, row["name"]), "a name row of another name")
            yield row

    def secrets(self, parent, prefix=""):
        for row in self.children(parent):
            path = prefix + row["name"]
            if row["kind"] == "folder":
                yield from self.secrets(bytes.fromhex(row["id"]), path + "/")
            else:
                where = row["binned"]["path"] if "binned" in row else path
                yield where, self.secret(bytes.fromhex(row["id"]), row["metadataTag"])

    def secret(self, secret_id, tag):
        select = "SELECT body FROM records WHERE kind = ? AND id = ? AND version = ?"
        (body,) = self.one(select, KINDS["secret"], secret_id, 0)
        expect(body[-16:].hex() == tag, "older metadata")
        metadata = json.loads(self.open("secret", secret_id, 0, body))
        data = {}
        for number, _, _, destroyed in metadata["versions"]:
            if not destroyed:
                (body,) = self.one(select, KINDS["version"], secret_id, number)
                self.check_held(secret_id, number, body)
                data[number] = self.open("version", secret_id, number, body).decode()
        return {"metadata": metadata, "data": data}

    def everything(self):
        (mounts,) = self.records("mounts")
        content = {
            "generation": self.state["generation"],
            "mounts": {
                mount["name"]: {
                    "version": mount["version"],
                    "config": mount["config"],
                    "secrets": dict(sorted(self.secrets(bytes.fromhex(mount["root"])))),
                    "bin": dict(sorted(self.secrets(bytes.fromhex(mount["bin"]["root"])))),
                }
                for mount in mounts
            },
            "drafts": self.records("draft"),
            "slots": [len(slots) for slots in self.records("slots")],
        }
        expect(not any(self.entries.values()), "entries of the tree that no row answers to")
        return content


if __name__ == "__main__":
    vault = Vault(sys.argv[1], sys.stdin.readline().rstrip("\n"))
    print(json.dumps(vault.everything(), indent=1, sort_keys=True, ensure_ascii=False))
