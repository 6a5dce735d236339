// How the program becomes one file: for the built command, and for the package.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * axios without its own ways to send: eosflow gives each request the one of `src/eos/transport/eapi/axios-channel.ts`. They are most of what it loads, forms, redirects, proxies and
 * the `fetch` of Node with them, and took as long as a switch takes to answer. Without one a request is refused by axios.
 */
const withoutAdapters = {
  name: 'axios-without-adapters',
  setup(build) {
    build.onLoad({ filter: /\/axios\/lib\/adapters\/(?:http|xhr)\.js$/ }, () => ({ contents: 'export default null' }))
    build.onLoad({ filter: /\/axios\/lib\/adapters\/fetch\.js$/ }, () => ({ contents: 'export const getFetch = () => null' }))
    build.onLoad({ filter: /\/axios\/lib\/platform\/node\/classes\/FormData\.js$/ }, () => ({ contents: 'export default null' }))
    build.onLoad({ filter: /\/axios\/lib\/utils\.js$/ }, ({ path }) => ({ contents: withoutForms(readFileSync(path, 'utf8')) }))
  },
}

/** Whoever looks whether Node has forms makes it load its `fetch`. */
function withoutForms(text) {
  const looked = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"
  if (!text.includes(looked)) throw new Error('axios asks for FormData in another form')
  return text.replace(looked, 'undefined')
}

/** The text of a bundle, as one function expression that src/doors/cli/load-program.ts evaluates, in ASCII alone; and the files that are in it. */
export async function commandBundle(options) {
  const { outputFiles, metafile } = await build({
    bundle: true,
    metafile: true,
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // A process has the text in memory once for each of its threads; names stay as they are.
    minifyWhitespace: true,
    // Native, WebAssembly, only loaded when a switch or an agent is spoken to, or not there unless somebody has installed them.
    external: [
      '@dbos-inc/dbos-sdk',
      '@modelcontextprotocol/server',
      // The API is in the bundle: the metrics have it from a package that is always there.
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-node',
      'better-sqlite3',
      'pg',
      'ssh2',
    ],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href" },
    logLevel: 'warning',
    ...options,
    plugins: [withoutAdapters, ...(options.plugins ?? [])],
  })
  // A file of one byte to a character is read in a moment, where decoding UTF-8 takes longer than V8 needs for the code. What esbuild leaves
  // beyond ASCII is in comments and patterns, where an escape means the same; in a raw template it would not.
  const written = outputFiles[0].text
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(written)) throw new Error('a raw template holds a character beyond ASCII')
  const ascii = written.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const text = `(function (exports, require, module, __filename, __dirname) {${ascii}\n})`
  return { text, files: Object.keys(metafile.inputs) }
}
