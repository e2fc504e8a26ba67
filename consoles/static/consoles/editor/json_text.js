// Finds the entry with an index in the text of a JSON list: [start, end], or null.
export function findEntry(text, wanted) {
  let depth = 0;
  let index = 0;
  let start = null;
  for (const { 0: token, index: at } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]|[^\s[\]{},"]+/g)) {
    const closes = token === "]" || token === "}";
    if (closes) depth -= 1;
    if (depth === 1 && token === ",") index += 1;
    else if (depth === 1 && !closes && start === null && index === wanted) start = at;
    if (start !== null && depth === 1) {
      const end = at + token.length;
      if (closes || (token !== "{" && token !== "[")) return [start, end];
    }
    if (token === "[" || token === "{") depth += 1;
  }
  return null;
}
