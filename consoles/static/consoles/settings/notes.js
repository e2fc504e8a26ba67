// What is allowed and yet hardly meant: a sentence each.
import { isKeyed } from "./types.js";

export function notesOf(entry, savedKey) {
  const { defaultValue: value, options, min, max } = entry;
  const notes = [];
  if (isKeyed(entry.type) && !entry.label?.trim?.()) notes.push("Without a label people see an empty line.");
  if (savedKey && entry.key !== savedKey) notes.push(`What people chose so far is kept under "${savedKey}" and starts anew under this key.`);
  if (typeof value === "number" && (value < min || value > max)) notes.push("What it holds at first lies outside the limits.");
  if (Array.isArray(options)) {
    const values = options.map((option) => JSON.stringify(option?.value));
    if (!options.length) notes.push("Without options there is nothing to choose.");
    if (new Set(values).size < values.length) notes.push("Two options have the same value: your app cannot tell them apart.");
    const chosen = entry.type === "multiselect" && Array.isArray(value) ? value : [value];
    if (value !== undefined && chosen.some((each) => !values.includes(JSON.stringify(each)))) notes.push("What is chosen at first is none of the options.");
  }
  return notes;
}
