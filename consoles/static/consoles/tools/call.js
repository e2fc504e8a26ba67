// The call an app's server gets when the assistant uses a tool, with values that fit.
const WEARER = "ada@example.com";
const HEADERS = { "Content-Type": "application/json", "X-App-API-Key": "<SHA-256 of your API key, hexadecimal>" };

export function exampleCall(tool, publicUrl) {
  const url = new URL(`${publicUrl}/tool`);
  const body = { toolId: tool.id, toolParameters: exampleValues(tool.parameters ?? {}), userId: WEARER, timestamp: new Date().toISOString() };
  const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`);
  const json = JSON.stringify(body, null, 2);
  const http = [`POST ${url.pathname} HTTP/1.1`, `Host: ${url.host}`, ...headers, "", json].join("\n");
  const lines = [`curl ${quote(url.href)}`, ...headers.map((header) => `-H ${quote(header)}`), `-d ${quote(JSON.stringify(body))}`];
  return { http, curl: lines.join(" \\\n  ") };
}

export function exampleAnswer() {
  return JSON.stringify({ status: "success", reply: "Done." }, null, 2);
}

function exampleValues(parameters) {
  const value = ({ type, enum: allowed, description }) => {
    if (allowed?.length) return allowed[0];
    return { number: 1, boolean: true }[type] ?? (description || "text");
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, value(parameter ?? {})]));
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
