import { readFileSync } from 'node:fs'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { EosflowError } from '../../src/model/error.ts'
import { matchesSha512Crypt } from '../../src/model/sha512-crypt.ts'
import type { VaultAnswer, VaultRequest } from '../../src/project/secret/vault/exchange.ts'
import type { Seams } from '../../src/project/system/process/seams.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { answeredBy, emptyState, type VaultState } from '../project/secret/vault-server.ts'

const TOKEN = 'hvs.token-of-the-rotation-lab'
/** Where the password of the user that eosflow logs in with is kept, and where the new one is pending. */
export const PATH = 'kv/data/net/admin'
export const PENDING = `${PATH}.pending`

/** The settings of a project that has a Vault. */
const SETTINGS = `version: 1
secrets:
  vault: { address: 'http://127.0.0.1:8200', login: { token: '\${env:VAULT_TOKEN}' } }
`

/** A rotation of the user that eosflow itself logs in with, as the bundled workflow has it. */
export const rotation = (targets = 'leaf1 or leaf2', extra = '') => `name: rotate
targets: ${targets}
change: { mode: merge, lines: ['username admin privilege 15 role network-admin secret sha512 {{ rotated.sha512 }}'] }
allow: [users]
${extra}
around: [{ secret: '${PATH}#password' }]
steps:
  - snapshot: { state: [vlan], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 30s, stableFor: 4s, every: 2s, checks: [reachable] }
  - confirm
`

/** What goes wrong with one request to Vault: nothing is done, or it is done and its answer is lost. */
export type VaultFault = 'away' | 'lost'

/** A lab whose switches look at passwords, and whose eosflow has its own from Vault. */
export interface RotationLab {
  readonly lab: Lab
  readonly vault: VaultState
  /** What comes of a request to Vault; undefined: what Vault does. */
  fault: (request: VaultRequest) => VaultFault | undefined
  /** Every request to Vault that is no question. */
  readonly written: readonly string[]
  /** The HTTP status of every answer of a switch. */
  readonly answers: readonly number[]
  /** Which password opens a switch now: that of before, the one that Vault has current, one that is, or was, pending. */
  opens(device: string): readonly ('before' | 'current' | 'pending')[]
  /** Whether startup-config of a switch is what it runs. */
  isSaved(device: string): boolean
}

/** What a command has printed, with its lines as one. */
export const flat = ({ out, err }: { readonly out: string; readonly err: string }) => (out + err).replace(/\s+/g, ' ')

/** Starts it. */
export function rotationLab(options: LabOptions = {}) {
  const vault = emptyState()
  vault.tokens.set(TOKEN, { policies: ['kv/'], until: 0, renewable: false, max: 0 })
  vault.kv.set(PATH, [{ data: { password: 'admin', owner: 'net' } }])
  const written: string[] = []
  const answers: number[] = []
  const made = {
    vault,
    written,
    answers,
    fault: (_: VaultRequest): VaultFault | undefined => undefined,
  }
  const answer = async (request: VaultRequest) => {
    const gone = new EosflowError('unreachable', 'Vault does not answer', { retryable: true })
    const fault = made.fault(request)
    if (fault === 'away') throw gone
    if (request.method !== 'GET') written.push(`${request.method} ${request.path}`)
    const { token, ...rest } = request
    const answered = answeredBy(vault, { ...rest, ...(token === undefined ? {} : { token: token.reveal() }) })
    if (fault === 'lost') throw gone
    return answered as VaultAnswer
  }
  const lab = openLab({
    workflow: rotation(),
    judgesLogins: true,
    hears: (_, answer) => {
      answers.push(answer.status)
      return answer
    },
    env: { VAULT_TOKEN: TOKEN },
    ...options,
    files: { 'eosflow.yaml': SETTINGS, ...options.files },
    seams: (seams: Seams) => ({ ...(options.seams?.(seams) ?? seams), vault: answer }),
  })
  const [, targets = ''] = /^targets: (.+)$/m.exec(options.workflow ?? rotation()) ?? []
  lab.write('inventory.yaml', withVault(readFileSync(`${lab.dir}/inventory.yaml`, 'utf8'), targets.split(' or ')))
  const valuesAt = (path: string, field: string) =>
    (vault.kv.get(path) ?? []).flatMap(({ data }) => (typeof data?.[field] === 'string' ? [data[field]] : []))
  const opens: RotationLab['opens'] = (device) => {
    const stored = hashOf(lab, device)
    const known = {
      before: ['admin'],
      current: valuesAt(PATH, 'password').slice(-1),
      pending: valuesAt(PENDING, 'secret'),
    } as const
    return (['before', 'current', 'pending'] as const).filter((name) =>
      known[name].some((password) => matchesSha512Crypt(password, stored)),
    )
  }
  const isSaved: RotationLab['isSaved'] = (device) => {
    const { switch: one } = lab.device(device)
    return renderConfig(one.running) === renderConfig(one.startup)
  }
  return Object.assign(made, { lab, opens, isSaved })
}

/** The login with its password from Vault on these switches. The others have another one. */
function withVault(inventory: string, targets: readonly string[]) {
  const read = JSON.parse(inventory)
  for (const [name, device] of Object.entries<{ credentials?: string }>(read.devices))
    if (!targets.includes(name)) device.credentials = 'other'
  read.credentials.other = read.credentials.sim
  read.credentials.sim = { username: 'admin', password: `\${vault:${PATH}#password}` }
  return JSON.stringify(read)
}

function hashOf(lab: Lab, device: string) {
  return /^username admin .* sha512 (\S+)$/m.exec(lab.running(device))?.[1] ?? ''
}
