/** htmx, held to our content security policy: nothing is evaluated, nothing leaves this site. */
import htmx from "htmx.org";

import { toast, words } from "./toast";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  // A form with mistakes comes back as 422 and takes its place like any other answer.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:responseError", () => toast(words("failed"), { kind: "error" }));
document.addEventListener("htmx:sendError", () => toast(words("offline"), { kind: "error" }));

export { htmx };
