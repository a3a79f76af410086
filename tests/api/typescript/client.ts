// A small front end, written from the OpenAPI document alone: reads an article by its path and prints what it says.
import type { components, paths } from "./api";

type Article = components["schemas"]["Article"];
type Block = components["schemas"]["Block"];
type ByPath = paths["/api/v1/by-path/"]["get"];
type PathAnswer = ByPath["responses"][200]["content"]["application/json"];

const known = (value: never): never => {
  throw new Error(`unknown block ${JSON.stringify(value)}`);
};

// Every type of block is told apart by `type`; one that is missing here does not compile.
function line(block: Block): string {
  switch (block.type) {
    case "section":
      return `${"#".repeat(block.level)} ${block.heading}`;
    case "text":
      return block.text;
    case "school_listing":
      return block.schools.map((entry) => `${entry.school.name}: ${entry.description}`).join("; ");
    case "call_to_action":
      return `${block.text} -> ${block.url ?? "nowhere"}`;
    case "table":
      return block.rows.map((row) => row.join(" | ")).join(" / ");
    case "quote":
      return `${block.text} (${block.attribution})`;
    case "image":
      return `${block.image.url} ${block.alt}`;
    default:
      return known(block);
  }
}

async function article(base: string, path: string): Promise<Article> {
  const query: NonNullable<ByPath["parameters"]["query"]> = { path };
  const response = await fetch(`${base}/api/v1/by-path/?path=${encodeURIComponent(query.path)}`);
  const answer = (await response.json()) as PathAnswer;
  switch (answer.kind) {
    case "redirect":
      return article(base, answer.redirect.to);
    case "gone":
      throw new Error("gone");
    case "page":
      if (!answer.article) throw new Error("not an article");
      return answer.article;
  }
}

declare const process: { argv: string[] };
const [, , base = "", path = ""] = process.argv;
const found = await article(base, path);
console.log([found.title, ...(found.body ?? []).map(line)].join("\n"));
