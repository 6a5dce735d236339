import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What the pages may weigh before compression, in bytes. */
const MOST = 60 * 1024

test('the style and the script of the pages weigh at most 60 KB, and are named by their content', async () => {
  const { buildWeb } = (await import(String(new URL('../../../build/web.mjs', import.meta.url)))) as {
    buildWeb(folder: string): Promise<{ style: string; script: string }>
  }
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-web-'))
  try {
    const manifest = await buildWeb(folder)
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest)
    expect(manifest.style).toMatch(/^app-[0-9a-f]{12}\.css$/)
    expect(manifest.script).toMatch(/^app-[0-9a-f]{12}\.js$/)
    const files = readdirSync(folder)
    expect(files.toSorted()).toEqual([manifest.script, manifest.style, 'manifest.json'].toSorted())
    const weight = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    process.stdout.write(`dist/doors/web: ${weight} bytes\n`)
    expect(weight).toBeGreaterThan(10_000)
    expect(weight).toBeLessThanOrEqual(MOST)
    const script = readFileSync(join(folder, manifest.script), 'utf8')
    expect(script.match(/\beval\(|new Function\(|document\.write|\.innerHTML ?=|https?:\/\/[^"]*/g)).toEqual([
      'http://www.w3.org/1999/xhtml',
    ])
    expect(await buildWeb(folder)).toEqual(manifest)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
