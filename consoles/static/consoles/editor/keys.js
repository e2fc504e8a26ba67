// Keys made from labels: "Font size" becomes font_size, and font_size_2 where that is taken.
export function suggestKey(label, taken) {
  const plain = label.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const key = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60);
  return key && freeKey(key, taken);
}

export function freeKey(key, taken) {
  let free = key;
  for (let number = 2; taken.includes(free); number++) free = `${key.replace(/_\d+$/, "")}_${number}`;
  return free;
}
