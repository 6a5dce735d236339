import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningDevice, RunningFabric } from '../../src/lab/trial/start-fabric.ts'
import { extentOfLong } from '../extent.ts'

/** One assertion that a driver made. */
export interface Assertion {
  readonly name: string
  readonly ok: boolean
  /** What was there instead; empty when it holds. */
  readonly detail: string
}

/** What a client needs to be there, and how to tell. */
interface Requirement {
  readonly debianPackage: string
  readonly probe: readonly [string, ...string[]]
}

const PYTHON = '/usr/bin/python3'

const REQUIREMENTS: readonly Requirement[] = [
  { debianPackage: 'python3-pyeapi', probe: [PYTHON, '-c', 'import pyeapi'] },
  { debianPackage: 'python3-netmiko', probe: [PYTHON, '-c', 'import netmiko'] },
  { debianPackage: 'python3-paramiko', probe: [PYTHON, '-c', 'import paramiko'] },
  { debianPackage: 'python3-asyncssh', probe: [PYTHON, '-c', 'import asyncssh'] },
  { debianPackage: 'ansible', probe: [PYTHON, '-c', 'import ansible_collections.arista.eos'] },
  { debianPackage: 'openssh-client', probe: ['ssh', '-V'] },
  { debianPackage: 'sshpass', probe: ['sshpass', '-V'] },
  { debianPackage: 'curl', probe: ['curl', '--version'] },
]

/** The Debian packages of the clients that are not installed here. */
export function missingPackages() {
  return REQUIREMENTS.filter(({ probe: [program, ...argv] }) => spawnSync(program, argv).status !== 0).map(
    ({ debianPackage }) => debianPackage,
  )
}

/** What the name of a test says about the packages without which it is skipped. */
export function without(missing: readonly string[]) {
  return missing.length === 0 ? '' : ` (skipped: not installed: ${missing.join(' ')})`
}

/**
 * What drives a switch: the name of a Python program in `python/`, which Debian's Python runs or another one, or a
 * program that is called as those are.
 */
export type Driver = string | { readonly script: string; readonly python: string } | { readonly program: string }

/** Runs a driver on a switch; gives its assertions in their order. */
export async function runDriver(
  driver: Driver,
  fabric: Pick<RunningFabric, 'ca'>,
  device: RunningDevice,
): Promise<readonly Assertion[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'eosflow-clients-'))
  try {
    const { host, port } = device.ssh
    writeFileSync(join(scratch, 'ca.pem'), fabric.ca)
    writeFileSync(join(scratch, 'known_hosts'), `[${host}]:${port} ${device.ssh.publicKey}\n`)
    const target = {
      name: device.name,
      eos: device.eos,
      host,
      http: device.http.port,
      https: device.https.port,
      ssh: port,
      username: device.username,
      password: device.password,
      ca: join(scratch, 'ca.pem'),
      knownHosts: join(scratch, 'known_hosts'),
      scratch,
      // What each client proves once is enough for the gate.
      whole: extentOfLong(false, true),
    }
    const [program, ...before] = commandOf(driver)
    const { out, err, code } = await ended(program, [...before, JSON.stringify(target)], scratch)
    const assertions = out.split('\n').flatMap((line): Assertion[] => (line === '' ? [] : [JSON.parse(line)]))
    if (code === 0) return assertions
    return [
      ...assertions,
      {
        name: `${basename(before[0] ?? program)} ends by itself`,
        ok: false,
        detail: `status ${code}: ${err.slice(-2000)}`,
      },
    ]
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function commandOf(driver: Driver): readonly [string, ...string[]] {
  if (typeof driver === 'string') return commandOf({ script: driver, python: PYTHON })
  if ('program' in driver) return [driver.program]
  return [driver.python, fileURLToPath(new URL(`python/${driver.script}.py`, import.meta.url))]
}

/** The assertions that do not hold, one line each. */
export function failures(assertions: readonly Assertion[]) {
  return assertions.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)
}

interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** The drivers leave no bytecode beside themselves, and read nothing of the home of who runs them. */
function ended(program: string, argv: readonly string[], home: string): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(program, argv, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8'), code })
    })
  })
}
