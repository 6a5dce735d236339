import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../lab/folder.ts'

/** Loaded before the command: one call that concerns a file which is being made beside its place fails, as the system says that it does. */
const FAILING = `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const { FAILS, WITH } = process.env
const isMade = (path) => String(path).includes('.part')
const files = new Set()
const { openSync } = fs
fs.openSync = (path, ...given) => {
  const file = openSync(path, ...given)
  if (isMade(path)) files.add(file)
  else files.delete(file)
  return file
}
for (const name of ['openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync']) {
  const act = fs[name]
  fs[name] = (...given) => {
    const isOfIt = files.has(given[0]) || isMade(given[0])
    if (name === FAILS && isOfIt) throw Object.assign(new Error(WITH), { code: WITH, syscall: name })
    return act(...given)
  }
}
syncBuiltinESMExports()
`

/** The environment of a command whose disk fails in one kind of call, with one code. */
export function failingDisk(fails: string, code: string): Readonly<Record<string, string>> {
  const script = join(temporaryFolder(), 'failing.mjs')
  writeFileSync(script, FAILING)
  return { NODE_OPTIONS: `--import=${script}`, FAILS: fails, WITH: code }
}
