import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { askAtFirstSight } from '../../src/app/trust/first-sight.ts'
import type { Io } from '../../src/cli/io.ts'
import type { FirstSight } from '../../src/transport/first-sight.ts'

const LINE = '10.0.0.11 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB'
const SIGHT: FirstSight = {
  device: 'leaf1',
  who: 'the switch',
  host: '10.0.0.11',
  port: 22,
  transport: 'ssh',
  what: 'host key',
  fingerprint: 'SHA256:aaa',
  file: 'known_hosts',
  line: LINE,
  compareWith: 'show management ssh hostkey',
}

test('two connections that meet one key at once ask once and write one line; another key is asked about', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'eosflow-sight-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return 'yes'
  }
  const io: Pick<Io, 'interactive' | 'ask'> = { interactive: true, ask }
  const trust = askAtFirstSight({ env: {} }, io as Io, (file) => join(dir, file))
  const other = { ...SIGHT, fingerprint: 'SHA256:bbb', line: `${LINE}other` }
  expect(await Promise.all([trust(SIGHT), trust(SIGHT), trust(other)])).toEqual([true, true, true])
  expect(asked).toHaveLength(2)
  expect(await readFile(join(dir, 'known_hosts'), 'utf8')).toBe(`${LINE}\n${LINE}other\n`)
})
