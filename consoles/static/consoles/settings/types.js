// The types of settings: what they are called, what they are for, and what a new one holds.
const OPTIONS = [
  { label: "First", value: "first" },
  { label: "Second", value: "second" },
];

export const TYPES = {
  toggle: { name: "Switch", symbol: "toggle_on", about: "On or off.", blank: { defaultValue: false } },
  text: { name: "Text", symbol: "short_text", about: "A line of text, kept when people press Save.", blank: {} },
  text_no_save_button: { name: "Text without a button", symbol: "notes", about: "One line or more, kept as people type.", blank: {} },
  select: { name: "Choice", symbol: "radio_button_checked", about: "One of a few options.", blank: { options: OPTIONS, defaultValue: "first" } },
  select_with_search: { name: "Choice with search", symbol: "manage_search", about: "One of many options, found by typing.", blank: { options: OPTIONS, defaultValue: "first" } },
  multiselect: { name: "Several choices", symbol: "checklist", about: "Any number of options. Your app gets a list.", blank: { options: OPTIONS } },
  slider: { name: "Slider", symbol: "linear_scale", about: "A number between two ends.", blank: { min: 0, max: 100, defaultValue: 50 } },
  numeric_input: { name: "Number", symbol: "pin", about: "A number people type, with limits if you like.", blank: {} },
  time_picker: { name: "Time", symbol: "schedule", about: "Hours and minutes. Your app gets seconds.", blank: {} },
  group: { name: "Heading", symbol: "title", about: "A title above the settings that follow.", blank: { title: "" } },
  titleValue: { name: "Fact", symbol: "info", about: "A label and a value to read, not to change.", blank: { label: "", value: "" } },
};

export const FIELDS = {
  toggle: ["defaultValue"],
  text: ["defaultValue"],
  text_no_save_button: ["maxLines", "defaultValue"],
  select: ["options", "defaultValue"],
  select_with_search: ["options", "defaultValue"],
  multiselect: ["options", "defaultValue"],
  slider: ["min", "max", "defaultValue"],
  numeric_input: ["min", "max", "step", "placeholder", "defaultValue"],
  time_picker: ["showSeconds", "defaultValue"],
  group: ["title"],
  titleValue: ["label", "value"],
};

export function isKeyed(type) {
  return type !== "group" && type !== "titleValue";
}

export function newEntry(type) {
  const keyed = isKeyed(type) ? { key: "", label: "" } : {};
  return { type, ...keyed, ...structuredClone(TYPES[type].blank) };
}

// Returns `entry` as one of another type: what both types have stays, the rest is as in a new one.
export function asType(entry, type) {
  const fresh = newEntry(type);
  const words = entry.label ?? entry.title ?? "";
  if ("title" in fresh) return { ...fresh, title: words };
  const isChoice = (kind) => FIELDS[kind]?.includes("options");
  const isNumber = (kind) => ["slider", "numeric_input", "time_picker"].includes(kind);
  const isText = (kind) => kind?.startsWith("text");
  const isAlike = [isChoice, isNumber, isText].some((family) => family(entry.type) && family(type));
  const kept = FIELDS[type].filter((field) => field in entry && (isAlike || ["label", "key"].includes(field)));
  const become = { ...fresh, label: words, ...(isKeyed(type) && { key: entry.key ?? "" }) };
  for (const field of kept) become[field] = entry[field];
  if (type === "multiselect" && "defaultValue" in become) become.defaultValue = [become.defaultValue];
  else if (Array.isArray(become.defaultValue)) [become.defaultValue] = become.defaultValue;
  if (become.defaultValue === undefined) delete become.defaultValue;
  return become;
}
