// A mirror of everything that a content API shows: complete, live, and provably equal.  Node.js 20, nothing else.
//
//     node mirror.js http://127.0.0.1:8000/api/v1/ mirror.json [--follow] [type=article,school] [locale=en]
//
// Objects and cursor are written together, so that the mirror may be killed at any moment and goes on where it was.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

type Identity = { type: string; id: number; locale: string; rev: string };
type Held = Identity & { path: string | null; object: unknown };
type Change = Held & { op?: "upsert" | "delete" };
type State = { sequence: number; count: number; root: string };
type Feed = { changes: Change[]; cursor: string; up_to_date: boolean; state: State | null };
type Tree = { children?: { prefix: string; root: string }[]; objects?: (Identity & Partial<Held>)[] };

const digest = (...parts: (string | number)[]) => createHash("sha256").update(parts.join("\0")).digest("hex");
const keyOf = (one: Identity) => digest(one.type, one.id, one.locale);
const hashOf = (one: Identity, rev = one.rev) => BigInt(`0x${digest(one.type, one.id, one.locale, rev)}`);

export class Mirror {
  cursor: string | null = null;
  objects = new Map<string, { kept: Held; check: string }>();

  constructor(readonly api: string, readonly file: string, readonly filters: Record<string, string> = {}) {
    if (!existsSync(file)) return;
    const [cursor, objects] = JSON.parse(readFileSync(file, "utf8"));
    this.cursor = cursor;
    this.objects = new Map(objects);
  }

  async get<T>(route: string, query: Record<string, string | number | null>): Promise<T | null> {
    const given = Object.entries({ ...this.filters, ...query }).filter(([, value]) => value !== null);
    const answer = await fetch(`${this.api}${route}?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}`);
    if (answer.status === 410) return null; // away for too long
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Take in all changes; resolves to the state of the server that the mirror is equal to then. */
  async sync(wait: number | null = null): Promise<State> {
    for (;;) {
      const query = { cursor: this.cursor, content: "full", wait: this.cursor ? wait : null };
      const answer = await this.get<Feed>("changes/", query);
      if (answer === null) {
        this.cursor = null; // start again
        this.objects.clear();
        continue;
      }
      for (const change of answer.changes) this.take(change);
      this.cursor = answer.cursor;
      const repaired = answer.state && this.root() !== answer.state.root ? await this.repair() : 0;
      writeFileSync(`${this.file}.new`, JSON.stringify([this.cursor, [...this.objects]]));
      renameSync(`${this.file}.new`, this.file);
      if (answer.state && !repaired) return answer.state;
    }
  }

  take({ op, type, id, locale, rev, path, object }: Change): void {
    const kept = { type, id, locale, rev, path, object };
    if (op === "delete") this.objects.delete(keyOf(kept));
    else this.objects.set(keyOf(kept), { kept, check: digest(JSON.stringify(kept)) });
  }

  hash(key: string): bigint {
    const { kept, check } = this.objects.get(key)!;
    return hashOf(kept, digest(JSON.stringify(kept)) === check ? kept.rev : "?");
  }

  root(prefix = ""): string {
    let sum = 0n;
    for (const key of this.objects.keys()) if (key.startsWith(prefix)) sum += this.hash(key);
    return BigInt.asUintN(256, sum).toString(16).padStart(64, "0");
  }

  /** Fetch exactly the objects that differ below a prefix, and drop those that are no more; how many they were. */
  async repair(prefix = ""): Promise<number> {
    const tree = (await this.get<Tree>("changes/tree/", { prefix }))!;
    let count = 0;
    for (const child of tree.children ?? []) {
      if (child.root !== this.root(child.prefix)) count += await this.repair(child.prefix);
    }
    if (tree.children) return count;
    const there = new Map(tree.objects!.map((one) => [keyOf(one), one]));
    const held = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of new Set([...held, ...there.keys()])) {
      const one = there.get(key);
      if (one && this.objects.has(key) && this.hash(key) === hashOf(one)) continue;
      count += 1;
      this.objects.delete(key);
      const found = one && (await this.get<Tree>("changes/tree/", { prefix: key, content: "full" }));
      for (const whole of found?.objects ?? []) this.take(whole as Change);
    }
    return count;
  }
}
