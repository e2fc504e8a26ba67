// The form of one tool: what it is called, when the assistant calls it, and what it is given.
import { chipsField, textField } from "../editor/fields.js";
import { parametersField } from "./parameters.js";

export function toolForm(tool, edit, isEditable) {
  const put = (name, value) => edit(name, (now) => write(now, name, value));
  return [
    textField("Name", tool.id, (text) => put("id", text), { place: "id", code: "id", isCode: true, isWide: true, placeholder: "add_todo", hint: "Your server is asked for it by this name." }),
    textField("What it does", tool.description, (text) => put("description", text), {
      place: "description",
      code: "description",
      isWide: true,
      lines: 2,
      hint: "The assistant decides by this sentence whether to call the tool.",
    }),
    chipsField("Words that call it", tool.activationPhrases ?? [], (texts) => put("activationPhrases", texts.length ? texts : undefined), {
      place: "activationPhrases",
      code: "activationPhrases",
      placeholder: "remind me, Enter",
      isEditable,
      hint: "What people may say. The assistant finds others by itself.",
    }),
    parametersField(tool.parameters ?? {}, edit, isEditable),
  ];
}

// Without a value, the field goes.
function write(tool, name, value) {
  if (value === undefined) delete tool[name];
  else tool[name] = value;
}
