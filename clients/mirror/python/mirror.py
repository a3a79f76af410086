"""A mirror of everything that a content API shows: complete, live, and provably equal.  Python 3.11, nothing else.
    python mirror.py http://127.0.0.1:8000/api/v1/ mirror.json [--follow] [type=article,school] [locale=en] [site=...]

Objects and cursor are written together: it may be killed at any moment.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


class Mirror:
    def __init__(self, api: str, path: str, **filters: str) -> None:
        self.api, self.path, self.filters = api, path, filters
        self.cursor, self.objects = None, {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.cursor, self.objects = json.load(file)

    def get(self, route: str, **query: object) -> dict:
        query = {name: value for name, value in (self.filters | query).items() if value is not None}
        url = f"{self.api}{route}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 -- the address that the caller gave
            return json.load(answer)

    def sync(self, wait: int | None = None) -> dict:
        """Take in all changes; the state of the server that the mirror is equal to then."""
        while True:
            try:
                answer = self.get("changes/", cursor=self.cursor, content="full", wait=self.cursor and wait)
            except urllib.error.HTTPError as error:
                if error.code != 410:
                    raise
                self.cursor, self.objects = None, {}  # away for too long: start again
                continue
            for change in answer["changes"]:
                self.take(change)
            self.cursor, state = answer["cursor"], answer["state"]
            while state and self.root() != state["root"] and self.repair():
                state = None  # the tree may be newer than the answer: ask once more
            self.save()
            if state:
                return state

    def take(self, change: dict) -> None:
        key = digest(change["type"], change["id"], change["locale"])
        self.objects.pop(key, None)
        if change.get("op") != "delete":
            kept = {name: change[name] for name in ("type", "id", "locale", "rev", "path", "object")}
            self.objects[key] = kept | {"check": digest(json.dumps(kept, sort_keys=True))}

    def hash(self, key: str) -> int:
        """What an object adds to the sum; something else where its row is not as it was written."""
        one = {name: value for name, value in self.objects[key].items() if name != "check"}
        intact = self.objects[key]["check"] == digest(json.dumps(one, sort_keys=True))
        return int(digest(one["type"], one["id"], one["locale"], one["rev"] if intact else "?"), 16)

    def root(self, prefix: str = "") -> str:
        return f"{sum(self.hash(key) for key in self.objects if key.startswith(prefix)) % 2**256:064x}"

    def repair(self, prefix: str = "") -> int:
        """Fetch exactly the objects that differ below a prefix, and drop those that are no more; how many they were."""
        tree = self.get("changes/tree/", prefix=prefix)
        if "children" in tree:
            return sum(
                self.repair(one["prefix"]) for one in tree["children"] if one["root"] != self.root(one["prefix"])
            )
        there = {digest(one["type"], one["id"], one["locale"]): one for one in tree["objects"]}
        held = {key: self.hash(key) for key in self.objects if key.startswith(prefix)}
        right = {key: int(digest(one["type"], one["id"], one["locale"], one["rev"]), 16) for key, one in there.items()}
        wrong = [key for key in held.keys() | right.keys() if held.get(key) != right.get(key)]
        for key in wrong:
            self.objects.pop(key, None)
            if key in there:
                for one in self.get("changes/tree/", prefix=key, content="full")["objects"]:
                    self.take(one)
        return len(wrong)

    def save(self) -> None:
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            json.dump([self.cursor, self.objects], file)
        os.replace(f"{self.path}.new", self.path)


if __name__ == "__main__":
    mirror = Mirror(sys.argv[1], sys.argv[2], **dict(part.split("=", 1) for part in sys.argv[3:] if "=" in part))
    print("equal at", mirror.sync(), flush=True)
    while "--follow" in sys.argv:
        print("equal at", mirror.sync(wait=25), flush=True)
        time.sleep(0.2)
