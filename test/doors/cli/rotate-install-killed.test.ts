// @module-tag night

import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordsIn } from '../../change/record/store-file.ts'
import { extent } from '../../extent.ts'
import { inProcess, temporaryFolder } from '../../lab/lab.ts'
import { eosflow, newProject } from './eosflow.ts'

const ROTATE = ['key', 'rotate', 'install', '--reason', 'a laptop was lost', '--json']

/** Loaded before the shipped command: kills it at one of its steps, which are what it does with files of keys, and each seal that it makes. */
const KILLER = `import crypto from 'node:crypto'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
let left = Number(process.env.KILL_AT)
const step = () => { left -= 1; if (left === 0) process.kill(process.pid, 'SIGKILL') }
for (const [from, name] of [[fs, 'linkSync'], [fs, 'renameSync'], [fs, 'rmSync'], [crypto, 'createHmac']]) {
  const act = from[name]
  from[name] = (...given) => { const done = act(...given); step(); return done }
}
syncBuiltinESMExports()
`

const textIn = (dir: string, file: string) => {
  const path = join(dir, '.eosflow', file)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

/** Opens the store as any command does. Gives how often the record says that the install key was replaced. */
async function rotations(dir: string) {
  expect(await inProcess('executions', dir)).toMatchObject({ code: 0, stderr: '' })
  return recordsIn(join(dir, '.eosflow/store.db')).filter(({ body }) => body.includes('"type":"KeyRotated"')).length
}

test('killed at each of its steps, the store is under one key, and the next call ends what was begun', {
  timeout: 600_000,
}, async () => {
  const model = await newProject()
  expect(await inProcess('audit key', model)).toMatchObject({ code: 0 })
  const old = textIn(model, 'install.key')
  const killer = join(temporaryFolder(), 'killer.mjs')
  writeFileSync(killer, KILLER)
  let [before, behind, killed] = [0, 0, 0]
  for (let at = 1; ; at += extent(2, 1)) {
    const dir = temporaryFolder()
    cpSync(model, dir, { recursive: true })
    const env = { NODE_OPTIONS: `--import=${killer}`, KILL_AT: String(at) }
    const ended = await eosflow(ROTATE, { cwd: dir, env })
    if (ended.code === 0) break
    expect(ended, String(at)).toMatchObject({ code: null, stderr: '' })
    killed += 1
    // Whatever was done, any command works, and with one key.
    const many = await rotations(dir)
    expect(many).toBeLessThanOrEqual(1)
    if (many === 0) before += 1
    else behind += 1
    const settled = textIn(dir, 'install.key')
    expect(settled === old).toBe(many === 0)
    // What was not rotated is, and what was is not rotated again.
    if (many === 0) expect(await inProcess(ROTATE, dir)).toMatchObject({ code: 0, stderr: '' })
    expect(await rotations(dir)).toBe(1)
    expect(textIn(dir, 'install.old.keys')).toBe(old)
    expect(textIn(dir, 'install.next.key')).toBeUndefined()
    const verified = await inProcess('audit verify', dir)
    expect(verified, String(at)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('is not here') })
  }
  // It was killed on both sides of what counts.
  expect(Math.min(before, behind)).toBeGreaterThanOrEqual(extent(1, 2))
  expect(before + behind).toBe(killed)
})
