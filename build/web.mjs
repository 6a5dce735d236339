// Builds what the browser loads: one style sheet and one script, each named by its content, so that a browser may keep them for good
// and never shows a page with the style of another version. `manifest.json` says the names to the server.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const web = fileURLToPath(new URL('../src/doors/web', import.meta.url))

/** Writes the files to a folder, which holds nothing else afterwards, and gives their names. */
export async function buildWeb(folder) {
  const { outputFiles } = await build({
    entryPoints: [join(web, 'app.ts'), join(web, 'app.css')],
    outdir: folder,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'chrome123', 'firefox128', 'safari17.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const names = outputFiles.map(({ path, contents }) => {
    const end = path.endsWith('.css') ? 'css' : 'js'
    const name = `app-${createHash('sha256').update(contents).digest('hex').slice(0, 12)}.${end}`
    writeFileSync(join(folder, name), contents)
    return name
  })
  const named = (end) => names.find((name) => name.endsWith(end))
  const manifest = { style: named('.css'), script: named('.js') }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest)}\n`)
  return manifest
}
