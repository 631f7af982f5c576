/** What a person has said and the server does not have yet: kept by the browser over reloads and crashes. */

export interface Said {
  readonly cid: string;
  readonly person: string;
  readonly room: string;
  /** Where it can be posted when there is no live connection. */
  readonly url: string;
  readonly kind: "text" | "file" | "edit" | "deletion";
  readonly body: string;
  readonly about?: number | undefined;
  readonly upload?: Upload | undefined;
  /** Orders what was said; the time, and a little more for two in one millisecond. */
  readonly n: number;
  /** Why it was refused for good: it waits for its author. */
  readonly refused?: string | undefined;
}

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
}

interface Answer {
  readonly cid: string;
  readonly seq?: number;
  readonly code?: string;
  readonly title?: string;
}

export const SYNC = "chat-outbox";
const STORE = "said";

export class Outbox {
  readonly #database: Promise<IDBDatabase>;

  constructor() {
    this.#database = new Promise((done, failed) => {
      const opening = indexedDB.open("momentor-outbox", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "cid" });
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
  }

  put(said: Said): Promise<unknown> {
    return this.#in("readwrite", (store) => store.put(said));
  }

  remove(cid: string): Promise<unknown> {
    return this.#in("readwrite", (store) => store.delete(cid));
  }

  /** All that waits, in the order it was said. */
  async all(): Promise<Said[]> {
    const waiting = await this.#in<Said[]>("readonly", (store) => store.getAll());
    return waiting.sort((one, other) => one.n - other.n);
  }

  async of(person: string, room: string): Promise<Said[]> {
    return (await this.all()).filter((said) => said.person === person && said.room === room);
  }

  async #in<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await this.#database).transaction(STORE, mode, { durability: "strict" });
    const request = act(transaction.objectStore(STORE));
    return new Promise((done, failed) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error);
    });
  }
}

/**
 * Posts what waits, a room at a time, where the live connection is not there for it. The server knows each by its
 * client id, so that it does no harm if both send. Throws when it should be tried again later.
 */
export async function post(outbox: Outbox, waiting: Said[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const rooms = new Map<string, Said[]>();
  for (const said of waiting) {
    const room = `${said.person} ${said.url}`;
    rooms.set(room, [...(rooms.get(room) ?? []), said]);
  }
  for (const said of rooms.values()) {
    const first = said[0] as Said;
    const items = said.map(({ cid, kind, body, about, upload }) => ({ cid, kind, body, about, upload: upload?.id }));
    const response = await fetch(first.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ by: first.person, items }),
    });
    // Signed out, or somebody else signed in: it waits for its author.
    if ([401, 403, 404].includes(response.status) || response.redirected) continue;
    if (!response.ok) throw new Error(`try again later: ${response.status}`);
    const { items: answered } = (await response.json()) as { items: Answer[] };
    for (const answer of answered) {
      if (answer.seq) await outbox.remove(answer.cid);
      answers.push(answer);
    }
  }
  return answers;
}
