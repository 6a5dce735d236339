import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../src', import.meta.url))

/** What node gives for it: who imports none of these reads nothing by itself. */
const IMPORTS = /import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g
const READERS = [
  'readFileSync',
  'readFile',
  'createReadStream',
  'openSync',
  'open',
  'openAsBlob',
  'promises',
  'cpSync',
  'cp',
]

/** Files of src/ that open files by other means than `system/regular-file.ts`, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  'system/regular-file.ts': 'the one reader',
  'app/read-given.ts': 'what a shell has opened for this process: stdin, and a pipe of its own',
  'identity/private-file.ts': 'stricter: kind, owner, mode, size, no link',
  'secret/secret-file.ts': 'stricter: kind, mode, size, no link',
  'system/key-file.ts': 'stricter: kind, owner, mode, no link',
  'journal/sqlite/head-file.ts': 'stricter: kind, size, no link',
  'identity/user-namespace.ts': '/proc/self/uid_map',
  'system/own-pid.ts': '/proc/PID/stat',
  'system/port-holder.ts': '/proc/net/tcp, of whatever size',
  'app/project/web-files.ts': 'files of the package',
  'app/scaffold/project-files.ts': 'files of the package',
  'app/scaffold/add-workflows.ts': 'files of the package',
  'app/demo/demo-workflows.ts': 'files of the package',
  'cli/demo/museum.ts': 'files of the package',
  'cli/load-program.ts': 'files of the package',
  'cli/quick-completion.ts': 'files of the package',
  'system/node-floor.ts': 'files of the package',
  'app/audit/receivers.ts': 'opens what it adds to',
  'app/backup/backup-folder.ts': 'opens what it writes',
  'app/inventory/cache-file.ts': 'opens what it writes',
  'app/save-text.ts': 'opens what it writes',
  'app/store/new-file.ts': 'opens what it writes',
  'app/store/seal.ts': 'opens what it writes',
  'app/unlinked-file.ts': 'opens what it writes',
  'journal/sqlite/database-file.ts': 'makes the file of the store',
  'system/ballast.ts': 'opens what it writes',
  'system/seen-records.ts': 'opens what it adds to',
}

test('[3G2] whatever reads a file goes through the one reader, which asks for its kind and its size', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const reading = files.filter((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const names = [...text.matchAll(IMPORTS)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    const isWhole = /import (?:\w+|\* as \w+) from 'node:fs/.test(text) || text.includes("require('node:fs")
    return isWhole || names.some((name) => READERS.includes(name.split(' ')[0] ?? ''))
  })
  expect(reading.toSorted()).toEqual(Object.keys(OTHERS).toSorted())
  expect(files.length).toBeGreaterThan(1500)
})

test('who opens a file to write it never reads by that', () => {
  const writers = Object.entries(OTHERS).filter(([, why]) => why.startsWith('opens what it'))
  for (const [file] of writers) expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(/\breadFile(?:Sync)?\(/)
  expect(writers.length).toBeGreaterThan(5)
})
