// When a file is chosen the theme writes its name into a text field beside the file field. None of our pages has such a
// field, and without it the theme's listener fails: file fields are marked as served before the theme looks for them.
document.addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("input[type=file]")) input.hasChangeListener = true;
});
