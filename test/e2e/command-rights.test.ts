import { describe, expect, test } from 'vitest'
import { knownChecks } from '../../src/eos/check/builtin/known-checks.ts'
import { eapiTransport } from '../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../src/eos/transport/eapi/exchange.ts'
import { type CommandRight, commandRights, covers } from '../../src/report/rights/command-rights.ts'
import { rowsByModule } from '../eos/check/rows/index.ts'
import { DC1, exits, inventoryOf, type Lab, openLab, sshInventoryOf, workflowFor } from '../lab/lab.ts'

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
/** Every line that the changes of this file hold. */
const LINES = /^(?:(?:no )?vlan 99\d|name TESTED)$/

const rights = commandRights()
const ofReader = rights.filter(({ user }) => user === 'both')
/** Without the row that stands for the lines of a change, which would cover everything. */
const ofWriter = rights.filter(({ command }) => command !== '.*')

const uncovered = (sent: Iterable<string>, by: readonly CommandRight[], over: 'eapi' | 'ssh') =>
  [...new Set(sent)].filter((command) => !by.some((right) => covers(right, command, over)))

/** What each user sends over eAPI, lines of changes aside. */
interface Sent {
  readonly reader: string[]
  readonly writer: string[]
}

function recordedLab(sent: Sent) {
  const lab: Lab = openLab({
    seams: (seams) => ({
      ...seams,
      transport: () =>
        eapiTransport({
          announce: 'execution 1',
          openChannel: ({ name }, { username }) =>
            channelOver(async (body) => {
              const { params } = JSON.parse(body) as { params: { cmds: readonly (string | { cmd: string })[] } }
              const commands = params.cmds.map((one) => (typeof one === 'string' ? one : one.cmd).trim())
              sent[username === 'reader' ? 'reader' : 'writer'].push(...commands.filter((cmd) => !LINES.test(cmd)))
              return lab.device(name).eapi(body)
            }, username),
        }),
    }),
  })
  const inventory = JSON.parse(inventoryOf(lab.fabric)) as { defaults: object; credentials: { sim: object } }
  const { sim } = inventory.credentials
  lab.write(
    'inventory.yaml',
    JSON.stringify({
      ...inventory,
      defaults: { ...inventory.defaults, readCredentials: 'reader' },
      credentials: { sim, reader: { ...sim, username: 'reader' } },
    }),
  )
  return lab
}

describe('the rights that doctor names', () => {
  test('cover every command that both users send over eAPI: changes, put back in both ways, undone, pruned, looked at', {
    tags: 'long',
  }, async () => {
    const sent: Sent = { reader: [], writer: [] }
    const lab = recordedLab(sent)
    lab.write('eosflow.yaml', "version: 1\nproven: { '4.31.4M': { lock: true } }\n")
    await exits(0, lab.change())
    const waiting = await lab.eosflow('rollback @latest --detach')
    const id = /Execution (\S+):/.exec(waiting.out)?.[1] ?? ''
    expect((await lab.eosflow(`approve ${id}`)).code, waiting.out + waiting.err).toBe(0)
    await lab.ok(`resume ${id}`)
    lab.write('workflow.yaml', workflowFor('leaf1', { verify: NEVER_GOOD }))
    expect((await lab.change()).code).toBe(6)
    // The second confirm is refused, so that the first switch is restored from its checkpoint.
    lab.write('workflow.yaml', workflowFor('leaf1 or leaf3'))
    lab.fault({ device: 'leaf3', kind: 'refuse-command', command: ' commit$', code: 1000, errors: ['no'] })
    expect((await lab.change()).code).toBe(6)
    lab.clearFaults()
    for (const vlan of [998, 996, 995]) {
      lab.write('workflow.yaml', workflowFor('leaf1', { lines: [`vlan ${vlan}`] }).replace('[998]', `[${vlan}]`))
      await exits(0, lab.change())
    }
    await lab.ok('snapshot take all')
    await lab.eosflow('doctor')
    await lab.eosflow('sessions list')
    expect(new Set(sent.reader).size).toBeGreaterThan(10)
    expect(new Set(sent.writer).size).toBeGreaterThan(20)
    const seen = [...sent.writer].join('\n')
    for (const part of [
      'commit timer',
      'configure lock',
      'copy checkpoint:',
      'delete checkpoint:',
      'configure replace checkpoint:',
      ' abort',
    ]) {
      expect(seen, `nobody has sent ${part}`).toContain(part)
    }
    expect(uncovered(sent.reader, ofReader, 'eapi')).toEqual([])
    expect(uncovered(sent.writer, ofWriter, 'eapi')).toEqual([])
    expect(uncovered(['reload', 'configure session other', 'delete flash:x'], ofWriter, 'eapi')).toHaveLength(3)
  })

  test('cover every command of a change and of one that is put back over SSH', { tags: ['long', 'turn'] }, async () => {
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: DC1 },
      files: { 'workflow.yaml': workflowFor('leaf1') },
    })
    bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    bench.write('workflow.yaml', workflowFor('leaf3', { verify: NEVER_GOOD }))
    await exits(6, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    const sent = bench.fabric.devices.flatMap((device) =>
      device.requests().flatMap(({ commands }) => commands.map((command) => command.trim())),
    )
    expect(sent.filter((command) => LINES.test(command)).length).toBeGreaterThan(0)
    expect(sent.length).toBeGreaterThan(40)
    expect(
      uncovered(
        sent.filter((command) => !LINES.test(command)),
        ofWriter,
        'ssh',
      ),
    ).toEqual([])
  })

  test('cover every command of every check, for the inputs of its rows', () => {
    const byName = new Map(knownChecks.map((check) => [check.name, check]))
    const asked = Object.values(rowsByModule)
      .flat()
      .flatMap(({ check, inputs }) => {
        const found = byName.get(check)
        const input = found?.input.safeParse(inputs ?? {})
        return found !== undefined && input?.success === true ? found.commands(input.data) : []
      })
      .map(({ cmd }) => cmd)
    expect(new Set(asked).size).toBeGreaterThan(150)
    expect(uncovered(asked, ofReader, 'eapi')).toEqual([])
  })

  test('are printed for TACACS and as roles of EOS, and as JSON', async () => {
    const lab = openLab()
    const { out } = await lab.ok('doctor --rights')
    expect(out).toContain('The user that writes (credentials) sends besides:\n')
    expect(out).toMatch(
      /\n {2}exec {3}configure session eosflow-\[0-9a-f\]\{8\}-\[0-9\]\+ commit timer \S+ +the timed commit\n/,
    )
    expect(out).toContain('role eosflow-read\n   10 permit mode exec command ^enable$\n')
    expect(out).toMatch(/\nrole eosflow-write\n/)
    expect(out).toMatch(new RegExp(`Rights: ${rights.length} commands`))
    const json = JSON.parse((await lab.eosflow('doctor --rights --json')).out) as { rights: unknown }
    expect(json.rights).toEqual(rights)
    expect(lab.fabric.devices.flatMap((device) => device.requests())).toEqual([])
  })
})
