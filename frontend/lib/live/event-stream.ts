// Server-sent events over fetch (HTML Living Standard §9.2): EventSource cannot send a bearer token.

export interface StreamEvent {
  id: string | null;
  name: string;
  data: string;
}

/** Cuts a stream of text into events; `push` takes whatever arrived and returns whole events. */
export function createEventParser(): (text: string) => StreamEvent[] {
  let rest = "";
  return (text) => {
    rest += text;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((event) => event !== null);
  };
}

function parseBlock(block: string): StreamEvent | null {
  let id: string | null = null;
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") id = value;
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length > 0 ? { id, name, data: data.join("\n") } : null;
}
