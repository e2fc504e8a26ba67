// Values that may be more than texts: written as JSON when they are, and read back as what they were.
export function showValue(value) {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function readLike(before, text) {
  if (before === undefined || typeof before === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Seconds of a day as "07:30" or "07:30:15", and back; anything else is an empty text, and that is undefined.
export function showTime(seconds, withSeconds) {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds >= 86_400) return "";
  return new Date(seconds * 1000).toISOString().slice(11, withSeconds ? 19 : 16);
}

export function readTime(text) {
  if (!text) return undefined;
  const [hours, minutes, seconds = 0] = text.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
