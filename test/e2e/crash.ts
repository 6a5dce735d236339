import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/program.ts'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import { type RunningFabric, startFabric } from '../../src/testing/start-fabric.ts'
import { assertSettled, type Ended } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'
import { inventoryOf, isSaved, whereIs } from './vlan-change.ts'

/** One execution that is killed, and goes on. */
export interface Crash {
  /** The named point, and the switch on which it is come to. */
  readonly point: string
  readonly on: string
  /** The switches of the change, in the order of their waves. */
  readonly switches: readonly string[]
  readonly workflow: string
  readonly faults?: readonly DeviceFault[]
  /** Seconds by which the switches' clock is put forward between the kill and the resume. */
  readonly later?: number
  /** Called with the project's folder when the process is dead, and when the execution was resumed. */
  readonly look?: (dir: string, when: 'killed' | 'resumed') => Promise<void>
}

/** What came of it. */
export interface CrashEnd {
  readonly signal: string | null
  readonly code: number
  /** Where each switch is, by its own running-config; `+` when startup-config holds the same. */
  readonly ends: readonly string[]
  /** Where the output says that each switch is. */
  readonly said: readonly string[]
  readonly again: { readonly code: number; readonly said: readonly string[]; readonly requests: number }
  readonly text: string
}

const FOLDER = fileURLToPath(new URL('../../fixtures/dc1', import.meta.url))

/** How long an answer is held back when the kill comes between a request and its answer, in seconds. */
const HELD_BACK = 0.2
const REQUEST_OF: Readonly<Record<string, string>> = {
  'plan-sent': ' abort$',
  'open-sent': '^configure checkpoint save',
  'arm-sent': ' commit timer ',
  'confirm-sent': ' commit$',
  'save-sent': '^copy running-config startup-config$',
  'abort-sent': ' abort$',
  'restore-sent': '^configure replace checkpoint:',
}

/** Runs a change in a process of its own, started at `entry`, until it kills itself at the point; then resumes it twice. */
export async function crashAndResume(entry: string, crash: Crash): Promise<CrashEnd> {
  const clock = new SkewedClock()
  const fabric = await startFabric({ folder: FOLDER, clock })
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-crash-'))
  try {
    writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
    writeFileSync(join(dir, 'inventory.yaml'), inventoryOf(fabric))
    writeFileSync(join(dir, 'workflow.yaml'), crash.workflow)
    for (const fault of crash.faults ?? []) await fabric.fault(fault)
    const command = REQUEST_OF[crash.point]
    if (command !== undefined) await fabric.fault({ device: crash.on, kind: 'slow', after: HELD_BACK, command })
    const signal = await killed(entry, dir, crash)
    await crash.look?.(dir, 'killed')
    await fabric.clearFaults()
    clock.jump((crash.later ?? 0) * 1000)

    const first = await resume(dir)
    const before = requestsOf(fabric)
    await crash.look?.(dir, 'resumed')
    const second = await resume(dir)
    assertSettled(fabric, first.out + first.err)
    return {
      signal,
      code: first.code,
      ends: crash.switches.map((name) => {
        const device = fabric.device(name)
        return whereIs(device) + (isSaved(device) ? '+' : '')
      }),
      said: saidOf(first, crash.switches),
      again: { code: second.code, said: saidOf(second, crash.switches), requests: requestsOf(fabric) - before },
      text: first.out + first.err,
    }
  } finally {
    await fabric.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function killed(entry: string, dir: string, { point, on }: Crash): Promise<string | null> {
  const child = spawn(process.execPath, [entry, 'run', 'workflow.yaml'], {
    cwd: dir,
    env: { ...process.env, KILL_AT: point, KILL_ON: on },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

/** The next command of the same person, with nothing between it and the switches. */
async function resume(dir: string): Promise<Ended> {
  const said = { out: '', err: '' }
  const io: Io = {
    env: {},
    cwd: dir,
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
    interactive: true,
    color: false,
    ask: async () => 'yes',
    stop: new AbortController().signal,
  }
  return { code: await main(['resume'], io), ...said }
}

function saidOf({ out }: Ended, switches: readonly string[]): readonly string[] {
  return switches.map((name) => new RegExp(`^${name}\\s.*?(BEFORE|AFTER|UNKNOWN)`, 'm').exec(out)?.[1] ?? 'nothing')
}

function requestsOf(fabric: RunningFabric): number {
  return fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)
}
