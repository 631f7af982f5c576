/**
 * Bundle what browsers load into src/momentor/web/static/built/. `--watch` builds again at every change.
 *
 * app.js is on every page, room.js on a session's page, sw.js is the service worker. An entry point that is
 * not written yet is skipped with a line.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const momentor = fileURLToPath(new URL("src/momentor/", import.meta.url));
const built = `${momentor}web/static/built`;
const watching = process.argv.includes("--watch");

const entries = [
  { name: "app", from: "web/elements/app.ts", format: "esm" },
  { name: "room", from: "sessions/elements/room.ts", format: "esm" },
  // A service worker that is no module works in every browser.
  { name: "sw", from: "web/elements/sw.ts", format: "iife" },
  { name: "app", from: "web/styles/app.css" },
];

for (const { name, from, format } of entries) {
  if (!existsSync(momentor + from)) {
    console.log(`skipped src/momentor/${from}: not there`);
    continue;
  }
  const options = {
    entryPoints: { [name]: momentor + from },
    outdir: built,
    bundle: true,
    minify: !watching,
    sourcemap: watching && "inline",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    external: ["/static/*"],
    ...(format && { format }),
    logLevel: watching ? "info" : "warning",
  };
  if (watching) {
    await (await esbuild.context(options)).watch();
  } else {
    await esbuild.build(options);
    const file = `${name}.${format ? "js" : "css"}`;
    const kilobytes = gzipSync(readFileSync(`${built}/${file}`)).length / 1000;
    console.log(`built ${file}, ${kilobytes.toFixed(1)} kB compressed`);
  }
}
