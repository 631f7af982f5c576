/** Gives a file into the room, and says how far it has got. */
import type { Upload } from "./outbox";

/** Resolves with what the server keeps. Rejects with a sentence for the person, empty when there was no answer. */
export function upload(url: string, file: File, token: string, progress: (part: number) => void): Promise<Upload> {
  // fetch cannot say how much of a request has left.
  const request = new XMLHttpRequest();
  return new Promise((done, failed) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) done(answer as unknown as Upload);
      else failed(new Error(String(answer["title"] ?? "")));
    });
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => failed(new Error("")));
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    const form = new FormData();
    form.append("file", file, file.name || `picture.${file.type.split("/")[1] ?? "png"}`);
    request.send(form);
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
