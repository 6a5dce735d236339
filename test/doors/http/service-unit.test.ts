import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverSettings } from '../../../src/project/files/settings/server-settings.ts'
import { stateFolder } from '../../../src/project/identity/login-ports.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const page = readFileSync(new URL('../../../docs/control-room.md', import.meta.url), 'utf8')
/** The unit of the page. */
const UNIT = /```ini\n(\[Unit\][\s\S]*?)```/.exec(page)?.[1] ?? ''
/** A key of the unit, which has it once. */
const said = (key: string) => [...UNIT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)

test('the unit of the page waits for longer than the drain and 30 s more, and lets the server write where it does', () => {
  expect([serverSettings.parse({}).drain, said('TimeoutStopSec')]).toEqual([900, ['20min']])
  expect([said('KillMode'), said('ProtectSystem'), said('ReadWritePaths'), said('WorkingDirectory')]).toEqual([
    ['mixed'],
    ['strict'],
    ['/srv/network/.eosflow -/srv/network/.git'],
    ['/srv/network'],
  ])
  // `%S` is /var/lib for a service of the system (systemd.unit(5)), where systemd makes the folder of `StateDirectory`.
  const [name, home] = (said('Environment')[0] ?? '').replace('%S', '/var/lib').split('=')
  expect([name, home, said('StateDirectory')]).toEqual(['XDG_STATE_HOME', '/var/lib/eosflow', ['eosflow']])
  expect(stateFolder({ env: { XDG_STATE_HOME: home } })).toBe('/var/lib/eosflow/eosflow')
})

const hasSystemd = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0

test.runIf(hasSystemd)('systemd takes the unit as it is (needs systemd-analyze)', () => {
  const dir = temporaryFolder()
  const verify = (unit: string) => {
    const file = join(dir, 'eosflow.service')
    // The command and the user of the page need not be on this machine.
    writeFileSync(file, unit.replace('/usr/local/bin/eosflow serve', '/bin/true').replace('User=eosflow', 'User=root'))
    return spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' }).stderr
  }
  expect(verify(UNIT)).not.toContain('eosflow.service')
  expect(verify(UNIT.replace('KillMode=mixed', 'KillModes=mixed'))).toContain('KillModes')
})
