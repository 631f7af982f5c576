/** What somebody wrote, as paragraphs, links and code. The same rules as sessions/words.py, which explains them. */

export type Piece = string | ["code" | "a", string];
export type Block = ["p", ...Piece[]] | ["pre", string];

const FENCE = /^```[A-Za-z0-9+#._-]{0,20}[ \t]*$/;
const INLINE = /`([^`\n]+)`|https?:\/\/[^\s<>"`]+/gi;
const HAS_HOST = /^https?:\/\/[^\s/?#.,:;!]/i;
const ENDS_SENTENCE = ".,:;!?'*_~»”’…";
const CLOSERS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** A message as nodes; never as markup, so that nothing in it can be one. */
export function said(body: string): Node[] {
  return blocks(body).map(([kind, ...pieces]) => {
    const block = document.createElement(kind);
    if (kind === "pre") block.append(element("code", pieces[0] as string));
    else block.append(...pieces.map(node));
    return block;
  });
}

export function blocks(body: string): Block[] {
  const found: Block[] = [];
  const lines = body.split("\n");
  let paragraph: string[] = [];
  const close = () => {
    if (paragraph.length) found.push(["p", ...pieces(paragraph.join("\n"))]);
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const end = FENCE.test(line) ? endOfCode(lines, at) : -1;
    if (end > 0) {
      close();
      found.push(["pre", lines.slice(at + 1, end).join("\n")]);
      at = end;
    } else if (line.trim()) paragraph.push(line);
    else close();
  }
  close();
  return found;
}

function endOfCode(lines: string[], start: number): number {
  return lines.findIndex((line, at) => at > start && line.replace(/[ \t]+$/, "") === "```");
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code] = match;
    const piece: Piece = code ? ["code", code] : ["a", address(whole)];
    if (!code && !HAS_HOST.test(piece[1])) continue;
    if (match.index > done) found.push(text.slice(done, match.index));
    found.push(piece);
    done = match.index + (code ? whole : piece[1]).length;
  }
  if (done < text.length) found.push(text.slice(done));
  return found;
}

function address(text: string): string {
  for (;;) {
    const last = text.at(-1) ?? "";
    const opener = CLOSERS[last];
    const isLoose = opener && count(text, last) > count(text, opener);
    if (!last || !(ENDS_SENTENCE.includes(last) || isLoose)) return text;
    text = text.slice(0, -1);
  }
}

const count = (text: string, sign: string): number => text.split(sign).length - 1;

function node(piece: Piece): Node {
  if (typeof piece === "string") return new Text(piece);
  const [kind, text] = piece;
  const made = element(kind, text);
  if (made instanceof HTMLAnchorElement) {
    made.href = text;
    made.rel = "nofollow noopener noreferrer";
    made.target = "_blank";
  }
  return made;
}

function element(kind: string, text: string): HTMLElement {
  return Object.assign(document.createElement(kind), { textContent: text });
}
