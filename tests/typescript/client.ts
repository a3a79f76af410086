// Reads one article through types generated from the contract, and says what it found as JSON.
//
//     node build/client.js http://127.0.0.1:8000 /guides/nursing/

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Block = components["schemas"]["Block"];
type Article = components["schemas"]["Article"];

/** One line for each type of block: a type that is added to the contract and not here does not compile. */
function line(block: Block): string {
  switch (block.type) {
    case "section":
      return `${"#".repeat(block.level)} ${block.heading} (${block.anchor})`;
    case "text":
      return block.text;
    case "school_listing":
      return block.schools.map((entry) => `${entry.school.name}, ${entry.school.city}`).join("; ");
    case "call_to_action":
      return `${block.text} -> ${block.url ?? "nowhere"}`;
    case "table":
      return block.header.join(" | ");
    case "quote":
      return `${block.text} (${block.attribution})`;
    case "code":
      return `${block.language}: ${block.code}`;
    case "image":
      return `${block.alt}: ${block.image.width} x ${block.image.height}`;
    default: {
      const unknown: never = block;
      return JSON.stringify(unknown);
    }
  }
}

async function main(baseUrl: string, path: string): Promise<void> {
  const client = createClient<paths>({ baseUrl });
  const { data, error } = await client.GET("/api/v1/articles/by-path/", { params: { query: { path, include: ["topics", "schools"] } } });
  if (error !== undefined) {
    throw new Error(`${error.status} ${error.code}: ${error.detail}`);
  }
  const article: Article = data;
  const list = await client.GET("/api/v1/articles/", { params: { query: { limit: 1, total: true } } });
  const first: string | undefined = list.data?.items[0]?.title;
  const place = await client.GET("/api/v1/by-path/", { params: { query: { path } } });
  const standing: string = place.data?.kind === "article" ? place.data.article.introduction : (place.data?.kind ?? "");
  const wrong = await client.GET("/api/v1/articles/", { params: { query: { limit: 0 } } });
  console.log(
    JSON.stringify({
      title: article.title,
      topics: (article.topics ?? []).map((topic) => topic.slug),
      lines: article.body.map(line),
      total: list.data?.page.total,
      first,
      standing,
      fault: wrong.error?.parameters?.[0]?.name,
    }),
  );
}

const [baseUrl, path] = process.argv.slice(2);
if (baseUrl === undefined || path === undefined) {
  throw new Error("usage: client.js BASE_URL PATH");
}
await main(baseUrl, path);
