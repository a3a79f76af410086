import { Mirror } from "./mirror.js";

const [api, file, ...rest] = process.argv.slice(2);
if (!api || !file) throw new Error("usage: node main.js API FILE [--follow] [name=value ...]");
const filters = Object.fromEntries(rest.filter((part) => part.includes("=")).map((part) => part.split("=", 2)));
const mirror = new Mirror(api, file, filters);
do {
  const state = await mirror.sync(25);
  console.log(`equal at ${state.sequence}: ${state.count} objects, root ${state.root}`);
  if (rest.includes("--follow")) await new Promise((resolve) => setTimeout(resolve, 200));
} while (rest.includes("--follow"));
