import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { TRANSPORT_KINDS } from '../../src/model/transport-kind.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** Where another transport would have to be named, besides its own folder: CONTRIBUTING.md, "Add a transport". */
const PLACES = [
  'app/open-fleet.ts',
  'device/transport.ts',
  'inventory/transports.ts',
  'model/transport-kind.ts',
  'trial/learn/learn.ts',
] as const

/** Who names one transport on purpose, and does not have to know another. */
const ONE_ALONE = {
  'inventory/source/ansible-connection.ts': 'the variables of Ansible for the arguments of ssh',
  'inventory/source/ansible-plugins.ts': 'how Ansible calls the ways that it has to a switch of Arista',
  'inventory/credentials.ts': 'the settings of a jump host, which speaks nothing else',
  'report/rights/command-rights.ts': 'the commands that only a shell is sent',
  'app/trace/request-meter.ts': 'the protocol that an attribute of a span names',
  'app/execution/require-owner-sessions.ts': 'the way on which no line is heeded after one that failed',
  'app/simulator/inventory-ports.ts': 'the servers that a simulated switch has',
  'trial/simulator/ready-text.ts': 'the servers that a simulated switch has',
  'trial/rehearsal/twin.ts': 'switches in memory',
  'trial/workflow-test/lab.ts': 'switches in memory',
  'trial/simulated-target.ts': 'switches in memory',
} as const

/** No way to a switch: keys and proofs of people, the remote of a repository, and a part of the management path. */
const OTHER_MATTERS = [
  'app/approval/decide-plan.ts',
  'app/approval/import.ts',
  'app/approval/signer.ts',
  'app/approval/ssh-signing.ts',
  'app/approval/who-can-approve.ts',
  'app/audit/signed-decisions.ts',
  'app/git/fetched-branch.ts',
  'app/git/signers-before.ts',
  'app/policy/proof-warnings.ts',
  'cli/decide-on.ts',
  'identity/trusted-passkeys.ts',
  'policy/approver-words.ts',
  'policy/given-principal.ts',
  'policy/policy-schema.ts',
  'policy/proof.ts',
  'config/guard-management.ts',
  'inventory/identity-settings.ts',
  'journal/approval-schema.ts',
  'journal/record-schema.ts',
  'model/approval.ts',
  'model/principal.ts',
  'system/git.ts',
]

const NAMED = new RegExp(`['"\`](?:${TRANSPORT_KINDS.join('|')})['"\`]|\\b(?:${TRANSPORT_KINDS.join('|')})Transport\\(`)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const named = files.filter((file) => NAMED.test(readFileSync(join(src, file), 'utf8')))
const isOwn = (file: string): boolean =>
  TRANSPORT_KINDS.some((kind) => file.startsWith(`transport/${kind}/`) || file.startsWith('sim/'))

describe('a transport is named', () => {
  test('in its own folder and in five files, and nothing else has to know another one', () => {
    expect(files.length).toBeGreaterThan(1000)
    expect(PLACES).toHaveLength(5)
    expect(named.filter((file) => !isOwn(file)).sort()).toEqual(
      [...PLACES, ...Object.keys(ONE_ALONE), ...OTHER_MATTERS].sort(),
    )
  })

  test('with a folder for each', () => {
    const folders = readdirSync(join(src, 'transport'), { withFileTypes: true }).filter((one) => one.isDirectory())
    // `http` speaks to services, `sink` to collectors of records, `notify` to those who hear of what happens, `roster` to NetBox and Nautobot, `forge` to GitHub and GitLab, `jump` to what leads to switches.
    const services = ['forge', 'http', 'jump', 'notify', 'roster', 'sink']
    expect(folders.map(({ name }) => name).sort()).toEqual([...TRANSPORT_KINDS, ...services].sort())
  })
})
