import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import { lostOutput, printsResult } from '../../../src/report/lost-output.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { BUILT, exits, fileText, inProcess, temporaryFolder } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

const FULL = '/dev/full'
const PLAN = 'plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE --offline fabrics/dc1'

/** Runs the built command with its results going to a file. */
function into(path: string, line: string, cwd: string) {
  const out = openSync(path, 'a')
  try {
    const { status, stderr } = spawnSync(process.execPath, [BUILT, ...line.split(' ')], {
      cwd,
      env: { ...process.env, CI: '1' },
      stdio: ['ignore', out, 'pipe'],
      encoding: 'utf8',
    })
    return { code: status, stderr }
  } finally {
    closeSync(out)
  }
}

/** A project with some records, a saved plan and files to work on. */
async function project() {
  const dir = await newProject()
  const { code, stderr } = await inProcess(`${PLAN} -o p.plan`.split(' '), dir)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  await exits(0, inProcess(['freeze --reason', 'a test'], dir))
  writeFileSync(join(dir, 'a.cfg'), 'hostname leaf1\n')
  writeFileSync(join(dir, 'b.cfg'), 'hostname leaf2\n')
  return dir
}

/** Commands whose result is what they print, and that need no switch: each as it is typed. */
const LINES: readonly string[] = [
  'validate',
  'validate --json',
  'validate workflows/add-vlan.yaml --graph mermaid',
  'inventory list',
  'inventory list --json',
  'inventory list --csv',
  'inventory show leaf1',
  'inventory graph',
  'schema workflow',
  'completion bash',
  PLAN,
  `${PLAN} --json`,
  `${PLAN} --markdown`,
  `${PLAN} --detailed-exitcode`,
  'show p.plan',
  'show p.plan --json',
  'show p.plan --markdown',
  'approval key',
  'executions',
  'executions --json',
  'config diff a.cfg b.cfg',
  'config merge a.cfg b.cfg',
  'config normalize a.cfg',
  'config redact a.cfg',
  'key list',
  'key show plan',
  'store id',
  'snapshot list',
  'snapshot list --json',
  'check list',
  'check show reachable',
  'audit list',
  'audit list --json',
  'audit verify',
  'audit verify --json',
  'audit key',
  'audit export --format jsonl',
  'audit export --format cef',
  'schedule list',
  'bundle list',
  'whoami',
  'whoami --json',
  'doctor --rights',
  'test --filter VLAN',
  '--help',
  'help plan',
  'help exit-codes',
  '--version',
]

/** In the gate these; every one in `npm run test:long`. */
const FIRST = ['validate --json', `${PLAN} --json`, 'audit export --format jsonl']

function isLost(line: string, dir: string) {
  const good = into(join(dir, 'out'), line, dir)
  expect(statSync(join(dir, 'out')).size, line).toBeGreaterThan(0)
  rmSync(join(dir, 'out'))
  expect(good.stderr, line).not.toContain('could not be written')
  const { code, stderr } = into(FULL, line, dir)
  expect({ line, was: good.code, code }).toEqual({ line, was: line.includes('--detailed') ? 2 : good.code, code: 1 })
  if (line !== '--version') expect(stderr, line).toContain('✖ standard output: it could not be written (ENOSPC)')
}

describe.skipIf(!existsSync(FULL))('[G67] a result that a full disk does not take', () => {
  test('[U14] is exit 1: of these', { tags: 'long' }, async () => {
    const dir = await project()
    for (const line of FIRST) isLost(line, dir)
    expect(FIRST).toHaveLength(3)
  })

  test('[U14] is exit 1: of every command whose result is printed', {
    tags: 'long',
    timeout: 300_000,
  }, async () => {
    const dir = await project()
    const lines = everyNthOfLong(16, 'commands whose result is printed', LINES)
    for (const line of lines) isLost(line, dir)
    expect(lines).toHaveLength(extentOfLong(3, 48))
    expect(LINES).toHaveLength(48)
  })

  test('leaves the exit code of an act as it is, and says that what it said is lost', { tags: 'long' }, async () => {
    const dir = await project()
    const { code, stderr } = into(FULL, 'unfreeze --all --reason over', dir)
    expect(code).toBe(0)
    expect(stderr).toBe(
      `✖ standard output: it could not be written (ENOSPC): what this command has to say is lost
    What was done is done and on record, and the exit code tells how it ended.
`,
    )
  })

  test('[U14] is no export: the record says AuditExported only when all of it was taken', {
    tags: 'long',
  }, async () => {
    const dir = await project()
    const exported = async () =>
      (await inProcess('audit list --code EF903I', dir)).stdout.split('AuditExported').length - 1
    expect(into(FULL, 'audit export --format jsonl', dir).code).toBe(1)
    expect(await exported()).toBe(0)
    expect(into(join(dir, 'out'), 'audit export --format jsonl', dir).code).toBe(0)
    expect(await exported()).toBe(1)
    expect(fileText(dir, 'out')).toMatch(/FreezeSet[\s\S]*"AuditExported"/)
  })
})

describe.skipIf(process.getuid?.() !== 0 || !existsSync('/proc/mounts'))('a file system that fills up', () => {
  test('[U14] in the middle of a result is exit 1, whatever it took (needs the mount command and root)', (context) => {
    const folder = join(temporaryFolder(), 'small')
    mkdirSync(folder)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]).status !== 0) context.skip()
    try {
      const { code, stderr } = into(join(folder, 'schema.json'), 'schema workflow', folder)
      expect(statSync(join(folder, 'schema.json')).size).toBe(8192)
      expect(stderr).toContain('could not be written (ENOSPC)')
      expect(code).toBe(1)
    } finally {
      spawnSync('umount', [folder])
    }
  })
})

test('a reader who has gone is no fault', { tags: ['long', 'turn'] }, () => {
  const { stdout } = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" "${BUILT}" schema workflow | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`],
    { encoding: 'utf8' },
  )
  expect(stdout).toBe('0\n')
})

describe('[G67] the exit code of a command that lost its output', () => {
  test.each([
    ['plan', 'ENOSPC', 0, 1],
    ['plan', 'ENOSPC', 2, 1],
    ['plan', 'EIO', 8, 1],
    ['plan', 'ENOSPC', 5, 5],
    ['', 'ENOSPC', 0, 1],
    ['run', 'ENOSPC', 0, 0],
    ['run', 'EIO', 6, 6],
    ['rollback', 'ENOSPC', 7, 7],
    ['stop', 'EIO', 11, 11],
  ])('%j (%s) that ended with %d: %d', (name, lost, before, after) => {
    expect(lostOutput(name, before, lost).code).toBe(after)
  })

  test('is its own where it acts, and of no other', () => {
    const names = commands.map(({ usage }) => usage.replace(/ [<[].*$/, ''))
    expect(names.filter((name) => !printsResult(name)).sort()).toEqual(
      [
        ...['approve', 'audit accept-clock', 'demo', 'drain', 'freeze', 'init', 'inventory refresh', 'key rotate'],
        ...[
          'login',
          'logout',
          'mcp',
          'notify deliver',
          'notify test',
          'policy retire',
          'publish',
          'record',
          'recover',
          'redrive',
        ],
        ...['reject', 'release-device', 'resume', 'rollback', 'run', 'schedule run', 'serve', 'sessions gc', 'signal'],
        ...['sim fault', 'sim start', 'snapshot take', 'stop', 'store accept-loss', 'store backup', 'store init'],
        ...['store migrate', 'store move', 'store restore', 'store seal', 'suspend', 'trust project', 'unfreeze'],
        ...['watch', 'worker'],
      ].sort(),
    )
  })
})
