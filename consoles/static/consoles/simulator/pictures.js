// Pictures of apps: BMP as base64 or hexadecimal text, drawn as lit dots in one colour.
// `isWanted()` says whether it is still to be shown once it is read.
export async function drawPicture(canvas, text, colour, isWanted) {
  const picture = await read(text).catch(() => null);
  if (!isWanted()) return;
  const context = canvas.getContext("2d");
  if (picture === null) {
    context.fillText("[a picture that cannot be read]", 16, 100);
    return;
  }
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height, 1);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  context.globalCompositeOperation = "multiply";
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = "source-over";
  context.fillStyle = colour;
}

async function read(text) {
  return createImageBitmap(new Blob([decode(text)], { type: "image/bmp" }));
}

function decode(text) {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
