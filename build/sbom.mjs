// `node build/sbom.mjs TARBALL`: prints what a package consists of, as CycloneDX: what is in its one file, at the versions that it was built
// with, and what an installation adds today. Asks the registry for the latter.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { withBundled } from './with-bundled.mjs'

const [tarball] = process.argv.slice(2)
if (tarball === undefined) throw new Error('usage: node build/sbom.mjs TARBALL')
const dir = mkdtempSync(join(tmpdir(), 'eosflow-sbom-'))
try {
  execFileSync('tar', ['-xzf', resolve(tarball), '-C', dir])
  const root = join(dir, 'package')
  const npm = (...argv) => execFileSync('npm', argv, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund')
  const installed = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'))
  const bundled = JSON.parse(readFileSync(join(root, 'dist/bundled.json'), 'utf8'))
  process.stdout.write(`${JSON.stringify(withBundled(installed, bundled), undefined, 2)}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
